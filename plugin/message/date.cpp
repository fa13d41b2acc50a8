#include "message/date.hpp"

#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace mailsend {

namespace {

char digit(unsigned value) noexcept {
    return static_cast<char>('0' + value % 10);
}

void append_two(std::string& out, unsigned value) {
    out += digit(value / 10);
    out += digit(value);
}

}  // namespace

std::string date_time(const ZonedTime& time) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t first = -2208988800;  // 1900-01-01
    constexpr std::int64_t last = 253402214400;  // 9999-12-31, a day before the end whatever the zone
    constexpr int day_minutes = 24 * 60;
    if (time.offset_minutes <= -day_minutes || time.offset_minutes >= day_minutes)
        throw std::invalid_argument("the zone is a day or more away from UTC");
    if (time.unix_seconds < first + std::int64_t{60} * day_minutes || time.unix_seconds > last) {
        throw std::invalid_argument("the date is outside the years 1900 to 9999");
    }
    const std::int64_t shifted = time.unix_seconds + std::int64_t{60} * time.offset_minutes;
    const std::chrono::sys_seconds moment{std::chrono::seconds{shifted}};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const auto seconds = static_cast<unsigned>((moment - day).count());
    const auto minutes = static_cast<unsigned>(std::abs(time.offset_minutes));
    std::string text;
    text.reserve(32);
    text.append(days[std::chrono::weekday(day).c_encoding()]).append(", ");
    const auto month_day = static_cast<unsigned>(date.day());
    if (month_day >= 10) text += digit(month_day / 10);
    text += digit(month_day);
    text.append(" ").append(months[static_cast<unsigned>(date.month()) - 1]).append(" ");
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    append_two(text, year / 100);
    append_two(text, year % 100);
    text += ' ';
    append_two(text, seconds / 3600);
    text += ':';
    append_two(text, seconds / 60 % 60);
    text += ':';
    append_two(text, seconds % 60);
    text.append(time.offset_minutes < 0 ? " -" : " +");
    append_two(text, minutes / 60);
    append_two(text, minutes % 60);
    return text;
}

}  // namespace mailsend
