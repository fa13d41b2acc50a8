#include "flow/timetable.hpp"

#include <gmock/gmock.h>

#include "world.hpp"

namespace wfc::flow::test {
namespace {

const Now noon{utc("2026-11-22T12:00:00Z"), 50 * hour, "boot 1"};

Now later(std::int64_t ms) {
    return {noon.wall_ms + ms, noon.steady_ms + ms, noon.boot};
}

TEST(Timetable, NamesTheNextTimeOfACronScheduleOnTheWall) {
    const Flow daily = flow(R"("schedule":"0 9 * * *")");
    const Timetable table(daily);
    const auto next = table.next(table.from(noon));
    ASSERT_TRUE(next);
    EXPECT_EQ("2026-11-23T00:00:00Z", utc_text(next->time));
    EXPECT_EQ(Scale::wall, next->scale);
    EXPECT_EQ(next->time, next->at);
}

TEST(Timetable, CountsEveryFromTheStartOnTheSteadyClock) {
    const Flow often = flow(R"("every":"10m")");
    const Timetable table(often);
    const auto next = table.next(table.from(noon));
    ASSERT_TRUE(next);
    EXPECT_EQ("2026-11-22T12:10:00Z", utc_text(next->time));
    EXPECT_EQ(Scale::steady, next->scale);
    EXPECT_EQ(noon.steady_ms + 10 * minute, next->at);
}

TEST(Timetable, ATimeNoticedLaterThanItsPatienceIsMissed) {
    const Flow hourly = flow(R"("schedule":"0 * * * *")");
    const Timetable table(hourly);
    const Mark mark = table.from(noon);
    const auto late = table.passed(mark, later(hour + minute), minute);
    EXPECT_EQ(utc("2026-11-22T13:00:00Z"), late.due.value_or(0));
    EXPECT_EQ(0u, late.missed.count);
    const auto too_late = table.passed(mark, later(hour + minute + 1), minute);
    EXPECT_FALSE(too_late.due);
    EXPECT_EQ(1u, too_late.missed.count);
    const auto both = table.passed(mark, later(3 * hour + 5), minute);
    EXPECT_EQ(utc("2026-11-22T15:00:00Z"), both.due.value_or(0));
    EXPECT_EQ(2u, both.missed.count);
}

TEST(Timetable, CountsAllAndKeepsTen) {
    const Flow often = flow(R"("schedule":"* * * * *")");
    const Timetable table(often);
    const Times all = table.all(table.from(noon), later(2 * hour));
    EXPECT_EQ(120u, all.count);
    EXPECT_EQ(10u, all.each.size());
    EXPECT_EQ("2026-11-22T12:01:00Z", utc_text(all.first));
    EXPECT_EQ("2026-11-22T14:00:00Z", utc_text(all.last));
    const Flow every = flow(R"("every":"1s")");
    const Times many = Timetable(every).all(table.from(noon), later(day));
    EXPECT_EQ(86400u, many.count);
    EXPECT_EQ(noon.wall_ms + day, many.last);
}

TEST(Timetable, LooksBackAYearAtMost) {
    const Flow daily = flow(R"("schedule":"0 9 * * *")");
    const Times all = Timetable(daily).all({utc("1990-01-01T00:00:00Z"), 0, ""}, noon);
    EXPECT_EQ(366u, all.count);
}

TEST(Timetable, AfterAnotherBootTheWallTellsHowLongAgoTheLastRunWas) {
    const Flow often = flow(R"("every":"10m")");
    const Timetable table(often);
    const Now rebooted{noon.wall_ms + 4 * minute, 5000, "boot 2"};
    const auto next = table.next(table.here(table.from(noon), rebooted));
    ASSERT_TRUE(next);
    EXPECT_EQ(5000 + 6 * minute, next->at);
    EXPECT_EQ(noon.wall_ms + 10 * minute, next->time);
    const Now gone_back{noon.wall_ms - hour, 5000, "boot 2"};
    EXPECT_EQ(5000 + 10 * minute, table.next(table.here(table.from(noon), gone_back))->at);
}

TEST(Timetable, NamesOfEveryGoOnThoughTheWallIsSetBack) {
    const Flow often = flow(R"("every":"10m")");
    const Timetable table(often);
    const Now set_back{noon.wall_ms - hour, noon.steady_ms + 10 * minute, noon.boot};
    const Mark mark = table.started(noon.wall_ms + 10 * minute, set_back);
    EXPECT_EQ(noon.wall_ms + 20 * minute, table.next(mark)->time);
    EXPECT_EQ(noon.steady_ms + 20 * minute, table.next(mark)->at);
}

}  // namespace
}  // namespace wfc::flow::test
