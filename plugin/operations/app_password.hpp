/// Application passwords as people paste them: "abcd efgh ijkl mnop".
#pragma once

#include "settings/settings.hpp"
#include "wfc/secret.hpp"

namespace mailsend {

/// The id of the preset whose server `server` is, chosen as such or recognised by its host name; empty when
/// unknown.
std::string provider_of(const ServerSettings& server);

/// True when the provider shows its application passwords in groups, whose blanks are no part of them.
bool groups_app_passwords(const std::string& provider);

/// `pasted` without the blanks between its groups when it looks like such a password: groups of letters and
/// digits, all of one length, 12 characters or more in all. Anything else comes back as it is: blanks belong
/// to a password that somebody chose.
wfc::SecretString without_groups(wfc::SecretString pasted);

}  // namespace mailsend
