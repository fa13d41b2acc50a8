#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "oauth/refusal.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::int64_t day_s = 86'400;

std::optional<std::int64_t> number(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || end != digits.data() + digits.size() || value < 0) return std::nullopt;
    if (error == std::errc::result_out_of_range) return day_s;
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" in seconds since 1970.
std::optional<std::int64_t> imf_fixdate(std::string_view text) {
    static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto day = number(text.substr(5, 2));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date(
        std::chrono::year(static_cast<int>(*year)),
        std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count() * day_s + *hour * 3600 + *minute * 60 +
           *second;
}

}  // namespace

std::int64_t retry_after(std::string_view value, std::int64_t now_unix_ms) {
    if (const auto seconds = number(value)) return std::min(*seconds, day_s);
    if (const auto at = imf_fixdate(value))
        return std::clamp<std::int64_t>(*at - now_unix_ms / 1000, 0, day_s);
    return -1;
}

}  // namespace mailsend::oauth
