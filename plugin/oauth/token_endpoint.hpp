/// The token endpoint (RFC 6749 section 3.2): a form in, tokens or an explained refusal out.
///
/// Guarantees: one request for one call, never repeated; a redirect is refused; the answer is bounded and
/// read strictly (a token_type other than Bearer, a missing or empty access_token, characters that no token
/// has are garbage); no failure quotes a token, code, secret or assertion, also where the server repeats
/// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "oauth/client.hpp"
#include "oauth/form.hpp"
#include "outcome/failure.hpp"

namespace mailsend::oauth {

/// RFC 6749 section 5.1.
struct TokenAnswer {
    wfc::SecretString access_token;
    wfc::SecretString refresh_token;  ///< empty: none was returned, and an older one stays good
    std::string id_claims;  ///< JSON of the id_token, not verified: it came from the server itself; or empty
    std::optional<std::vector<std::string>> scopes;    ///< nothing: those that were asked for
    std::optional<std::int64_t> expires_in_s;          ///< of the access token
    std::optional<std::int64_t> refresh_expires_in_s;  ///< refresh_token_expires_in, where the server says it
};

/// Sends `form` with the client's proof: client_id and client_secret in the body, or client_id and a
/// client_assertion (RFC 7523; PS256, x5t#S256). `now_unix_ms` dates the assertion. A custom server that
/// refuses a secret there because it wants HTTP Basic gets the request once more that way.
///
/// Throws Failure at Stage::token:
///   token.refused      an error of RFC 6749 section 5.2 or of the provider; details oauth_error,
///                      oauth_description, oauth_uri, aadsts (digits), trace_id, correlation_id,
///                      oauth_timestamp, http_status, endpoint ("token")
///   token.unavailable  5xx, 429, temporarily_unavailable, server_error; details as above, retry_after_s
///   token.redirected | token.garbage | token.too_large
///   token.client       the certificate or key of the settings cannot be used
/// and the conditions of net::exchange, at Stage::token. details: provider ("google" …), host. Cancelled,
/// TimedOut (overall only).
TokenAnswer ask_token(const net::HttpTerms& web, const Client& client, Form form, std::int64_t now_unix_ms,
                      const net::Patience& patience);

/// Whether a failure of ask_token says that the grant itself is worth nothing any more (invalid_grant and its
/// like): everything else may pass.
bool grant_is_dead(const Facts& facts);

}  // namespace mailsend::oauth
