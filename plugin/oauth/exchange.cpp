#include "oauth/exchange.hpp"

#include <stdexcept>

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

}  // namespace

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

net::HttpAnswer post(const net::HttpTerms& web, const Form& form, const Asked& asked,
                     const net::Patience& patience) {
    net::HttpRequest request;
    request.url = asked.url;
    request.headers = {{"Accept", "application/json"}};
    request.content_type = "application/x-www-form-urlencoded";
    request.body.append(form.encoded());
    net::HttpAnswer answer;
    try {
        answer = net::exchange(request, web, patience);
    } catch (const Failure& failure) {
        throw on_the_way(failure.facts(), asked);
    } catch (const std::invalid_argument& error) {
        // A name of loopback that leads elsewhere; the settings' own check cannot know.
        throw failed(asked, "token.client", place(asked) + " is not asked: " + error.what());
    }
    return answer;
}

TokenAnswer ask_tokens(const net::HttpTerms& web, const Client& client, Form form, std::string endpoint,
                       std::int64_t now_unix_ms, const net::Patience& patience) {
    const Asked asked{std::move(endpoint), client.endpoints.token, client.provider, now_unix_ms};
    prove(form, client, asked);
    const net::HttpAnswer answer = post(web, form, asked, patience);
    return read_token_answer(answer, asked, Scrub::of_form(form.encoded()));
}

}  // namespace mailsend::oauth
