#include <stdexcept>

#include "settings/settings.hpp"

namespace mailsend {

std::chrono::milliseconds parse_duration(std::string_view text) {
    using namespace std::chrono_literals;
    constexpr std::size_t most_digits = 9;  // 24 h are 86 400 000 ms
    constexpr std::chrono::milliseconds longest = 24h;
    std::int64_t number = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
        if (digits == most_digits) throw std::invalid_argument("is longer than 24h");
        number = number * 10 + (text[digits++] - '0');
    }
    const std::string_view unit = text.substr(digits);
    std::chrono::milliseconds scale = 0ms;
    if (unit == "ms") scale = 1ms;
    if (unit == "s") scale = 1s;
    if (unit == "m") scale = 1min;
    if (unit == "h") scale = 1h;
    if (digits == 0 || scale == 0ms) {
        throw std::invalid_argument(
            "is no duration; write a whole number and its unit: 500ms, 10s, 5m or 1h");
    }
    if (number == 0) throw std::invalid_argument("must be longer than nothing");
    if (number * scale > longest) throw std::invalid_argument("is longer than 24h");
    return number * scale;
}

}  // namespace mailsend
