#include "flow/runner.hpp"

#include <gmock/gmock.h>

#include "world.hpp"

namespace wfc::flow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Event::Kind;

TEST(Runner, RunsADailyFlowEveryDayOfAYearOnce) {
    World world;
    world.clock.set(utc("2026-01-01T00:00:00Z"));
    EXPECT_TRUE(world.run(flow(R"("schedule":"0 9 * * *","timezone":"Europe/Berlin")"), 365 * day));
    ASSERT_EQ(365u, world.steps.calls.size());
    EXPECT_EQ("f/2026-01-01T08:00:00Z/mail", world.steps.calls[0].id);
    EXPECT_EQ("f/2026-07-01T07:00:00Z/mail", world.steps.calls[181].id);
    EXPECT_EQ("f/2026-12-31T08:00:00Z/mail", world.steps.calls[364].id);
    const std::vector<std::string> ids = world.steps.ids();
    EXPECT_EQ(365u, std::set<std::string>(ids.begin(), ids.end()).size());
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
    EXPECT_EQ(366u, world.diary.of(Kind::next).size());
}

TEST(Runner, RunsAnIntervalThroughAYear) {
    World world;
    world.clock.set(utc("2026-01-01T00:00:00Z"));
    world.steps.meanwhile = [&](const std::string&) { world.clock.pass(3 * minute); };
    EXPECT_TRUE(world.run(flow(R"("every":"6h")"), 365 * day));
    EXPECT_EQ(365u * 4 - 1, world.steps.calls.size()) << "the last is due as it stops";
    EXPECT_EQ("f/2026-01-01T06:00:00Z/mail", world.steps.calls[0].id);
    EXPECT_EQ("f/2026-12-31T18:00:00Z/mail", world.steps.calls.back().id);
}

TEST(Runner, SaysWhenTheNextRunIs) {
    World world;
    world.clock.set(utc("2026-11-22T10:00:00Z"));
    world.run(flow(R"("schedule":"0 9 * * *")"), hour);
    const auto next = world.diary.of(Kind::next);
    ASSERT_EQ(1u, next.size());
    EXPECT_EQ(14 * hour, next[0].ms);
    EXPECT_EQ("2026-11-23T00:00:00Z", utc_text(next[0].times.first));
}

TEST(Runner, TheFirstStartHasMissedNothingAndRunsNothingAtOnce) {
    World world;
    world.clock.set(utc("2026-11-23T00:00:00Z"));
    world.run(flow(R"("schedule":"0 9 * * *","on_missed":"run-once")"), hour);
    world.run(flow(R"("every":"2h","on_missed":"run-once")"), hour);
    EXPECT_THAT(world.steps.calls, IsEmpty());
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
}

TEST(Runner, TimesOfAProcessThatWasDownAreNamedAndSkipped) {
    World world;
    world.clock.set(utc("2026-11-20T12:00:00Z"));
    const Flow daily = flow(R"("schedule":"0 9 * * *")");
    world.run(daily, hour);
    world.clock.pass(3 * day);
    world.run(daily, hour);
    EXPECT_THAT(world.steps.calls, IsEmpty());
    EXPECT_THAT(world.diary.times(Kind::missed),
                ElementsAre("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"));
    EXPECT_EQ(1u, world.diary.of(Kind::missed).size()) << "one line";
    world.run(daily, hour);
    EXPECT_EQ(1u, world.diary.of(Kind::missed).size()) << "named once";
}

TEST(Runner, OrAreMadeUpForByOneRunOfTheLatest) {
    World world;
    world.clock.set(utc("2026-11-20T12:00:00Z"));
    const Flow daily = flow(R"("schedule":"0 9 * * *","on_missed":"run-once")");
    world.run(daily, hour);
    world.clock.pass(3 * day);
    world.run(daily, hour);
    world.run(daily, hour);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-23T00:00:00Z/mail"));
    EXPECT_EQ("run-once", world.diary.of(Kind::missed).at(0).reason);
}

