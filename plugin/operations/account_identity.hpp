/// Who an account is: its provider, its user name and the sender of its mail.
///
/// Guarantees: pure functions of the settings, any thread. Looks nothing up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/providers.hpp"
#include "settings/settings.hpp"

namespace mailsend {

/// The preset that was chosen, or that whose server `server` is by its host name; null when unknown.
const Provider* provider_of(const ServerSettings& server);

/// What the account signs in as, by whichever method; empty without signing in.
std::string user_name_of(const Settings& settings);

/// The user name is what the provider makes users write, and not a key of an account in its place.
bool is_user_name_of(const Provider& provider, const std::string& user);

/// `text` as an address, or nothing.
std::optional<AddrSpec> address_in(const std::string& text);

/// Whether two names mean the same account: letter case (ASCII) does not count.
bool same_account(std::string_view left, std::string_view right);

/// Addresses that are the account's: what it signs in as, who consents for it, its sender.
std::vector<std::string> own_addresses(const Settings& settings);

struct AccountSender {
    Mailbox mailbox;
    const char* pointer;  ///< RFC 6901, where the settings name it
};

/// The sender of a message that names none: message.from, unless that is a template, else from.
std::optional<AccountSender> sender_of(const Settings& settings);

}  // namespace mailsend
