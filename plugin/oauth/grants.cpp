#include "oauth/grants.hpp"

#include <algorithm>
#include <stdexcept>

#include "oauth/answer_object.hpp"
#include "oauth/assertion.hpp"
#include "oauth/refusal.hpp"

namespace mailsend::oauth {

std::string joined(const Scopes& scopes) {
    std::string out;
    for (const std::string& scope : scopes) {
        if (!out.empty()) out += ' ';
        out += scope;
    }
    return out;
}

Form refresh_form(const wfc::SecretString& refresh_token, const Scopes& scopes) {
    Form form;
    form.add("grant_type", "refresh_token").add("refresh_token", refresh_token.reveal());
    form.add_some("scope", joined(scopes));
    return form;
}

Form client_credentials_form(const Scopes& scopes) {
    Form form;
    form.add("grant_type", "client_credentials").add_some("scope", joined(scopes));
    return form;
}

Form service_account_form(std::string_view service_account, std::string_view mailbox, const Scopes& scopes,
                          std::string_view token_url, std::string_view private_key,
                          std::int64_t now_unix_ms) {
    Form form;
    form.add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    try {
        const wfc::SecretString assertion = service_account_assertion(
            service_account, mailbox, joined(scopes), token_url, private_key, now_unix_ms);
        form.add("assertion", assertion.reveal());
    } catch (const std::invalid_argument& error) {
        throw failed({"token", std::string(token_url), Provider::google, now_unix_ms}, "token.client",
                     std::string("the private key of the service account ") + error.what());
    }
    return form;
}

wfc::SecretString service_key(const wfc::SecretString& stored) {
    const std::string_view text = stored.reveal();
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    if (!text.substr(begin).starts_with('{')) return stored.copy();
    auto key = AnswerObject(text).secret("private_key");
    if (!key || key->empty()) throw std::invalid_argument("is a JSON file without a member private_key");
    return std::move(*key);
}

}  // namespace mailsend::oauth
