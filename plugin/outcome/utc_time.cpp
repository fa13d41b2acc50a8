#include "outcome/utc_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace mailsend {

std::string utc_text(std::int64_t unix_s) {
    constexpr std::int64_t year_1_s = -62'135'596'800, year_10000_s = 253'402'300'800;
    if (unix_s < year_1_s || unix_s >= year_10000_s) return {};
    const std::chrono::sys_seconds moment{std::chrono::seconds(unix_s)};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(moment - day);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

}  // namespace mailsend
