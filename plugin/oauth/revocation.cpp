#include "oauth/revocation.hpp"

#include "oauth/exchange.hpp"

namespace mailsend::oauth {

bool can_revoke(const Client& client) {
    return !client.endpoints.revoke.empty() && client.provider != Provider::microsoft;
}

void revoke(const net::HttpTerms& web, const Client& client, const wfc::SecretString& token,
            std::int64_t now_unix_ms, const net::Patience& patience) {
    const Asked asked{"revoke", client.endpoints.revoke, client.provider, now_unix_ms};
    Form form;
    form.add("token", token.reveal());
    // Google's wants the token and nothing else.
    if (client.provider != Provider::google) prove(form, client, asked);
    const net::HttpAnswer answer = post(web, form, asked, patience);
    try {
        throw_if_refused(answer, asked, Scrub::of_form(form.encoded()));
    } catch (const Failure& failure) {
        const auto& details = failure.facts().details;
        const auto error = details.find("oauth_error");
        if (error == details.end() || error->second != "invalid_token") throw;
    }
}

}  // namespace mailsend::oauth
