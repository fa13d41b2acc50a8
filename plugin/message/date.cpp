#include "message/date.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace mailsend {

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
    const std::time_t shifted = time.unix_seconds + std::int64_t{60} * time.offset_minutes;
    std::tm at{};
    gmtime_r(&shifted, &at);
    const int minutes = std::abs(time.offset_minutes);
    char text[64];
    std::snprintf(text, sizeof text, "%s, %d %s %d %02d:%02d:%02d %c%02d%02d", days[at.tm_wday], at.tm_mday,
                  months[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec,
                  time.offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text;
}

}  // namespace mailsend
