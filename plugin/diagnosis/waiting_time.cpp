#include "diagnosis/waiting_time.hpp"

#include <algorithm>
#include <array>

namespace mailsend::diagnosis {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t most_between = 40;  // "again later, after a pause of at least"
constexpr std::size_t most_digits = 5;
constexpr long day_s = 86400;

constexpr std::array heralds{"again"sv, "retry"sv, "retrying"sv, "wait"sv, "waiting"sv, "back"sv};

struct Unit {
    std::string_view word;
    long seconds;
};
constexpr std::array units{Unit{"s", 1},       Unit{"sec", 1},      Unit{"secs", 1},     Unit{"second", 1},
                           Unit{"seconds", 1}, Unit{"m", 60},       Unit{"min", 60},     Unit{"mins", 60},
                           Unit{"minute", 60}, Unit{"minutes", 60}, Unit{"h", 3600},     Unit{"hr", 3600},
                           Unit{"hrs", 3600},  Unit{"hour", 3600},  Unit{"hours", 3600}, Unit{"day", day_s},
                           Unit{"days", day_s}};

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) noexcept {
    const char small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'z';
}
constexpr bool is_wordy(char c) noexcept {
    return is_letter(c) || is_digit(c) || c == '_';
}

/// Whether `text` is `word`, which is in small letters.
bool same(std::string_view text, std::string_view word) noexcept {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return is_letter(a) && static_cast<char>(a | 0x20) == b; });
}

/// The letters at the beginning.
std::string_view letters(std::string_view text) noexcept {
    return text.substr(
        0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin()));
}

/// The time at the beginning: "300 seconds", "5min".
std::optional<std::chrono::seconds> time_at(std::string_view text) noexcept {
    long number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits) {
        if (digits == most_digits) return std::nullopt;
        number = number * 10 + (text[digits] - '0');
    }
    text.remove_prefix(digits);
    if (!text.empty() && (text.front() == ' ' || text.front() == '-')) text.remove_prefix(1);
    const std::string_view word = letters(text);
    if (word.size() < text.size() && is_wordy(text[word.size()])) return std::nullopt;
    for (const Unit& unit : units) {
        if (!same(word, unit.word)) continue;
        const long seconds = number * unit.seconds;
        if (seconds < 1 || seconds > day_s) return std::nullopt;
        return std::chrono::seconds(seconds);
    }
    return std::nullopt;
}

/// The time of the sentence that goes on here.
std::optional<std::chrono::seconds> time_in(std::string_view text) noexcept {
    for (std::size_t i = 0; i < std::min(text.size(), most_between + 1); ++i) {
        if (text[i] == '.' || text[i] == ';') return std::nullopt;
        if (!is_digit(text[i])) continue;
        if (i > 0 && is_wordy(text[i - 1])) return std::nullopt;
        return time_at(text.substr(i));
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> waiting_time(std::string_view text) noexcept {
    while (!text.empty()) {
        if (!is_letter(text.front())) {
            text.remove_prefix(1);
            continue;
        }
        const std::string_view word = letters(text);
        text.remove_prefix(word.size());
        if (std::none_of(heralds.begin(), heralds.end(), [&](auto herald) { return same(word, herald); }))
            continue;
        if (const auto found = time_in(text)) return found;
    }
    return std::nullopt;
}

}  // namespace mailsend::diagnosis
