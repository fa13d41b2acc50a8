#include "oauth/authorization.hpp"

#include <algorithm>

#include "crypto/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "oauth/form.hpp"
#include "oauth/refusal.hpp"
#include "outcome/document.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::size_t unguessable_bytes = 32;
constexpr std::string_view google_issuer = "https://accounts.google.com";

/// The issuer that `iss` must be; empty: any. Microsoft's names the directory of whoever signed in.
std::string issuer_of(const Client& client) {
    if (client.endpoints.issuer.empty() && client.provider == Provider::google)
        return std::string(google_issuer);
    return client.endpoints.issuer;
}

std::string challenge_of(std::string_view verifier) {
    const auto digest = crypto::sha256(verifier);
    return crypto::base64url_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

void add_provider_terms(Form& query, const Client& client, const AuthorizationTerms& terms) {
    const auto& scopes = terms.scopes;
    const bool offline = std::find(scopes.begin(), scopes.end(), "offline_access") != scopes.end();
    switch (client.provider) {
        case Provider::google:
            query.add("access_type", "offline");
            if (terms.ask_consent) query.add("prompt", "consent");
            break;
        case Provider::microsoft:
            query.add("response_mode", "query");
            break;
        case Provider::custom:
            if (terms.ask_consent && offline) query.add("prompt", "consent");
            break;
    }
}

std::string_view value_of(const RedirectParameters& came, std::string_view name) {
    const auto found = came.find(name);
    return found == came.end() ? std::string_view() : found->second.reveal();
}

/// The error of section 4.1.2.1, if that is what came.
void throw_if_error(const RedirectParameters& came, const Asked& asked, const Scrub& scrub) {
    if (value_of(came, "error").empty()) return;
    ErrorWords words;
    words.error = value_of(came, "error");
    words.description = value_of(came, "error_description");
    words.uri = value_of(came, "error_uri");
    throw refused(words, 0, asked, scrub);
}

}  // namespace

Authorization::Authorization(const Client& client, AuthorizationTerms terms)
    : terms_(std::move(terms)),
      issuer_(issuer_of(client)),
      state_(crypto::random_token(unguessable_bytes)),
      verifier_(crypto::random_token(unguessable_bytes)) {
    Form query;
    query.add("response_type", "code").add("client_id", client.id).add("redirect_uri", terms_.redirect_uri);
    query.add_some("scope", joined(terms_.scopes)).add("state", state_);
    query.add("code_challenge", challenge_of(verifier_.reveal())).add("code_challenge_method", "S256");
    add_provider_terms(query, client, terms_);
    query.add_some("login_hint", terms_.login_hint);
    url_ = with_query(client.endpoints.authorize, query);
}

TokenAnswer Authorization::redeem(const RedirectParameters& came, const net::HttpTerms& web,
                                  const Client& client, std::int64_t now_unix_ms,
                                  const net::Patience& patience) const {
    const Asked asked{"authorize", client.endpoints.authorize, client.provider, now_unix_ms};
    Scrub scrub;
    scrub.hide(verifier_.reveal()).hide(state_).hide(value_of(came, "code"));
    const bool error = !value_of(came, "error").empty();

    // Some servers leave the state out of an error.
    const bool stateless_error = error && came.find("state") == came.end();
    if (!stateless_error && !crypto::equal(value_of(came, "state"), state_)) {
        throw failed(asked, "token.state",
                     "the answer of " + place(asked) + " belongs to another sign-in: its state is not ours");
    }
    const std::string_view issuer = value_of(came, "iss");
    const bool needed = client.provider == Provider::custom && !error;
    if (!issuer_.empty() && issuer != issuer_ && (!issuer.empty() || needed)) {
        const std::string named =
            issuer.empty() ? "names no issuer" : "names the issuer " + printable(scrub.applied(issuer), 200);
        throw failed(asked, "token.issuer",
                     "the answer of " + place(asked) + " " + named + " instead of " + issuer_);
    }
    throw_if_error(came, asked, scrub);
    const std::string_view code = value_of(came, "code");
    if (code.empty()) throw failed(asked, "token.no_code", place(asked) + " came back without a code");

    Form form;
    form.add("grant_type", "authorization_code").add("code", code);
    form.add("redirect_uri", terms_.redirect_uri).add("code_verifier", verifier_.reveal());
    return ask_token(web, client, std::move(form), now_unix_ms, patience);
}

}  // namespace mailsend::oauth