TEST(Runner, OfManyMissedTimesFirstAndLastAndTheNumberAreKept) {
    World world;
    world.clock.set(utc("2026-11-20T12:00:00Z"));
    const Flow often = flow(R"("schedule":"* * * * *")");
    world.run(often, minute / 2);
    world.clock.pass(hour);
    world.run(often, second);
    const auto missed = world.diary.of(Kind::missed);
    ASSERT_EQ(1u, missed.size());
    EXPECT_EQ(59u, missed[0].times.count);
    EXPECT_EQ("2026-11-20T12:01:00Z", utc_text(missed[0].times.first));
    EXPECT_EQ("2026-11-20T12:59:00Z", utc_text(missed[0].times.last));
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-20T13:00:00Z/mail")) << "half a minute late";
}

TEST(Runner, AnIntervalGoesOnFromItsLastRunAfterARestart) {
    World world;
    world.clock.set(utc("2026-11-22T12:00:00Z"));
    const Flow often = flow(R"("every":"10m")");
    world.run(often, 14 * minute);
    world.clock.pass(minute);
    world.run(often, 6 * minute);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T12:10:00Z/mail", "f/2026-11-22T12:20:00Z/mail"));
    world.clock.pass(25 * minute);
    world.run(often, 10 * minute);
    EXPECT_THAT(world.diary.times(Kind::missed), ElementsAre("2026-11-22T12:30:00Z", "2026-11-22T12:40:00Z"));
    EXPECT_EQ("f/2026-11-22T12:50:00Z/mail", world.steps.calls.back().id);
}

TEST(Runner, AnIntervalGoesOnAfterAnotherBoot) {
    World world;
    world.clock.set(utc("2026-11-22T12:00:00Z"));
    const Flow often = flow(R"("every":"10m")");
    world.run(often, 14 * minute);
    world.clock.boot("boot 2");
    world.run(often, 7 * minute);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T12:10:00Z/mail", "f/2026-11-22T12:20:00Z/mail"));
}

TEST(Runner, AMachineThatSleptHasMissedWhatPassed) {
    World world;
    world.clock.set(utc("2026-11-22T12:30:00Z"));
    world.clock.after(minute, [&] { world.clock.set(utc("2026-11-22T15:30:00Z")); });
    world.run(flow(R"("schedule":"0 * * * *")"), hour);
    EXPECT_THAT(world.diary.times(Kind::missed),
                ElementsAre("2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z", "2026-11-22T15:00:00Z"));
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T16:00:00Z/mail"));
}

TEST(Runner, AClockSetForwardByHalfAMinuteRunsWhatItJumpedOver) {
    World world;
    world.clock.set(utc("2026-11-22T12:59:40Z"));
    world.clock.after(10 * second, [&] { world.clock.set(utc("2026-11-22T13:00:20Z")); });
    world.run(flow(R"("schedule":"0 * * * *")"), minute);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/mail"));
    EXPECT_EQ(20 * second, world.diary.of(Kind::run).at(0).ms) << "it says how late it is";
}

TEST(Runner, AClockSetBackRunsNothingTwice) {
    World world;
    world.clock.set(utc("2026-11-22T12:30:00Z"));
    world.clock.after(hour, [&] { world.clock.set(utc("2026-11-22T11:30:00Z")); });
    const Flow hourly = flow(R"("schedule":"0 * * * *")");
    world.run(hourly, 4 * hour);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/mail", "f/2026-11-22T14:00:00Z/mail"));
    world.clock.set(utc("2026-11-22T13:30:00Z"));
    world.run(hourly, 2 * hour);
    EXPECT_EQ("f/2026-11-22T15:00:00Z/mail", world.steps.calls.back().id);
    EXPECT_EQ(3u, world.steps.calls.size());
}

