/// The questions of wfc.prompt/1, read from their documents (see class Prompt in wfc/host.hpp).
///
/// Guarantees: bounded; what is returned can be acted on as it is: addresses may be opened, the redirect can
/// be listened at. Members that this host does not know are left to later ones.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "host/prompt_page.hpp"
#include "host/web_address.hpp"
#include "wfc/secret.hpp"

namespace wfc {

struct RedirectQuestion {
    std::string url, redirect_uri;
    RedirectAddress redirect;
    SecretString state;
    std::string language;  ///< "en" or "ja"
    /// For how long the component needs the answer at most, besides the call's deadline; at most a day.
    std::optional<std::uint64_t> expires_in_ms;
};

struct DeviceQuestion {
    std::string url;
    std::optional<std::string> complete_url;
    std::string user_code;
    std::int64_t expires_in_s = 0;
};

struct OutcomeQuestion {
    bool succeeded = false;
    std::map<std::string, PageText> pages;  ///< at least one, by language
};

using PromptQuestion = std::variant<RedirectQuestion, DeviceQuestion, OutcomeQuestion>;

/// Throws Problem(WFC_INVALID_INPUT).
PromptQuestion read_prompt_question(std::string_view json);

}  // namespace wfc
