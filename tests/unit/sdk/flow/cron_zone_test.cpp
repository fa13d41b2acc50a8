// What schedules mean where a zone changes its offset.
#include <chrono>
#include <gmock/gmock.h>
#include <string>
#include <vector>

#include "flow/cron.hpp"

namespace wfc::flow {
namespace {

using std::chrono::sys_days;
using testing::ElementsAre;
using testing::IsEmpty;

/// The runs in [from, until), days of UTC, as local times.
std::vector<std::string> runs(std::string_view expression, std::string_view zone_name,
                              std::chrono::year_month_day from, std::chrono::year_month_day until) {
    const Zone zone(zone_name);
    const Cron cron(expression);
    const auto seconds = [](std::chrono::year_month_day day) {
        return std::int64_t{sys_days(day).time_since_epoch().count()} * 86'400;
    };
    std::vector<std::string> out;
    for (auto at = cron.next(seconds(from) - 1, zone); at && *at < seconds(until);
         at = cron.next(*at, zone)) {
        out.push_back(zone.text(*at));
    }
    return out;
}

std::chrono::year_month_day day(int year, int month, int day_of_month) {
    return std::chrono::year(year) / month / day_of_month;
}

// New York leaves out 2026-03-08 02:00 to 03:00 and has 2026-11-01 01:00 to 02:00 twice.
std::vector<std::string> in_the_gap(std::string_view expression) {
    return runs(expression, "America/New_York", day(2026, 3, 8), day(2026, 3, 9));
}
std::vector<std::string> in_the_overlap(std::string_view expression) {
    return runs(expression, "America/New_York", day(2026, 11, 1), day(2026, 11, 2));
}

TEST(CronInAGap, AFixedTimeRunsOnceAtTheFirstInstantAfterIt) {
    EXPECT_THAT(in_the_gap("30 2 * * *"), ElementsAre("2026-03-08T03:00:00-04:00"));
    EXPECT_THAT(in_the_gap("0 2 * * *"), ElementsAre("2026-03-08T03:00:00-04:00"));
    EXPECT_THAT(in_the_gap("30 2 8 3 *"), ElementsAre("2026-03-08T03:00:00-04:00"));
}

TEST(CronInAGap, SeveralFixedTimesRunOnceTogetherWithTheRunThatFallsOnThatInstant) {
    EXPECT_THAT(
        in_the_gap("15,45 2,3 * * *"),
        ElementsAre("2026-03-08T03:00:00-04:00", "2026-03-08T03:15:00-04:00", "2026-03-08T03:45:00-04:00"));
    EXPECT_THAT(in_the_gap("0,30 2-3 * * *"),
                ElementsAre("2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00"));
}

TEST(CronInAGap, AWildcardFollowsRealTimeAndHasNoExtraRun) {
    EXPECT_THAT(runs("*/30 * * * *", "America/New_York", day(2026, 3, 8), day(2026, 3, 9)).size(), 48u);
    EXPECT_THAT(in_the_gap("*/30 1-3 * * *"),
                ElementsAre("2026-03-08T01:00:00-05:00", "2026-03-08T01:30:00-05:00",
                            "2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00"));
    EXPECT_THAT(in_the_gap("*/15 2 * * *"), IsEmpty()) << "one star of minute and hour is enough";
    EXPECT_EQ(in_the_gap("20 * * * *").size(), 24u);
}

TEST(CronInAGap, AnInstantThatAsksAtTheGapItselfGetsWhatComesAfter) {
    const Zone zone("America/New_York");
    const Cron cron("30 2 * * *");
    const std::int64_t gap = cron.next(1'772'900'000, zone).value();
    EXPECT_EQ(zone.text(gap), "2026-03-08T03:00:00-04:00");
    EXPECT_EQ(cron.next(gap - 1, zone), gap);
    EXPECT_EQ(zone.text(cron.next(gap, zone).value()), "2026-03-09T02:30:00-04:00");
    EXPECT_EQ(zone.text(cron.next(gap + 1, zone).value()), "2026-03-09T02:30:00-04:00");
}

TEST(CronInAnOverlap, AFixedTimeRunsOnceInTheFirstPass) {
    EXPECT_THAT(in_the_overlap("30 1 * * *"), ElementsAre("2026-11-01T01:30:00-04:00"));
    EXPECT_THAT(in_the_overlap("0 1,2 * * *"),
                ElementsAre("2026-11-01T01:00:00-04:00", "2026-11-01T02:00:00-05:00"));
    EXPECT_THAT(
        in_the_overlap("0-59/20 1 * * *"),
        ElementsAre("2026-11-01T01:00:00-04:00", "2026-11-01T01:20:00-04:00", "2026-11-01T01:40:00-04:00"));
}

TEST(CronInAnOverlap, AWildcardRunsInBothPasses) {
    const auto both = ElementsAre("2026-11-01T01:00:00-04:00", "2026-11-01T01:30:00-04:00",
                                  "2026-11-01T01:00:00-05:00", "2026-11-01T01:30:00-05:00");
    EXPECT_THAT(in_the_overlap("*/30 1 * * *"), both);
    EXPECT_EQ(in_the_overlap("0,30 * * * *").size(), 48u) << "24 hours of real time";
}

TEST(CronInAnOverlap, AFixedTimeDoesNotRunWhenAskedInTheSecondPass) {
    const Zone zone("America/New_York");
    const std::int64_t second_pass = 1'793'512'800 + 600;  // 01:10 -05:00
    ASSERT_EQ(zone.text(second_pass), "2026-11-01T01:10:00-05:00");
    EXPECT_EQ(zone.text(Cron("30 1 * * *").next(second_pass, zone).value()), "2026-11-02T01:30:00-05:00");
    EXPECT_EQ(zone.text(Cron("*/30 1 * * *").next(second_pass, zone).value()), "2026-11-01T01:30:00-05:00");
}

TEST(CronInLordHowe, TheShiftIsHalfAnHour) {
    // Gap 2026-10-04 02:00 to 02:30, overlap 2026-04-05 01:30 to 02:00.
    const auto on = [](std::string_view expression, int month, int day_of_month) {
        return runs(expression, "Australia/Lord_Howe", day(2026, month, day_of_month),
                    day(2026, month, day_of_month + 1));
    };
    EXPECT_THAT(on("15 2 * * *", 10, 3), ElementsAre("2026-10-04T02:30:00+11:00"));
    EXPECT_THAT(on("45 2 * * *", 10, 3), ElementsAre("2026-10-04T02:45:00+11:00"));
    EXPECT_THAT(on("45 1 * * *", 4, 4), ElementsAre("2026-04-05T01:45:00+11:00"));
    EXPECT_THAT(
        on("*/45 1 * * *", 4, 4),
        ElementsAre("2026-04-05T01:00:00+11:00", "2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30"));
}

TEST(CronInSantiago, MidnightMayBeInTheGap) {
    EXPECT_THAT(
        runs("@daily", "America/Santiago", day(2026, 9, 5), day(2026, 9, 8)),
        ElementsAre("2026-09-05T00:00:00-04:00", "2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"));
    EXPECT_THAT(runs("0 0 * * 0", "America/Santiago", day(2026, 9, 4), day(2026, 9, 8)),
                ElementsAre("2026-09-06T01:00:00-03:00"));
}

TEST(CronInApia, AWholeDayMayBeInTheGap) {
    EXPECT_THAT(runs("0 9 * * *", "Pacific/Apia", day(2011, 12, 29), day(2012, 1, 1)),
                ElementsAre("2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00",
                            "2011-12-31T09:00:00+14:00", "2012-01-01T09:00:00+14:00"));
    EXPECT_THAT(runs("0 9 30 12 *", "Pacific/Apia", day(2011, 12, 1), day(2012, 1, 1)),
                ElementsAre("2011-12-31T00:00:00+14:00"));
    EXPECT_THAT(runs("0 0 * * *", "Pacific/Apia", day(2011, 12, 30), day(2012, 1, 1)),
                ElementsAre("2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00"));
    EXPECT_THAT(runs("0 */12 30 12 *", "Pacific/Apia", day(2011, 12, 1), day(2012, 1, 1)), IsEmpty());
}

TEST(CronInUtc, EveryDayIsAlike) {
    EXPECT_EQ(runs("30 2 * * *", "UTC", day(2026, 1, 1), day(2027, 1, 1)).size(), 365u);
    EXPECT_EQ(runs("*/30 * * * *", "UTC", day(2026, 1, 1), day(2027, 1, 1)).size(), 365u * 48u);
}

}  // namespace
}  // namespace wfc::flow
