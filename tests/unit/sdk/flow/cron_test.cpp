#include "flow/cron.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace wfc::flow {
namespace {

using std::chrono::sys_days;
using testing::ElementsAre;
using testing::HasSubstr;

/// Seconds since 1970 of a time in UTC.
std::int64_t utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0, int second = 0) {
    const sys_days date(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day));
    return date.time_since_epoch().count() * 86'400 + hour * 3600 + minute * 60 + second;
}

/// The first `count` runs after an instant, as local times.
std::vector<std::string> runs(std::string_view expression, std::int64_t after, std::size_t count,
                              std::string_view zone_name = "UTC") {
    const Zone zone(zone_name);
    const Cron cron(expression);
    std::vector<std::string> out;
    for (std::optional<std::int64_t> at = after; out.size() < count && (at = cron.next(*at, zone));) {
        out.push_back(zone.text(*at));
        if (zone_name == "UTC") out.back().resize(16);  // minutes are enough
    }
    return out;
}

std::string refusal(std::string_view expression) {
    try {
        const Cron cron(expression);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Cron, StepsStartAnewInEachHour) {
    EXPECT_THAT(runs("*/15 * * * *", utc(2026, 1, 1), 5),
                ElementsAre("2026-01-01T00:15", "2026-01-01T00:30", "2026-01-01T00:45", "2026-01-01T01:00",
                            "2026-01-01T01:15"));
    EXPECT_THAT(runs("10-40/15 * * * *", utc(2026, 1, 1), 4),
                ElementsAre("2026-01-01T00:10", "2026-01-01T00:25", "2026-01-01T00:40", "2026-01-01T01:10"));
    EXPECT_THAT(runs("*/7 * * * *", utc(2026, 1, 1, 0, 49), 3),
                ElementsAre("2026-01-01T00:56", "2026-01-01T01:00", "2026-01-01T01:07"));
}

TEST(Cron, WorkingDaysAreWrittenAsNumbersOrAsNamesOfAnyCase) {
    const auto friday_to_tuesday = ElementsAre("2026-01-02T09:00", "2026-01-05T09:00", "2026-01-06T09:00");
    for (const char* days : {"1-5", "MON-FRI", "mon-fri", "Mon,tue,WED,4-5", "1,1,1-5,5"}) {
        EXPECT_THAT(runs("0 9 * * " + std::string(days), utc(2026, 1, 1, 9), 3), friday_to_tuesday) << days;
    }
    EXPECT_THAT(runs("0 0 1 JAN,mar-Apr,12 *", utc(2026, 1, 1), 4),
                ElementsAre("2026-03-01T00:00", "2026-04-01T00:00", "2026-12-01T00:00", "2027-01-01T00:00"));
}

TEST(Cron, SundayIsBothNoughtAndSevenAndMayEndARange) {
    for (const char* sunday : {"0", "7", "sun", "0,7"}) {
        EXPECT_THAT(runs("0 0 * * " + std::string(sunday), utc(2026, 1, 1), 2),
                    ElementsAre("2026-01-04T00:00", "2026-01-11T00:00"));
    }
    for (const char* weekend : {"5-7", "FRI-SUN"}) {
        EXPECT_THAT(
            runs("0 0 * * " + std::string(weekend), utc(2026, 1, 1), 4),
            ElementsAre("2026-01-02T00:00", "2026-01-03T00:00", "2026-01-04T00:00", "2026-01-09T00:00"));
    }
}

TEST(Cron, TheTwoDayFieldsAreEitherUnlessOneBeginsWithAStar) {
    EXPECT_THAT(runs("0 0 13 * 5", utc(2026, 1, 1), 4),
                ElementsAre("2026-01-02T00:00", "2026-01-09T00:00", "2026-01-13T00:00", "2026-01-16T00:00"));
    EXPECT_THAT(runs("0 0 */2 * 1", utc(2026, 1, 1), 4),
                ElementsAre("2026-01-05T00:00", "2026-01-19T00:00", "2026-02-09T00:00", "2026-02-23T00:00"));
    EXPECT_THAT(runs("0 0 13 * */5", utc(2026, 1, 1), 2),
                ElementsAre("2026-02-13T00:00", "2026-03-13T00:00"));
}

TEST(Cron, ShortMonthsAreLeftOutAndLeapDaysWaitForTheirYear) {
    EXPECT_THAT(runs("0 0 31 * *", utc(2026, 1, 31), 3),
                ElementsAre("2026-03-31T00:00", "2026-05-31T00:00", "2026-07-31T00:00"));
    EXPECT_THAT(runs("0 0 29 2 *", utc(2026, 1, 1), 2), ElementsAre("2028-02-29T00:00", "2032-02-29T00:00"));
    EXPECT_THAT(runs("0 0 29 2 *", utc(2096, 3, 1), 1), ElementsAre("2104-02-29T00:00"));
}

TEST(Cron, ALeapDayOfOneWeekdayIsFoundAcrossTheYear2100) {
    // Sundays (0 and 7) that are 29 February: each 28 years, but 2100 is no leap year.
    EXPECT_THAT(runs("0 0 29 2 */7", utc(2026, 1, 1), 4),
                ElementsAre("2032-02-29T00:00", "2060-02-29T00:00", "2088-02-29T00:00", "2128-02-29T00:00"));
}

TEST(Cron, WhatNeverOccursIsRefused) {
    EXPECT_EQ(refusal("0 0 30 2 *"), "never occurs: no month it names has a day 30");
    EXPECT_EQ(refusal("0 0 31 2,4,6,9,11 *"), "never occurs: no month it names has a day 31");
    EXPECT_EQ(refusal("0 0 30 2 1"), "accepted") << "Mondays in February";
}

TEST(Cron, BlanksMayBeSeveralAndTabs) {
    EXPECT_THAT(runs("  5\t1,2,5-7   *  *\t* ", utc(2026, 1, 1, 2), 3),
                ElementsAre("2026-01-01T02:05", "2026-01-01T05:05", "2026-01-01T06:05"));
}

TEST(Cron, TooFewOrTooManyFieldsAreCounted) {
    EXPECT_THAT(refusal(""), HasSubstr("has 0 fields; write five: minute, hour,"));
    EXPECT_THAT(refusal("*"), HasSubstr("has 1 field; write five"));
    EXPECT_THAT(refusal("0 9 * *"), HasSubstr("has 4 fields"));
    EXPECT_THAT(refusal("0 0 9 * * 1"), HasSubstr("has 6 fields"));
    EXPECT_THAT(refusal(std::string(2000, '*')), HasSubstr("longer than 1024 bytes"));
}

TEST(Cron, AValueOutOfItsRangeIsRefusedWithFieldAndRange) {
    EXPECT_EQ(refusal("60 * * * *"), "has \"60\" for the minute; it goes from 0 to 59");
    EXPECT_EQ(refusal("0 24 * * *"), "has \"24\" for the hour; it goes from 0 to 23");
    EXPECT_EQ(refusal("0 0 0 * *"), "has \"0\" for the day of the month; it goes from 1 to 31");
    EXPECT_EQ(refusal("0 0 32 * *"), "has \"32\" for the day of the month; it goes from 1 to 31");
    EXPECT_EQ(refusal("0 0 1 13 *"), "has \"13\" for the month; it goes from 1 to 12 or jan to dec");
    EXPECT_EQ(refusal("0 0 * * 8"), "has \"8\" for the day of the week; it goes from 0 to 7 or sun to sat");
    EXPECT_THAT(refusal("10-70 * * * *"), HasSubstr("\"10-70\" for the minute"));
    EXPECT_THAT(refusal("99999999999 * * * *"), HasSubstr("for the minute; write"));
}

TEST(Cron, AStepNeedsARangeAndItsSizeIsChecked) {
    EXPECT_EQ(refusal("5/15 * * * *"),
              "has \"5/15\" for the minute; a step follows * or a range, as in 5-59/15");
    for (const char* step : {"*/0", "*/61", "*/60", "*/", "*/x", "*/-1", "0-9/0"}) {
        EXPECT_THAT(refusal(step + std::string(" * * * *")), HasSubstr("a step there goes from 1 to 59"))
            << step;
    }
    EXPECT_THAT(refusal("0 */24 * * *"), HasSubstr("a step there goes from 1 to 23"));
}

TEST(Cron, RangesThatRunBackwardsAreRefused) {
    for (const char* days : {"6-1", "FRI-MON", "5-0"}) {
        EXPECT_THAT(refusal("0 0 * * " + std::string(days)),
                    AllOf(HasSubstr(days), HasSubstr("day of the week, a range that runs backwards")));
    }
}

TEST(Cron, WhatIsNoNumberIsRefusedWithItsField) {
    for (const char* wrong : {"1-", "-1", ",1", "1,", "1,,2", "a", "?", "L", "W", "1#2", "**", "*-5", "+1",
                              "1-2-3", "mon", "0x1", "1.5", "\x01"}) {
        EXPECT_THAT(refusal(wrong + std::string(" * * * *")), HasSubstr("for the minute; ")) << wrong;
    }
    EXPECT_THAT(refusal("0 0 L * *"), HasSubstr("for the day of the month; write *, numbers from 1 to 31"));
    EXPECT_THAT(refusal("0 0 * Janu *"),
                HasSubstr("for the month; write *, numbers from 1 to 12 or jan to dec"));
}

TEST(Cron, NicknamesStandForTheirFields) {
    const std::vector<std::pair<const char*, const char*>> meanings = {
        {"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
        {"@weekly", "0 0 * * 0"},  {"@monthly", "0 0 1 * *"}, {" @yearly ", "0 0 1 1 *"},
        {"@annually", "0 0 1 1 *"}};
    for (const auto& [nickname, fields] : meanings) {
        EXPECT_EQ(runs(nickname, utc(2026, 5, 6), 3), runs(fields, utc(2026, 5, 6), 3)) << nickname;
    }
    EXPECT_THAT(refusal("@reboot"),
                AllOf(HasSubstr("\"@reboot\", which is no schedule"), HasSubstr("@daily")));
    EXPECT_THAT(refusal("@dayly"), HasSubstr("did you mean \"@daily\"?"));
}

TEST(Cron, TheNextRunIsStrictlyAfterAndOnAWholeMinute) {
    EXPECT_THAT(runs("* * * * *", utc(2026, 1, 1, 9, 0, 0), 1), ElementsAre("2026-01-01T09:01"));
    EXPECT_THAT(runs("* * * * *", utc(2026, 1, 1, 9, 0, 1), 1), ElementsAre("2026-01-01T09:01"));
    EXPECT_THAT(runs("* * * * *", utc(2026, 1, 1, 8, 59, 59), 1), ElementsAre("2026-01-01T09:00"));
    EXPECT_THAT(runs("0 0 1 1 *", utc(2025, 12, 31, 23, 59, 59), 2),
                ElementsAre("2026-01-01T00:00", "2027-01-01T00:00"));
}

TEST(Cron, TheEndsOfTheCalendarAreNoTrap) {
    const Cron cron("0 0 29 2 *");
    const Zone zone("America/New_York");
    EXPECT_EQ(cron.next(std::numeric_limits<std::int64_t>::max(), zone), std::nullopt);
    EXPECT_EQ(cron.next(utc(9999, 12, 31), zone), std::nullopt);
    EXPECT_TRUE(cron.next(std::numeric_limits<std::int64_t>::min(), zone).has_value());
    EXPECT_THAT(runs("30 6 * * *", utc(1869, 12, 31), 1, "America/New_York"),
                ElementsAre("1869-12-31T06:30:02-04:56"));  // local mean time, whose offset has seconds
}

}  // namespace
}  // namespace wfc::flow