TEST(Runner, AnIntervalDoesNotCareAboutTheWall) {
    World world;
    world.clock.set(utc("2026-11-22T12:00:00Z"));
    world.clock.after(15 * minute, [&] { world.clock.set(utc("2026-11-22T02:00:00Z")); });
    world.clock.after(25 * minute, [&] { world.clock.set(utc("2026-12-24T02:00:00Z")); });
    world.run(flow(R"("every":"10m")"), 45 * minute);
    EXPECT_EQ(4u, world.steps.calls.size());
    const std::vector<std::string> ids = world.steps.ids();
    EXPECT_EQ(4u, std::set<std::string>(ids.begin(), ids.end()).size());
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
}

TEST(Runner, AClockThatWasFarAheadDoesNotStopAFlowForYears) {
    World world;
    world.clock.set(utc("2099-11-22T12:00:00Z"));
    const Flow daily = flow(R"("schedule":"0 9 * * *")");
    world.run(daily, 2 * day);
    world.clock.set(utc("2026-11-22T12:00:00Z"));
    world.run(daily, 2 * day);
    ASSERT_EQ(4u, world.steps.calls.size());
    EXPECT_EQ("f/2026-11-23T00:00:00Z/mail", world.steps.calls[2].id);
    EXPECT_THAT(world.diary.of(Kind::trouble).at(0).message, HasSubstr("more than a day behind"));
}

TEST(Runner, AClockThatIsSetBackForDaysRunsNoRecordedRunAgain) {
    World world;
    world.clock.set(utc("2026-11-20T12:00:00Z"));
    const Flow daily = flow(R"("schedule":"0 9 * * *")");
    world.run(daily, 4 * day);
    world.clock.set(utc("2026-11-20T12:00:00Z"));
    world.run(daily, 5 * day);
    EXPECT_EQ(5u, world.steps.calls.size());
    EXPECT_EQ(4u, world.diary.of(Kind::skipped).size());
}

TEST(Runner, ARunThatTakesLongSkipsWhatComesMeanwhile) {
    World world;
    world.clock.set(utc("2026-11-22T12:59:00Z"));
    world.steps.meanwhile = [&](const std::string&) { world.clock.pass(150 * minute); };
    world.run(flow(R"("schedule":"0 * * * *")"), 5 * hour);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/mail", "f/2026-11-22T16:00:00Z/mail"));
    EXPECT_THAT(world.diary.times(Kind::skipped),
                ElementsAre("2026-11-22T14:00:00Z", "2026-11-22T15:00:00Z", "2026-11-22T17:00:00Z",
                            "2026-11-22T18:00:00Z"));
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
}

TEST(Runner, OrLetsItWait) {
    World world;
    world.clock.set(utc("2026-11-22T12:59:00Z"));
    world.steps.meanwhile = [&](const std::string&) {
        if (world.steps.calls.size() == 1) world.clock.pass(150 * minute);
    };
    world.run(flow(R"("schedule":"0 * * * *","overlap":"queue")"), 4 * hour);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/mail", "f/2026-11-22T14:00:00Z/mail",
                                               "f/2026-11-22T15:00:00Z/mail", "f/2026-11-22T16:00:00Z/mail"));
    EXPECT_THAT(world.diary.of(Kind::skipped), IsEmpty());
}

TEST(Runner, SixteenWaitAndTheRestIsNamed) {
    World world;
    world.clock.set(utc("2026-11-22T12:00:30Z"));
    world.steps.meanwhile = [&](const std::string&) {
        if (world.steps.calls.size() == 1) world.clock.pass(20 * minute + second);
    };
    world.run(flow(R"("schedule":"* * * * *","overlap":"queue")"), 22 * minute);
    EXPECT_EQ(1u + 16 + 1, world.steps.calls.size());
    const auto skipped = world.diary.of(Kind::skipped);
    ASSERT_EQ(1u, skipped.size());
    EXPECT_EQ(4u, skipped[0].times.count);
    EXPECT_EQ("2026-11-22T12:18:00Z", utc_text(skipped[0].times.first));
    EXPECT_EQ("f/2026-11-22T12:22:00Z/mail", world.steps.calls.back().id);
}

