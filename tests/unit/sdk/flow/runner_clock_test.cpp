// Clocks that are not set, set back, set forward and set again; schedules that were changed.
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "flow/runner.hpp"
#include "support/scratch.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Event::Kind;

struct WrongClock : testing::Test {
    /// The machine starts with that clock, which is set to `then` after 20 seconds.
    void boot_at(const char* wrong, const char* then) {
        world.next_process("b");
        world.clock.boot("boot 2");
        world.clock.set(utc(wrong));
        world.clock.after(20 * second, [this, then] { world.clock.set(utc(then)); });
    }
    void forget_runs() {
        for (auto at = world.records.values.begin(); at != world.records.values.end();)
            at = at->first.compare(0, 4, "run/") == 0 ? world.records.values.erase(at) : std::next(at);
    }
    World world;
    const Flow yearly = flow(R"("schedule":"0 9 1 1 *")", R"("on_missed":"run-once")");
    const Flow daily = flow(R"("schedule":"0 9 * * *")", R"("on_missed":"run-once")");
    const Flow often = flow(R"("schedule":"* * * * *")");
};

TEST_F(WrongClock, ThatIsNotSetYetIsWaitedForAndAYearlyRunIsNotDoneTwice) {
    world.clock.set(utc("2025-12-31T23:00:00Z"));
    world.run(yearly, 3 * hour);
    forget_runs();  // they are kept for 30 days
    boot_at("1970-01-01T00:00:20Z", "2026-06-01T08:00:00Z");
    world.run(yearly, 2 * hour);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-01-01T00:00:00Z/mail"));
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
    const auto said = world.diary.of(Kind::trouble);
    ASSERT_EQ(2u, said.size());
    EXPECT_THAT(said[0].message, HasSubstr("1970-01-01T00:00:20Z"));
    EXPECT_THAT(said[0].message, HasSubstr("not set yet"));
    EXPECT_THAT(said[1].message, HasSubstr("the clock is set"));
}

TEST_F(WrongClock, ThatIsNotSetYetMakesNothingMissed) {
    world.clock.set(utc("2026-05-30T23:00:00Z"));
    world.run(daily, 3 * hour);
    boot_at("1970-01-01T00:00:20Z", "2026-05-31T08:00:00Z");
    world.run(daily, 2 * hour);
    EXPECT_EQ(1u, world.steps.calls.size());
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
    EXPECT_THAT(world.diary.times(Kind::next),
                ElementsAre("2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"));
}

TEST_F(WrongClock, AtTheFirstStartRunsNothingAtOnce) {
    boot_at("1970-01-01T00:00:20Z", "2026-05-31T08:00:00Z");
    world.run(daily, 2 * hour);
    EXPECT_THAT(world.steps.calls, IsEmpty());
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
}

TEST_F(WrongClock, MoreThanADayBeforeTheFlowFileWasChangedIsNotSetYet) {
    const wfc::test::Scratch scratch;
    Flow here = often;
    here.file = scratch / "f.json";
    std::ofstream(here.file) << "{}";
    const std::int64_t changed = utc("2026-05-31T08:00:00Z");
    const std::timespec times[2] = {{changed / 1000, 0}, {changed / 1000, 0}};
    ASSERT_EQ(0, utimensat(AT_FDCWD, here.file.c_str(), times, 0));
    world.clock.set(changed - day - minute);
    world.run(here, minute / 2);
    EXPECT_THAT(world.diary.of(Kind::trouble).at(0).message, HasSubstr("f.json was changed"));
    EXPECT_THAT(world.diary.of(Kind::next), IsEmpty());
    world.clock.set(changed - day + minute);
    world.run(here, minute / 2);
    EXPECT_EQ(1u, world.diary.of(Kind::next).size());
}

TEST_F(WrongClock, ThatWasBelievedAndIsSetForwardAgainHasMissedNothingThatWasHandled) {
    world.clock.set(utc("2026-05-20T08:00:00Z"));
    world.run(daily, 5 * day);
    ASSERT_EQ(5u, world.steps.calls.size());
    forget_runs();
    boot_at("2026-05-21T08:00:00Z", "2026-05-27T08:00:00Z");
    world.run(daily, hour);
    EXPECT_THAT(world.diary.of(Kind::trouble).at(0).message, HasSubstr("believed"));
    EXPECT_THAT(world.diary.times(Kind::missed), ElementsAre("2026-05-26T00:00:00Z", "2026-05-27T00:00:00Z"));
    EXPECT_EQ(6u, world.steps.calls.size()) << "one makes up for those two";
    EXPECT_EQ("f/2026-05-27T00:00:00Z/mail", world.steps.calls.back().id);
}

