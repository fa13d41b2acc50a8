#include "oauth/refusal.hpp"

#include <stdexcept>

#include "outcome/document.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::size_t longest_word = 200;

ErrorWords words_of(const AnswerObject& answer) {
    ErrorWords words;
    words.error = answer.text("error").value_or("");
    words.description = answer.text("error_description").value_or("");
    words.uri = answer.text("error_uri").value_or("");
    words.aadsts = answer.first_number("error_codes");
    words.trace_id = answer.text("trace_id").value_or("");
    words.correlation_id = answer.text("correlation_id").value_or("");
    words.timestamp = answer.text("timestamp").value_or("");
    if (words.description.empty()) words.description = answer.text("error_subtype").value_or("");
    if (const auto api = answer.object("error")) {  // as Google's APIs say it
        words.error = api->text("status").value_or("");
        words.description = api->text("message").value_or("");
    }
    return words;
}

std::string target_of(const net::HttpAnswer& answer, const Scrub& scrub) {
    const auto location = answer.headers.find("location");
    const std::string host = location == answer.headers.end() ? std::string() : host_of(location->second);
    return host.empty() ? "another place" : printable(scrub.applied(host), longest_word);
}

}  // namespace

std::string host_of(std::string_view url) {
    const std::size_t scheme = url.find("//");
    if (scheme == url.npos || url.substr(0, scheme).find_first_of("?#") != url.npos) return {};
    url.remove_prefix(scheme + 2);
    url = url.substr(0, url.find_first_of("/?#"));
    if (const std::size_t at = url.rfind('@'); at != url.npos) url.remove_prefix(at + 1);
    if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
    return std::string(url.substr(0, url.find(':')));
}

std::string place(const Asked& asked) {
    const std::string host = host_of(asked.url);
    if (asked.endpoint == "authorize") return "the sign-in at " + host;
    if (asked.endpoint == "revoke") return "the revocation endpoint " + host;
    if (asked.endpoint == "device") return "the device sign-in at " + host;
    return "the token endpoint " + host;
}

Failure failed(const Asked& asked, std::string condition, std::string sentence) {
    Failure failure(Stage::token, std::move(condition), std::move(sentence));
    Facts& facts = failure.facts();
    facts.details["endpoint"] = asked.endpoint;
    facts.details["host"] = host_of(asked.url);
    facts.details["provider"] = "custom";
    if (asked.provider == Provider::google) {
        facts.provider = "gmail";
        facts.details["provider"] = "google";
    } else if (asked.provider == Provider::microsoft) {
        facts.provider = "microsoft365";
        facts.details["provider"] = "microsoft";
    }
    return failure;
}

Failure refused(const ErrorWords& words, int http_status, const Asked& asked, const Scrub& scrub) {
    const ErrorWords clean{scrub.applied(words.error),    scrub.applied(words.description),
                           scrub.applied(words.uri),      words.aadsts,
                           scrub.applied(words.trace_id), scrub.applied(words.correlation_id),
                           scrub.applied(words.timestamp)};
    Facts said = refusal_facts(clean, http_status, place(asked));
    Failure failure = failed(asked, std::move(said.condition), std::move(said.sentence));
    failure.facts().details.merge(said.details);
    return failure;
}

void throw_if_refused(const net::HttpAnswer& answer, const Asked& asked, const Scrub& scrub) {
    if (answer.status >= 300 && answer.status < 400) {
        throw failed(
            asked, "token.redirected",
            place(asked) + " points to " + target_of(answer, scrub) + ", and redirects are not followed")
            .with("http_status", std::to_string(answer.status));
    }
    ErrorWords words;
    try {
        const AnswerObject said(answer.body.reveal());
        const bool names_one = !said.text("error").value_or("").empty() || said.object("error");
        if (answer.status < 400 && !names_one) return;
        words = words_of(said);
    } catch (const std::invalid_argument&) {
        if (answer.status < 400) return;  // whoever wanted an answer will say what is wrong with this one
    }
    Failure failure = refused(words, answer.status, asked, scrub);
    const auto header = answer.headers.find("retry-after");
    if (failure.facts().condition == "token.unavailable" && header != answer.headers.end()) {
        const std::int64_t wait_s = retry_after(header->second, asked.now_unix_ms);
        if (wait_s >= 0) failure.facts().details["retry_after_s"] = std::to_string(wait_s);
    }
    throw failure;
}

}  // namespace mailsend::oauth
