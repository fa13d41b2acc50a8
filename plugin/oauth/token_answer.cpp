// What a token endpoint's success looks like.
#include <algorithm>
#include <stdexcept>

#include "crypto/jwt.hpp"
#include "oauth/answer_object.hpp"
#include "oauth/exchange.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::size_t longest_token = 16U << 10;

bool is_bearer(std::string_view type) {
    constexpr std::string_view bearer = "bearer";
    return std::equal(type.begin(), type.end(), bearer.begin(), bearer.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

/// A token of the answer, of visible ASCII from `lowest` on; empty when it has none.
wfc::SecretString token_of(const AnswerObject& said, const char* name, char lowest,
                           const net::HttpAnswer& answer, const Asked& asked) {
    wfc::SecretString token = said.secret(name).value_or(wfc::SecretString());
    if (token.size() > longest_token) {
        throw failed(asked, "token.too_large",
                     place(asked) + " answered with a value of " + name + " that is longer than 16 KiB");
    }
    const std::string_view text = token.reveal();
    if (std::any_of(text.begin(), text.end(), [&](char c) { return c < lowest || c > '~'; }))
        throw garbage(asked, answer, std::string("has characters in ") + name + " that no token has");
    return token;
}

TokenAnswer tokens_of(const AnswerObject& said, const net::HttpAnswer& answer, const Asked& asked) {
    TokenAnswer tokens;
    // Wider than b64token of RFC 6750, as servers are; narrow enough for a line of SASL.
    tokens.access_token = token_of(said, "access_token", '!', answer, asked);
    if (tokens.access_token.empty()) throw garbage(asked, answer, "has no access_token");
    const std::string type = said.text("token_type").value_or("");
    if (type.empty()) throw garbage(asked, answer, "has no token_type");
    if (!is_bearer(type)) throw garbage(asked, answer, "has a token_type other than Bearer");
    tokens.refresh_token = token_of(said, "refresh_token", ' ', answer, asked);
    tokens.scopes = said.words("scope");
    tokens.expires_in_s = said.seconds("expires_in");
    tokens.refresh_expires_in_s = said.seconds("refresh_token_expires_in");
    if (const auto id_token = said.secret("id_token"))
        tokens.id_claims = crypto::jwt_claims(id_token->reveal()).value_or("");
    return tokens;
}

}  // namespace

Failure garbage(const Asked& asked, const net::HttpAnswer& answer, std::string_view why) {
    std::string sentence = place(asked) + " answered with something that ";
    return failed(asked, "token.garbage", sentence.append(why))
        .with("http_status", std::to_string(answer.status));
}

TokenAnswer read_token_answer(const net::HttpAnswer& answer, const Asked& asked, const Scrub& scrub) {
    throw_if_refused(answer, asked, scrub);
    if (answer.status != 200)
        throw garbage(asked, answer, "has HTTP status " + std::to_string(answer.status));
    try {
        return tokens_of(AnswerObject(answer.body.reveal()), answer, asked);
    } catch (const std::invalid_argument& error) {
        throw garbage(asked, answer, error.what());
    }
}

}  // namespace mailsend::oauth