TEST(Runner, AnIntervalThatIsOutrunSkipsOrRunsOnceAtOnce) {
    World world;
    world.clock.set(utc("2026-11-22T12:00:00Z"));
    world.steps.meanwhile = [&](const std::string&) { world.clock.pass(35 * minute); };
    world.run(flow(R"("every":"10m")"), hour);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T12:10:00Z/mail", "f/2026-11-22T12:50:00Z/mail"));
    World queue;
    queue.clock.set(utc("2026-11-22T12:00:00Z"));
    queue.steps.meanwhile = [&](const std::string&) { queue.clock.pass(35 * minute); };
    queue.run(flow(R"("every":"10m","overlap":"queue")"), 50 * minute);
    EXPECT_THAT(queue.steps.ids(), ElementsAre("f/2026-11-22T12:10:00Z/mail", "f/2026-11-22T12:20:00Z/mail"));
    EXPECT_THAT(queue.diary.of(Kind::skipped), IsEmpty());
}

TEST(Runner, OnceRunsNowAndLeavesTheScheduleAlone) {
    World world;
    world.clock.set(utc("2026-11-22T12:00:00Z") + 250);
    const Flow daily = flow(R"("schedule":"0 9 * * *")");
    world.steps.results["mail"] = {3, R"({"outcome":"rejected"})"};
    const Runner::Once once = Runner(daily, world.around(), R"({"a":1})").once();
    EXPECT_FALSE(once.skipped);
    EXPECT_EQ(3, once.end.code);
    ASSERT_EQ(1u, world.steps.calls.size());
    EXPECT_EQ("f/2026-11-22T12:00:00.250Z/mail", world.steps.calls[0].id);
    EXPECT_EQ(R"({"a":1})", world.steps.calls[0].payload);
    world.clock.pass(day);
    world.run(daily, hour);
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty()) << "it never was on its schedule";
}

TEST(Runner, AStoreThatIsLockedIsTriedAgain) {
    World world;
    world.clock.set(utc("2026-11-22T12:59:00Z"));
    world.clock.after(30 * second, [&] { world.records.trouble = WFC_UNAVAILABLE; });
    world.clock.after(90 * second, [&] { world.records.trouble = WFC_OK; });
    world.run(flow(R"("schedule":"0 * * * *")"), 10 * minute);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/mail"));
    EXPECT_THAT(world.diary.of(Kind::trouble).at(0).message, HasSubstr("locked"));
}

TEST(Runner, AStoreThatFailsInARunDoesNotRunItTwice) {
    World world;
    world.clock.set(utc("2026-11-22T12:59:00Z"));
    world.steps.meanwhile = [&](const std::string&) { world.records.trouble = WFC_UNAVAILABLE; };
    world.clock.after(30 * minute, [&] { world.records.trouble = WFC_OK; });
    world.run(flow(R"("schedule":"0 * * * *")"), 40 * minute);
    EXPECT_EQ(1u, world.steps.calls.size());
    EXPECT_THAT(world.diary.of(Kind::cut), IsEmpty()) << "it had one step, whose end was known";
}

TEST(Runner, AnIdThatAnotherFileUsedIsNamed) {
    World world;
    world.clock.set(utc("2026-11-22T12:59:00Z"));
    const std::string text =
        R"({"id":"f","every":"1h","steps":[{"id":"s","component":"c","operation":"o"}]})";
    world.run(parse_flow("/one.json", text), minute);
    world.run(parse_flow("/two.json", text), minute);
    Runner(parse_flow("/three.json", text), world.around()).once();
    ASSERT_EQ(2u, world.diary.of(Kind::trouble).size());
    EXPECT_THAT(world.diary.of(Kind::trouble)[0].message, HasSubstr("/one.json"));
    EXPECT_THAT(world.diary.of(Kind::trouble)[1].message, HasSubstr("/two.json"));
}

}  // namespace
}  // namespace wfc::flow::test
