/// Credentials that stand in a stranger's text: finding them by their looks, whosever they are.
///
/// Guarantees: linear in the text; never throws for any bytes. Knows forms, not values: what was sent by this
/// component itself is blotted out by value before (smtp/redaction, oauth/scrub).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailsend {

/// How many octets at `at` look like somebody's token: a JWT, an access or refresh token of Google, a client
/// secret of Google; 0 where there is none.
std::size_t token_at(std::string_view text, std::size_t at) noexcept;

/// `text` with "****" in place of tokens, of what follows AUTH and its mechanism, "Bearer" or the name of a
/// secret ("client_secret=…", "\"password\": \"…\""), and of base64 that holds a user name with a password or
/// a token (PLAIN, XOAUTH2, OAUTHBEARER). The base64 of a 334 that refuses stays readable.
std::string without_credentials(std::string_view text);

}  // namespace mailsend
