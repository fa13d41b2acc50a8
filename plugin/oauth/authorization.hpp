/// The authorization code grant (RFC 6749 section 4.1, RFC 7636, RFC 9207, RFC 9700): the URL that a person
/// opens, and the code out of what comes back.
///
/// Guarantees: PKCE with S256, always; state and code verifier are fresh and unguessable (256 bits each); the
/// verifier stays in this object. Opens no browser and no port: that is the host's.
#pragma once

#include <map>
#include <string>

#include "net/http.hpp"
#include "oauth/client.hpp"
#include "oauth/grants.hpp"
#include "oauth/token_endpoint.hpp"

namespace mailsend::oauth {

/// Parameters that came to the redirect URI, or with an error to its place.
using RedirectParameters = std::map<std::string, wfc::SecretString, std::less<>>;

struct AuthorizationTerms {
    std::string redirect_uri;  ///< as it is registered, character by character
    Scopes scopes;
    std::string login_hint;  ///< the account that should consent; or empty
    /// Google: a refresh token comes only with a consent, so that one is asked for where none is stored.
    /// Others: OpenID Connect servers give one for offline_access only with prompt=consent, so for `custom`
    /// too.
    bool ask_consent = true;
};

/// One sign-in. One thread.
class Authorization {
  public:
    Authorization(const Client& client, AuthorizationTerms terms);

    const std::string& url() const noexcept { return url_; }
    const std::string& state() const noexcept { return state_; }

    /// Checks what came back and trades the code for tokens. Throws Failure(token): token.refused with
    /// endpoint "authorize" and the server's error, token.state, token.issuer (compared where the server sent
    /// iss, and needed where `endpoints.issuer` is set and the server is `custom`), token.no_code; and as
    /// ask_token.
    TokenAnswer redeem(const RedirectParameters& came, const net::HttpTerms& web, const Client& client,
                       std::int64_t now_unix_ms, const net::Patience& patience) const;

  private:
    AuthorizationTerms terms_;
    std::string issuer_;
    std::string state_;
    wfc::SecretString verifier_;
    std::string url_;
};

}  // namespace mailsend::oauth
