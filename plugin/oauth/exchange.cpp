#include "oauth/exchange.hpp"

#include <algorithm>
#include <stdexcept>

#include "crypto/base64.hpp"
#include "oauth/assertion.hpp"

namespace mailsend::oauth {
namespace {

/// A failure of the way to the server, told as one of the token endpoint. The proxy keeps its name in `host`.
Failure on_the_way(Facts facts, const Asked& asked) {
    Failure failure = failed(asked, facts.condition, {});
    Facts& told = failure.facts();
    if (facts.condition == "http.too_large") {
        told.condition = "token.too_large";
        told.sentence = place(asked) + " answered with more than is ever needed";
    } else {
        told.sentence = place(asked) + " could not be asked: " + facts.sentence;
    }
    for (auto& [name, value] : facts.details) told.details[name] = value;
    told.reply = std::move(facts.reply);
    told.pointer = std::move(facts.pointer);
    told.cause = std::move(facts.cause);
    return failure;
}

void prove(Form& form, const Client& client, const Asked& asked) {
    if (client.id.empty()) return;
    form.add("client_id", client.id);
    if (client.certificate) {
        try {
            const wfc::SecretString assertion = client_assertion(
                client.id, client.endpoints.token, client.certificate->reveal(), asked.now_unix_ms);
            form.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.add("client_assertion", assertion.reveal());
        } catch (const std::invalid_argument& error) {
            throw failed(asked, "token.client", std::string("the client's certificate ") + error.what());
        }
    } else if (client.secret) {
        form.add("client_secret", client.secret->reveal());
    }
}

net::HttpAnswer exchanged(const net::HttpRequest& request, const net::HttpTerms& web, const Asked& asked,
                          const net::Patience& patience) {
    try {
        return net::exchange(request, web, patience);
    } catch (const Failure& failure) {
        throw on_the_way(failure.facts(), asked);
    } catch (const std::invalid_argument& error) {
        // A name of loopback that leads elsewhere; the settings' own check cannot know.
        throw failed(asked, "token.client", place(asked) + " is not asked: " + error.what());
    }
}

/// A request whose fields do not outlive it.
class Request {
  public:
    Request(const Form& form, const Asked& asked) {
        request_.url = asked.url;
        request_.headers = {{"Accept", "application/json"}};
        request_.content_type = "application/x-www-form-urlencoded";
        request_.body.append(form.encoded());
    }
    ~Request() {
        for (auto& [name, value] : request_.headers) wfc::wipe(value.data(), value.size());
    }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    void authorize(const wfc::SecretString& credentials) {
        std::string value;
        value.reserve(6 + credentials.size());  // no copy is left behind by growing
        value.append("Basic ").append(credentials.reveal());
        request_.headers.emplace_back("Authorization", std::move(value));
    }
    const net::HttpRequest& operator*() const noexcept { return request_; }

  private:
    net::HttpRequest request_;
};

/// Id and secret are each encoded as in a form before they are joined (RFC 6749 section 2.3.1).
wfc::SecretString basic_credentials(const Client& client) {
    wfc::SecretString joined;
    append_encoded(joined, client.id);
    joined.append(":");
    append_encoded(joined, client.secret->reveal());
    return crypto::base64_encode_secret(joined.reveal());
}

/// Whether one of the challenges of a WWW-Authenticate field is Basic (RFC 9110 section 11.6.1).
bool challenges_with_basic(std::string_view field) {
    constexpr std::string_view basic = "basic";
    bool quoted = false, at_start = true;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const char c = field[i];
        if (quoted) {
            if (c == '\\') ++i;
            quoted = c != '"';
            continue;
        }
        if (at_start && c != ' ' && c != '\t' && c != ',') {
            at_start = false;
            const std::string_view word = field.substr(i, basic.size());
            const std::string_view behind = field.substr(i + word.size(), 1);
            const bool same =
                std::equal(word.begin(), word.end(), basic.begin(), basic.end(),
                           [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
            if (same && (behind.empty() || behind == " " || behind == ",")) return true;
        }
        quoted = c == '"';
        if (c == ',') at_start = true;
    }
    return false;
}

bool wants_basic(const Said& said, const Client& client, const Asked& asked) {
    if (client.provider != Provider::custom || client.id.empty() || client.certificate || !client.secret)
        return false;
    const auto challenge = said.answer.headers.find("www-authenticate");
    if (said.answer.status != 401 || challenge == said.answer.headers.end() ||
        !challenges_with_basic(challenge->second))
        return false;
    try {
        throw_if_refused(said.answer, asked, said.scrub);
    } catch (const Failure& failure) {
        const auto error = failure.facts().details.find("oauth_error");
        return error != failure.facts().details.end() && error->second == "invalid_client";
    }
    return false;
}

}  // namespace

Said post(const net::HttpTerms& web, const Form& form, const Asked& asked, const net::Patience& patience) {
    const Request request(form, asked);
    return {exchanged(*request, web, asked, patience), Scrub::of_form(form.encoded())};
}

Said post_as(const Client& client, const net::HttpTerms& web, Form form, const Asked& asked,
             const net::Patience& patience) {
    const Form plain = form.copy();
    prove(form, client, asked);
    Said said = post(web, form, asked, patience);
    if (!wants_basic(said, client, asked)) return said;
    Request request(plain, asked);
    const wfc::SecretString credentials = basic_credentials(client);
    request.authorize(credentials);
    said.scrub.hide(credentials.reveal());
    said.answer = exchanged(*request, web, asked, patience);
    return said;
}

TokenAnswer ask_tokens(const net::HttpTerms& web, const Client& client, Form form, std::string endpoint,
                       std::int64_t now_unix_ms, const net::Patience& patience) {
    const Asked asked{std::move(endpoint), client.endpoints.token, client.provider, now_unix_ms};
    const Said said = post_as(client, web, std::move(form), asked, patience);
    return read_token_answer(said.answer, asked, said.scrub);
}

}  // namespace mailsend::oauth
