#include "diagnosis/matcher.hpp"

#include <algorithm>
#include <charconv>
#include <re2/re2.h>
#include <stdexcept>

namespace mailsend::diagnosis {
namespace {

/// What decides stands at the beginning; a server that sends more only costs time.
constexpr std::size_t text_limit = 2048;

[[noreturn]] void refuse(const char* what, std::string_view word) {
    throw std::runtime_error(std::string(what) + " cannot be read: " + std::string(word));
}

}  // namespace

Expression::Expression(const std::string& pattern) {
    re2::RE2::Options options;
    options.set_case_sensitive(false);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);  // '.' takes any byte a server may send
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    compiled_ = std::make_unique<re2::RE2>(pattern, options);
    if (!compiled_->ok()) refuse("an expression", pattern);
}
Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;

bool Expression::found_in(std::string_view text) const {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

std::optional<std::pair<std::string, std::string>> Expression::groups_in(std::string_view text) const {
    std::pair<std::string, std::string> groups;
    const re2::StringPiece piece(text.data(), text.size());
    if (!re2::RE2::PartialMatch(piece, *compiled_, &groups.first, &groups.second)) return std::nullopt;
    return groups;
}

CodePattern CodePattern::parse(std::string_view word) {
    if (word.size() != 3 || word[0] < '1' || word[0] > '9') refuse("a reply code", word);
    const int hundreds = (word[0] - '0') * 100;
    if (word.substr(1) == "yz") return {hundreds, hundreds + 99};
    int code = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), code);
    if (error != std::errc{} || end != word.data() + word.size()) refuse("a reply code", word);
    return {code, code};
}

StatusPattern StatusPattern::parse(std::string_view word) {
    const auto one = [&](std::string_view text) {
        const bool any = text.starts_with("X.");
        const auto status =
            EnhancedStatus::parse(any ? "5" + std::string(text.substr(1)) : std::string(text));
        if (!status) refuse("an enhanced status", word);
        return std::pair{*status, any};
    };
    const std::size_t dash = word.find('-');
    const auto [low, any] = one(word.substr(0, dash));
    const auto [high, any_high] =
        dash == std::string_view::npos ? std::pair{low, any} : one(word.substr(dash + 1));
    if (any != any_high || low.status_class != high.status_class || low.subject != high.subject) {
        refuse("a range of enhanced statuses", word);
    }
    return {any ? 0 : low.status_class, low.subject, low.detail, high.detail};
}

bool StatusPattern::matches(const EnhancedStatus& status) const noexcept {
    return (status_class == 0 || status.status_class == status_class) && status.subject == subject &&
           status.detail >= first_detail && status.detail <= last_detail;
}

Evidence::Evidence(const Facts& given, const std::vector<Fingerprint>& fingerprints) : facts(&given) {
    if (given.reply) {
        code = given.reply->code;
        text = given.reply->text();
        if (text.size() > text_limit) text.resize(text_limit);
        status = given.reply->enhanced();
        // A status that contradicts the reply says nothing (RFC 3463 section 2; postfix treats it as absent).
        if (status && status->status_class != code / 100) status.reset();
    }
    for (std::size_t i = 0; i < fingerprints.size(); ++i) {
        const Fingerprint& one = fingerprints[i];
        const bool configured =
            std::find(one.presets.begin(), one.presets.end(), given.provider) != one.presets.end();
        if (configured || (one.text && !text.empty() && one.text->found_in(text))) providers |= 1u << i;
    }
}

bool Matcher::matches(const Evidence& evidence) const {
    const Facts& facts = *evidence.facts;
    if (condition.empty() ? evidence.code == 0 : condition != facts.condition) return false;
    if (!codes.empty() && std::none_of(codes.begin(), codes.end(),
                                       [&](const CodePattern& c) { return c.matches(evidence.code); })) {
        return false;
    }
    if (!stages.empty() && std::find(stages.begin(), stages.end(), facts.stage) == stages.end()) return false;
    if (providers != 0 && (providers & evidence.providers) == 0) return false;
    if (!statuses.empty() &&
        (!evidence.status || std::none_of(statuses.begin(), statuses.end(), [&](const StatusPattern& s) {
            return s.matches(*evidence.status);
        }))) {
        return false;
    }
    for (const auto& [name, expression] : details) {
        const auto value = facts.details.find(name);
        if (value == facts.details.end() || !expression.found_in(value->second)) return false;
    }
    return !text || text->found_in(evidence.text);
}

}  // namespace mailsend::diagnosis