TEST_F(WrongClock, SetBackByLessThanADayIsNamedOnceWithTheNextRun) {
    world.clock.set(utc("2026-05-30T23:00:30Z"));
    world.clock.after(3 * minute, [&] { world.clock.set(utc("2026-05-30T00:03:30Z")); });
    world.run(often, 20 * hour);
    EXPECT_EQ(3u, world.steps.calls.size());
    const auto said = world.diary.of(Kind::trouble);
    ASSERT_EQ(1u, said.size());
    EXPECT_THAT(said[0].message, HasSubstr("the clock is 22 h behind"));
    EXPECT_THAT(said[0].message, HasSubstr("2026-05-30T23:03:00Z"));
    EXPECT_EQ(Kind::next, world.diary.all.back().kind);
    EXPECT_GT(world.diary.all.back().ms, 22 * hour);
}

TEST_F(WrongClock, SetForwardAndBackAgainWhileRunsWaitDoesNotSpin) {
    struct SetsBack final : Events {
        explicit SetsBack(World& in) : world(in) {}
        void happened(const Event& event) override {
            world.diary.happened(event);
            if (event.kind == Kind::skipped && world.diary.of(Kind::skipped).size() == 1)
                world.clock.set(utc("2026-05-30T23:01:30Z"));
            if (world.diary.all.size() > 500) throw Killed();
        }
        World& world;
    };
    world.clock.set(utc("2026-05-30T23:00:30Z"));
    world.steps.meanwhile = [&](const std::string&) {
        if (world.steps.calls.size() == 1) world.clock.set(utc("2026-06-02T00:00:30Z"));
    };
    SetsBack events(world);
    world.clock.after(7 * minute, [&] { world.clock.stop(); });
    const Flow queue = flow(R"("schedule":"* * * * *","overlap":"queue")");
    EXPECT_NO_THROW(Runner(queue, {world.clock, world.records, world.processes, world.steps, events}).run());
    EXPECT_GE(4u, world.diary.of(Kind::trouble).size());
    std::vector<std::string> ids = world.steps.ids();
    EXPECT_EQ(ids.size(), std::set<std::string>(ids.begin(), ids.end()).size());
}

TEST_F(WrongClock, ThatIsBelievedNamesTheRunsThatWereWaiting) {
    world.clock.set(utc("2026-05-30T23:00:30Z"));
    world.steps.meanwhile = [&](const std::string&) {
        if (world.steps.calls.size() == 1) world.clock.pass(3 * minute);
        if (world.steps.calls.size() == 2) world.clock.set(utc("2026-05-28T12:00:30Z"));
    };
    world.run(flow(R"("schedule":"* * * * *","overlap":"queue")"), 5 * minute);
    EXPECT_THAT(world.diary.times(Kind::skipped),
                ElementsAre("2026-05-30T23:03:00Z", "2026-05-30T23:04:00Z"));
    EXPECT_EQ("f/2026-05-28T12:01:00Z/mail", world.steps.ids().at(2));
}

TEST_F(WrongClock, TimesOfAnIntervalThatASleepingMachineLeftOutAreNamed) {
    world.clock.set(utc("2026-05-30T00:00:00Z"));
    world.clock.after(25 * second, [&] { world.clock.pass(50 * second); });
    world.run(flow(R"("every":"10s")"), 100 * second);
    std::set<std::string> named;
    for (const Kind kind : {Kind::run, Kind::missed}) {
        for (const std::string& time : world.diary.times(kind)) named.insert(time);
    }
    for (int s = 10; s <= 70; s += 10)
        EXPECT_EQ(1u, named.count(utc_text(utc("2026-05-30T00:00:00Z") + s * second))) << s;
    EXPECT_THAT(world.diary.times(Kind::missed), ElementsAre("2026-05-30T00:00:30Z", "2026-05-30T00:00:40Z",
                                                             "2026-05-30T00:00:50Z", "2026-05-30T00:01:00Z"));
}

TEST_F(WrongClock, ARestartThatSpansTheMomentDoesNotLoseTheRun) {
    world.clock.set(utc("2026-05-30T23:58:00Z"));
    const Flow skips = flow(R"("schedule":"0 9 * * *")");
    world.run(skips, 119 * second);
    world.clock.pass(2 * second);
    world.run(skips, minute);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-05-31T00:00:00Z/mail"));
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
}

TEST_F(WrongClock, AScheduleThatWasChangedBeginsAfresh) {
    world.clock.set(utc("2026-05-30T12:00:00Z"));
    world.run(daily, hour);
    world.next_process("b");
    world.clock.pass(day);
    world.run(flow(R"("schedule":"*/5 * * * *")", R"("on_missed":"run-once")"), minute);
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
    EXPECT_THAT(world.steps.calls, IsEmpty());
    world.clock.pass(hour);
    world.run(flow(R"("every":"1m")", R"("on_missed":"run-once")"), 2 * second);
    EXPECT_THAT(world.steps.calls, IsEmpty());
}

}  // namespace
}  // namespace wfc::flow::test
