#include "message/date.hpp"

#include <ctime>
#include <gtest/gtest.h>
#include <stdexcept>

namespace mailsend {
namespace {

TEST(Date, WritesLocalTimeWithItsOffset) {
    EXPECT_EQ(date_time({1795305600, 540}), "Sun, 22 Nov 2026 09:00:00 +0900");
    EXPECT_EQ(date_time({1795305600, 0}), "Sun, 22 Nov 2026 00:00:00 +0000");
    EXPECT_EQ(date_time({1795305600, -210}), "Sat, 21 Nov 2026 20:30:00 -0330");
    EXPECT_EQ(date_time({0, -30}), "Wed, 31 Dec 1969 23:30:00 -0030");
    EXPECT_EQ(date_time({1709164800, 0}), "Thu, 29 Feb 2024 00:00:00 +0000");
}

TEST(Date, AgreesWithTheSystemsCalendar) {
    for (std::int64_t seconds = -2208900000; seconds < 253402200000; seconds += 86400 * 97 + 12345) {
        const std::time_t moment = seconds;
        std::tm at{};
        gmtime_r(&moment, &at);
        char expected[64];
        std::strftime(expected, sizeof expected, "%a, %e %b %Y %H:%M:%S +0000", &at);
        std::string text = expected;
        if (text[5] == ' ') text.erase(5, 1);
        ASSERT_EQ(date_time({seconds, 0}), text);
    }
}

TEST(Date, RefusesWhatFourDigitsCannotSay) {
    for (const ZonedTime& time :
         {ZonedTime{253402300800, 0}, ZonedTime{-2208988801, 0}, ZonedTime{INT64_MAX, 0},
          ZonedTime{INT64_MIN, 0}, ZonedTime{0, 1440}, ZonedTime{0, -1440}, ZonedTime{0, INT32_MIN}}) {
        EXPECT_THROW(date_time(time), std::invalid_argument);
    }
}

}  // namespace
}  // namespace mailsend
