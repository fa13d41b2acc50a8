#include "diagnosis/compiler/patterns.hpp"

#include <stdexcept>
#include <string>

#include "outcome/reply.hpp"

namespace mailsend::diagnosis::compiler {
namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

struct Limit {
    EnhancedStatus status;
    bool any_class = false;
};

Limit limit_at(std::string_view text, std::string_view whole) {
    const bool any = text.starts_with("X.");
    const auto status = EnhancedStatus::parse(any ? "5" + std::string(text.substr(1)) : std::string(text));
    if (!status || text.find(' ') != text.npos) {
        throw std::runtime_error("\"" + std::string(whole) +
                                 "\" is no enhanced status: write 5.7.139, X.7.8 or 5.7.606-5.7.649");
    }
    return {*status, any};
}

}  // namespace

layout::CodeRange code_range(std::string_view word) {
    if (word.size() == 3 && word[0] >= '2' && word[0] <= '5') {
        const int hundreds = (word[0] - '0') * 100;
        if (word.substr(1) == "yz")
            return {static_cast<std::uint16_t>(hundreds), static_cast<std::uint16_t>(hundreds + 99)};
        if (is_digit(word[1]) && is_digit(word[2])) {
            const auto code = static_cast<std::uint16_t>(hundreds + (word[1] - '0') * 10 + (word[2] - '0'));
            return {code, code};
        }
    }
    throw std::runtime_error("\"" + std::string(word) + "\" is no reply code: write 535 or 4yz");
}

layout::StatusRange status_range(std::string_view word) {
    const std::size_t dash = word.find('-');
    const Limit low = limit_at(word.substr(0, dash), word);
    const Limit high = dash == word.npos ? low : limit_at(word.substr(dash + 1), word);
    if (low.any_class != high.any_class || low.status.status_class != high.status.status_class ||
        low.status.subject != high.status.subject || low.status.detail > high.status.detail) {
        throw std::runtime_error("\"" + std::string(word) +
                                 "\" is no range: only the last number may differ, and it grows");
    }
    const auto number = [](int value) { return static_cast<std::uint16_t>(value); };
    return {number(low.any_class ? 0 : low.status.status_class), number(low.status.subject),
            number(low.status.detail), number(high.status.detail)};
}

}  // namespace mailsend::diagnosis::compiler
