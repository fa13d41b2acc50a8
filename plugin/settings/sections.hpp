/// The sections of the settings that are worth a file of their own. Internal to this folder.
#pragma once

#include <initializer_list>
#include <optional>
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

/// `auth`; nothing for method none.
std::optional<PasswordAuth> auth_of(const nlohmann::json& value);

}  // namespace mailsend
