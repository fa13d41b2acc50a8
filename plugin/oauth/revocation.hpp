/// Token revocation (RFC 7009).
#pragma once

#include "net/http.hpp"
#include "oauth/client.hpp"
#include "oauth/token_endpoint.hpp"

namespace mailsend::oauth {

/// Whether the server has a place to do it. Microsoft has none.
bool can_revoke(const Client& client);

/// Asks the server to forget `token`, a refresh token where there is one. A token it no longer knows is no
/// failure (section 2.2; Google says 400 invalid_token). Throws as ask_token, endpoint "revoke".
void revoke(const net::HttpTerms& web, const Client& client, const wfc::SecretString& token,
            std::int64_t now_unix_ms, const net::Patience& patience);

}  // namespace mailsend::oauth
