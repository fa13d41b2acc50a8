/// One form posted to an authorization server, and the token answer read out of what comes back.
///
/// Not for other folders: they use token_endpoint, device and revocation.
#pragma once

#include "net/http.hpp"
#include "oauth/form.hpp"
#include "oauth/refusal.hpp"
#include "oauth/token_endpoint.hpp"

namespace mailsend::oauth {

/// What the server said, and what must not be repeated of it.
struct Said {
    net::HttpAnswer answer;
    Scrub scrub;
};

/// Posts the form as it is, once; the answer may be a refusal. Throws what net::exchange throws, at
/// Stage::token and with the endpoint named (http.too_large as token.too_large, a URL that is not allowed as
/// token.client).
Said post(const net::HttpTerms& web, const Form& form, const Asked& asked, const net::Patience& patience);

/// As `post`, and the client proves itself: in the form; and once more with HTTP Basic instead where a
/// custom server answers that it wants that (401, invalid_client, a challenge Basic; RFC 6749 section 5.2):
/// such an answer uses neither a code nor a token up. Nothing is proved where the client has no id (a service
/// account's assertion says it all). Throws also Failure(token, "token.client").
Said post_as(const Client& client, const net::HttpTerms& web, Form form, const Asked& asked,
             const net::Patience& patience);

/// That, and the answer as tokens; `endpoint` is where failures say it was ("token", "device").
TokenAnswer ask_tokens(const net::HttpTerms& web, const Client& client, Form form, std::string endpoint,
                       std::int64_t now_unix_ms, const net::Patience& patience);

/// RFC 6749 section 5.1 and RFC 6750. Throws token.garbage, token.too_large and what throw_if_refused throws.
TokenAnswer read_token_answer(const net::HttpAnswer& answer, const Asked& asked, const Scrub& scrub);

/// Failure of an answer that cannot be used; `why` ends "… answered with something that ".
Failure garbage(const Asked& asked, const net::HttpAnswer& answer, std::string_view why);

}  // namespace mailsend::oauth
