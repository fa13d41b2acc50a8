/// JWTs that are signed here and traded for tokens (RFC 7523).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wfc/secret.hpp"

namespace mailsend::oauth {

/// Section 2.2: a client proves itself with its certificate. PS256 with x5t#S256; iss and sub are the client,
/// aud the token endpoint, five minutes, a fresh jti. Throws std::invalid_argument with the end of a
/// sentence.
wfc::SecretString client_assertion(std::string_view client_id, std::string_view token_url,
                                   std::string_view certificate_and_key, std::int64_t now_unix_ms);

/// Section 2.1 as Google's service accounts use it: RS256, one hour. Throws as above.
wfc::SecretString service_account_assertion(std::string_view service_account, std::string_view mailbox,
                                            std::string_view scope, std::string_view token_url,
                                            std::string_view private_key, std::int64_t now_unix_ms);

}  // namespace mailsend::oauth
