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
    const bool proves = client.provider != Provider::google;
    const Said said =
        proves ? post_as(client, web, std::move(form), asked, patience) : post(web, form, asked, patience);
    try {
        throw_if_refused(said.answer, asked, said.scrub);
    } catch (const Failure& failure) {
        const auto& details = failure.facts().details;
        const auto error = details.find("oauth_error");
        if (error == details.end() || error->second != "invalid_token") throw;
    }
}

}  // namespace mailsend::oauth
