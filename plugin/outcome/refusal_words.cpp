#include "outcome/refusal_words.hpp"

#include <algorithm>
#include <array>

#include "outcome/document.hpp"

namespace mailsend {
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

std::string clean(std::string_view text, std::size_t limit) {
    return printable(on_one_line(text), limit);
}

/// What follows `label` in a description, up to and with `end`; empty when it is not there.
std::string labelled(std::string_view description, std::string_view label, char end) {
    const std::size_t at = description.find(label);
    if (at == description.npos) return {};
    description.remove_prefix(at + label.size());
    const std::size_t last = description.find(end);
    return std::string(description.substr(0, last == description.npos ? last : last + 1));
}

/// The part of a description that tells a person something, without a full stop.
std::string gist(std::string_view description) {
    description = description.substr(0, description.find(" Trace ID: "));
    while (description.ends_with('.') || description.ends_with(' ')) description.remove_suffix(1);
    return std::string(description);
}

}  // namespace

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

std::string aadsts_in(std::string_view description) {
    constexpr std::string_view mark = "AADSTS";
    const std::size_t at = description.find(mark);
    if (at == description.npos) return {};
    description.remove_prefix(at + mark.size());
    const std::size_t end = std::min(description.find_first_not_of("0123456789"), description.size());
    return end <= 10 ? std::string(description.substr(0, end)) : std::string();
}

Facts refusal_facts(const ErrorWords& words, int http_status, const std::string& who) {
    const std::string error = clean(words.error, longest_word);
    const std::string description = clean(words.description, longest_description);
    const bool later = passes(http_status) || passes(error);

    Facts facts;
    facts.stage = Stage::token;
    facts.condition = later ? "token.unavailable" : "token.refused";
    facts.sentence = who + (later ? " is not available" : " refused");
    if (!error.empty()) facts.sentence += ": " + error;
    if (const std::string said = gist(description); !said.empty()) facts.sentence += ": " + said;
    if (error.empty() && description.empty() && http_status != 0) {
        facts.sentence += later ? ": it answered HTTP status " : " with HTTP status ";
        facts.sentence += std::to_string(http_status);
    }

    const auto add = [&](const char* name, std::string value) {
        if (!value.empty()) facts.details[name] = std::move(value);
    };
    const auto or_labelled = [&](const std::string& value, std::string_view label, char end) {
        return clean(value.empty() ? labelled(description, label, end) : value, longest_word);
    };
    add("oauth_error", error);
    add("oauth_description", description);
    if (words.uri.starts_with("https://") || words.uri.starts_with("http://"))
        add("oauth_uri", clean(words.uri, 2 * longest_word));
    add("aadsts", words.aadsts.empty() ? aadsts_in(description) : words.aadsts);
    add("trace_id", or_labelled(words.trace_id, "Trace ID: ", ' '));
    add("correlation_id", or_labelled(words.correlation_id, "Correlation ID: ", ' '));
    add("oauth_timestamp", or_labelled(words.timestamp, "Timestamp: ", 'Z'));
    if (http_status != 0) facts.details["http_status"] = std::to_string(http_status);
    return facts;
}

}  // namespace mailsend
