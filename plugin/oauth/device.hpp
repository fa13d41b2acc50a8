/// The device authorization grant (RFC 8628): a code that a person types in on another machine.
#pragma once

#include <cstdint>
#include <string>

#include "net/http.hpp"
#include "oauth/client.hpp"
#include "oauth/grants.hpp"
#include "oauth/token_endpoint.hpp"

namespace mailsend::oauth {

struct DeviceCode {
    std::string user_code;
    std::string verification_uri;
    std::string verification_uri_complete;  ///< or empty
    wfc::SecretString device_code;
    std::int64_t interval_s = 5;
    std::int64_t expires_in_s = 900;
};

/// Section 3.1 and 3.2. Throws as ask_token, endpoint "device".
DeviceCode ask_device_code(const net::HttpTerms& web, const Client& client, const Scopes& scopes,
                           std::int64_t now_unix_ms, const net::Patience& patience);

/// Polls until the person has answered: authorization_pending waits, slow_down adds 5 s for good, a
/// connection that times out or a 5xx doubles the interval (section 3.5). Throws as ask_token: access_denied,
/// expired_token, also when `expires_in_s` has passed without an answer.
TokenAnswer await_device(const net::HttpTerms& web, const Client& client, const DeviceCode& code,
                         const wfc::Clock& clock, const net::Patience& patience);

}  // namespace mailsend::oauth
