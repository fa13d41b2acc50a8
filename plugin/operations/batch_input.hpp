/// The input of `send-batch`: where its rows are, what they have in common, by which key they are known.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "message/send_terms.hpp"
#include "wfc/author.hpp"
#include "wfc/host.hpp"

namespace mailsend {

struct BatchInput {
    std::string blob;  ///< of the recipients: this, or `path`
    std::string path;
    nlohmann::json message = nlohmann::json::object();  ///< checked (message/batch_draft.hpp)
    nlohmann::json payload;                             ///< values for all rows; null without
    std::string results = "results.jsonl";              ///< name of the blob of results
    std::optional<std::string> idempotency_key;
    std::optional<OnUnknown> on_unknown;
};

/// Throws wfc::Problem(WFC_INVALID_INPUT).
BatchInput parse_batch_input(std::string_view input_json);

/// Opens the recipients. On the call's thread. Throws wfc::Problem(WFC_INVALID_INPUT).
wfc::Source open_recipients(const BatchInput& input, const wfc::Call& call, const wfc::Host& host);

}  // namespace mailsend
