/// The sections of the settings that are worth a file of their own. Internal to this folder.
#pragma once

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "settings/settings.hpp"
#include "wfc/json.hpp"

namespace mailsend {

inline constexpr std::size_t max_host = 255;
inline constexpr std::size_t max_user_name = 320;

/// One of `built`; a word of `planned` is known to the contract and refused as not in this version.
std::optional<std::string> word_of(wfc::Fields& fields, std::string_view member,
                                   std::initializer_list<std::string_view> built,
                                   std::initializer_list<std::string_view> planned);

/// The member as one line without controls, if it is there. Not empty, at most `limit` characters.
std::optional<std::string> line_member(wfc::Fields& fields, std::string_view member, std::size_t limit);

/// `{"$secret": name}`. What stands there instead is never repeated: it may be the secret itself.
SecretRef secret_of(wfc::Fields& fields, std::string_view member);

/// The same, where the member may be absent.
std::optional<SecretRef> optional_secret_of(wfc::Fields& fields, std::string_view member);

/// A whole number from `least` to `most`, 4.0 included, which JSON and the schema cannot tell from 4.
std::optional<unsigned> count_of(wfc::Fields& fields, std::string_view member, unsigned least, unsigned most);

/// `read(text)`, with the end of a sentence that it throws as std::invalid_argument turned into a
/// wfc::Problem at the member.
template <class Read>
auto located(const wfc::Fields& fields, std::string_view member, const std::string& text, const Read& read) {
    try {
        return read(text);
    } catch (const std::invalid_argument& fault) {
        fields.refuse(member, fault.what());
    }
}

/// The members of `server`, whose object `fields` reads.
ServerSettings server_of(wfc::Fields& fields);

/// `auth`: sets `auth` or `oauth`, or neither for method none.
void read_auth(const nlohmann::json& value, Settings& settings);

/// The members of `auth` with method oauth2. Which grant needs or takes which member is checked here too.
OAuthAuth oauth_of(wfc::Fields& fields);

/// `templates` as it stands, checked; an empty object when there is none.
nlohmann::json templates_of(wfc::Fields& root);

/// What makes sense of each section alone but not together: throws wfc::Problem(WFC_INVALID_SETTINGS).
void check_together(const Settings& settings);

}  // namespace mailsend
