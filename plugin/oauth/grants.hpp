/// What each grant sends to the token endpoint. Pure but for the clock's reading that is passed in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/client.hpp"
#include "oauth/form.hpp"

namespace mailsend::oauth {

using Scopes = std::vector<std::string>;

/// Joined by blanks (RFC 6749 section 3.3).
std::string joined(const Scopes& scopes);

/// RFC 6749 section 6. Scopes may be empty.
Form refresh_form(const wfc::SecretString& refresh_token, const Scopes& scopes);

/// RFC 6749 section 4.4.
Form client_credentials_form(const Scopes& scopes);

/// RFC 7523 section 2.1 as Google's service accounts use it: RS256; iss is the service account, sub the
/// mailbox, aud the token endpoint, one hour. Throws Failure(token, "token.client") when the key cannot be
/// used.
Form service_account_form(std::string_view service_account, std::string_view mailbox, const Scopes& scopes,
                          std::string_view token_url, std::string_view private_key, std::int64_t now_unix_ms);

/// What a service account's key may be: a PEM, or the JSON file that Google hands out, whose private_key is
/// taken. Throws std::invalid_argument with the end of a sentence.
wfc::SecretString service_key(const wfc::SecretString& stored);

}  // namespace mailsend::oauth
