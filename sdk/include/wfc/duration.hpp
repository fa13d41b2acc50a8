/// Durations as people write them in settings, flow files and on command lines.
///
/// Guarantees: one notation, bounds that the caller names, sentences that say what to write instead. Does not
/// do fractions, signs, blanks or several units in one text. No I/O, any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace wfc {

/// Both ends are allowed. 0 < shortest <= longest.
struct DurationBounds {
    std::chrono::milliseconds shortest{1};
    std::chrono::milliseconds longest = std::chrono::hours(24);
};

namespace detail {

/// From the largest to the smallest.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> duration_units = {
    {{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

}  // namespace detail

/// The shortest text that `parse_duration` reads as `duration`: "90s", "24h".
inline std::string duration_words(std::chrono::milliseconds duration) {
    for (const auto& [unit, scale] : detail::duration_units) {
        if (duration.count() % scale == 0)
            return std::to_string(duration.count() / scale) + std::string(unit);
    }
    return {};  // not reached: the last unit divides all
}

/// "250ms", "10s", "5m", "1h": a whole number and its unit. Throws std::invalid_argument with the end of a
/// sentence whose beginning is the place: `is longer than 24h`.
inline std::chrono::milliseconds parse_duration(std::string_view text, DurationBounds bounds = {}) {
    const auto longest = static_cast<std::uint64_t>(bounds.longest.count());
    std::uint64_t number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        // What is longer than the longest in the smallest unit is so in each; it need not be counted up.
        if (number <= longest / 10) {
            number = number * 10 + static_cast<std::uint64_t>(text[digits] - '0');
        } else {
            number = longest + 1;
        }
    }
    std::uint64_t scale = 0;
    for (const auto& [unit, milliseconds] : detail::duration_units) {
        if (text.substr(digits) == unit) scale = static_cast<std::uint64_t>(milliseconds);
    }
    if (digits == 0 || scale == 0) {
        throw std::invalid_argument(
            "is no duration; write a whole number and its unit: 500ms, 10s, 5m or 1h");
    }
    if (number > longest / scale) {
        throw std::invalid_argument("is longer than " + duration_words(bounds.longest));
    }
    const std::chrono::milliseconds duration(static_cast<std::int64_t>(number * scale));
    if (duration < bounds.shortest) {
        throw std::invalid_argument(bounds.shortest.count() == 1
                                        ? "must be longer than nothing"
                                        : "is shorter than " + duration_words(bounds.shortest));
    }
    return duration;
}

}  // namespace wfc
