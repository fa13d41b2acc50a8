#include "oauth/refusal.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "outcome/document.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::size_t longest_description = 1024;
constexpr std::size_t longest_word = 200;

// Errors that pass by themselves, by RFC 6749 section 4.1.2.1 and by name at Google.
constexpr std::array<std::string_view, 5> passing = {"temporarily_unavailable", "server_error", "slow_down",
                                                     "rate_limit_exceeded", "internal_failure"};

bool passes(std::string_view error) {
    return std::find(passing.begin(), passing.end(), error) != passing.end();
}

bool passes(int status) {
    return status >= 500 || status == 429 || status == 408;
}

/// Line breaks as one blank: Microsoft sends a description of several lines.
std::string on_one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool blank = c == '\r' || c == '\n' || c == '\t' || c == ' ';
        if (!blank) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// What follows `label` in a description, up to and with `end`; empty when it is not there.
std::string labelled(std::string_view description, std::string_view label, char end) {
    const std::size_t at = description.find(label);
    if (at == description.npos) return {};
    description.remove_prefix(at + label.size());
    const std::size_t last = description.find(end);
    return std::string(description.substr(0, last == description.npos ? last : last + 1));
}

/// "AADSTS70008: …" -> "70008".
std::string aadsts_in(std::string_view description) {
    constexpr std::string_view mark = "AADSTS";
    const std::size_t at = description.find(mark);
    if (at == description.npos) return {};
    description.remove_prefix(at + mark.size());
    const std::size_t end = std::min(description.find_first_not_of("0123456789"), description.size());
    return end <= 10 ? std::string(description.substr(0, end)) : std::string();
}

/// The part of a description that tells a person something, without a full stop.
std::string gist(std::string_view description) {
    description = description.substr(0, description.find(" Trace ID: "));
    while (description.ends_with('.') || description.ends_with(' ')) description.remove_suffix(1);
    return std::string(description);
}

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

void add(Facts& facts, const char* name, std::string value) {
    if (!value.empty()) facts.details[name] = std::move(value);
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
    const auto clean = [&](const std::string& text, std::size_t limit) {
        return printable(on_one_line(scrub.applied(text)), limit);
    };
    const std::string error = clean(words.error, longest_word);
    const std::string description = clean(words.description, longest_description);
    const bool later = passes(http_status) || passes(error);

    std::string sentence = place(asked) + (later ? " is not available" : " refused");
    if (!error.empty()) sentence += ": " + error;
    if (const std::string said = gist(description); !said.empty()) sentence += ": " + said;
    if (error.empty() && description.empty()) {
        sentence += later ? ": it answered HTTP status " : " with HTTP status ";
        sentence += std::to_string(http_status);
    }

    Failure failure = failed(asked, later ? "token.unavailable" : "token.refused", std::move(sentence));
    Facts& facts = failure.facts();
    const auto or_labelled = [&](const std::string& value, std::string_view label, char end) {
        return clean(value.empty() ? labelled(description, label, end) : value, longest_word);
    };
    add(facts, "oauth_error", error);
    add(facts, "oauth_description", description);
    if (words.uri.starts_with("https://") || words.uri.starts_with("http://"))
        add(facts, "oauth_uri", clean(words.uri, 2 * longest_word));
    add(facts, "aadsts", words.aadsts.empty() ? aadsts_in(description) : words.aadsts);
    add(facts, "trace_id", or_labelled(words.trace_id, "Trace ID: ", ' '));
    add(facts, "correlation_id", or_labelled(words.correlation_id, "Correlation ID: ", ' '));
    add(facts, "oauth_timestamp", or_labelled(words.timestamp, "Timestamp: ", 'Z'));
    if (http_status != 0) facts.details["http_status"] = std::to_string(http_status);
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
