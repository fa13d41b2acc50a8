// A store that is away, locked, full or replaced while flows run.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "flow/runner.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Event::Kind;

bool of_run(const std::string& key) {
    return key.compare(0, 4, "run/") == 0;
}

struct StoreTrouble : testing::Test {
    StoreTrouble() { world.clock.set(utc("2026-05-30T23:59:00Z")); }
    void away_for(std::int64_t ms) {
        world.records.trouble = WFC_UNAVAILABLE;
        world.clock.after(ms, [this] { world.records.trouble = WFC_OK; });
    }
    World world;
    const Flow daily = flow(R"("schedule":"0 9 * * *")", R"("on_missed":"run-once")", R"([
        {"id":"mail","component":"c","operation":"o","on":{"unknown":"alert","failed":"alert"}},
        {"id":"last","component":"c","operation":"o"},
        {"id":"alert","component":"c","operation":"o"}])");
    const std::vector<std::string> whole{"f/2026-05-31T00:00:00Z/mail", "f/2026-05-31T00:00:00Z/last"};
};

TEST_F(StoreTrouble, AsAStepEndsIsWaitedForAndTheRunGoesOn) {
    world.steps.meanwhile = [&](const std::string&) {
        if (world.steps.calls.size() == 1) away_for(80 * second);
    };
    world.run(daily, 10 * minute);
    EXPECT_EQ(whole, world.steps.ids()) << "no alert";
    EXPECT_THAT(world.diary.of(Kind::cut), IsEmpty());
    EXPECT_EQ(1u, world.diary.of(Kind::finished).size());
    ASSERT_EQ(Kind::step, world.diary.all.at(3).kind) << "what the step did is said first";
    EXPECT_EQ("accepted", world.diary.all.at(3).outcome);
    const auto said = world.diary.of(Kind::trouble);
    ASSERT_EQ(3u, said.size()) << "at first, after a minute, and when it was over";
    EXPECT_THAT(said[0].message, HasSubstr("the state store /s"));
    EXPECT_THAT(said[2].message, HasSubstr("goes on"));
}

TEST_F(StoreTrouble, ThatLastsLongCutsTheRunAndForgetsNoOutcome) {
    world.steps.meanwhile = [&](const std::string&) { away_for(hour); };
    world.run(daily, 2 * hour);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-05-31T00:00:00Z/mail")) << "it had not failed";
    const auto cut = world.diary.of(Kind::cut);
    ASSERT_EQ(1u, cut.size());
    EXPECT_EQ("", cut[0].step);
    EXPECT_EQ("mail accepted", cut[0].reason);
    EXPECT_THAT(cut[0].message, HasSubstr("the state store failed"));
}

TEST_F(StoreTrouble, AtEitherWriteOfAClaimLosesNoRun) {
    for (const bool first : {true, false}) {
        World each;
        each.clock.set(utc("2026-05-30T23:59:00Z"));
        int left = 0;
        each.clock.after(second, [&] { left = 1; });
        each.records.refuses = [&](const std::string& key) {
            return of_run(key) == first && left-- > 0 ? WFC_UNAVAILABLE : WFC_OK;
        };
        each.run(daily, 10 * minute);
        EXPECT_EQ(whole, each.steps.ids()) << first;
    }
}

TEST_F(StoreTrouble, AfterAWriteOfTheClaimThatWasDoneAllTheSameLosesNoRun) {
    for (int at = 1; at <= 3; ++at) {
        World each;
        each.clock.set(utc("2026-05-30T23:59:30Z"));
        bool armed = false;
        each.clock.after(second, [&] { armed = true; });
        int writes = 0;
        each.records.written = [&](const std::string&) {
            if (!armed || ++writes != at) return;
            each.records.trouble = WFC_UNAVAILABLE;
            each.clock.after(3 * second, [&each] { each.records.trouble = WFC_OK; });
        };
        each.run(daily, 10 * minute);
        EXPECT_EQ(whole, each.steps.ids()) << "write " << at;
    }
}

TEST_F(StoreTrouble, BeforeTheFirstStepForLongCountsAsMissed) {
    world.clock.after(second, [&] {
        world.records.refuses = [&](const std::string& key) {
            if (key == "flow/f") away_for(hour);
            return WFC_OK;
        };
    });
    world.clock.after(30 * minute, [&] { world.records.refuses = nullptr; });
    world.run(daily, 2 * hour);
    EXPECT_THAT(world.diary.times(Kind::missed), ElementsAre("2026-05-31T00:00:00Z"));
    EXPECT_EQ(whole, world.steps.ids()) << "one run made up for it";
}

TEST_F(StoreTrouble, AtTheClaimOfARunThatWaitedKeepsItsPlace) {
    struct Refuses final : Events {
        explicit Refuses(World& in) : world(in) {}
        void happened(const Event& event) override {
            world.diary.happened(event);
            if (event.kind != Kind::finished || world.diary.of(Kind::finished).size() != 1) return;
            world.records.refuses = [this](const std::string&) {
                world.records.refuses = nullptr;
                return WFC_UNAVAILABLE;
            };
        }
        World& world;
    };
    world.clock.set(utc("2026-05-31T00:00:30Z"));
    world.steps.meanwhile = [&](const std::string&) {
        if (world.steps.calls.size() == 1) world.clock.pass(3 * minute);
    };
    Refuses events(world);
    world.clock.after(7 * minute, [&] { world.clock.stop(); });
    const Flow queue = flow(R"("schedule":"* * * * *","overlap":"queue")");
    Runner(queue, {world.clock, world.records, world.processes, world.steps, events}).run();
    for (int i = 1; i <= 6; ++i)
        EXPECT_EQ("f/2026-05-31T00:0" + std::to_string(i) + ":00Z/mail",
                  world.steps.ids().at(static_cast<std::size_t>(i) - 1));
}

TEST_F(StoreTrouble, IsSaidOnceAndAgainAfterGrowingPausesAndWhenItIsOver) {
    world.clock.after(second, [&] { away_for(3 * hour); });
    world.run(daily, 4 * hour);
    const auto said = world.diary.of(Kind::trouble);
    EXPECT_GE(9u, said.size());
    EXPECT_LE(6u, said.size());
    EXPECT_THAT(said.front().message, HasSubstr("/s"));
    EXPECT_THAT(said.front().message, HasSubstr("make room"));
    EXPECT_THAT(said.back().message, HasSubstr("can be used again"));
}

TEST_F(StoreTrouble, ThatWasReplacedIsNamedAndNothingIsRun) {
    world.clock.after(second, [&] { world.records.replaced = "the file was replaced"; });
    world.run(daily, hour);
    EXPECT_THAT(world.steps.calls, IsEmpty());
    EXPECT_THAT(world.diary.of(Kind::trouble).at(0).message, HasSubstr("the file was replaced"));
}

TEST_F(StoreTrouble, InARunOutsideTheScheduleGivesTheCodeOfItsStep) {
    world.steps.meanwhile = [&](const std::string&) { world.records.trouble = WFC_UNAVAILABLE; };
    world.steps.results["mail"] = {3, R"({"outcome":"rejected"})"};
    const Runner::Once once = Runner(daily, world.around()).once();
    EXPECT_TRUE(once.end.ran);
    EXPECT_EQ(3, once.end.code);
    EXPECT_THAT(world.diary.of(Kind::trouble).back().message, HasSubstr("could not be written down"));
    World other;
    other.records.trouble = WFC_UNAVAILABLE;
    EXPECT_THROW(Runner(daily, other.around()).once(), JournalUnusable) << "nothing began";
}

TEST_F(StoreTrouble, ThatLostTheRecordOfARunMakesItUnknown) {
    world.steps.meanwhile = [](const std::string&) { throw Killed(); };
    world.run(daily, 10 * minute);
    world.records.values.erase("run/f/2026-05-31T00:00:00Z");
    world.steps.meanwhile = nullptr;
    world.steps.calls.clear();
    world.next_process("b");
    world.run(daily, minute);
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-05-31T00:00:00Z/alert"));
    const auto cut = world.diary.of(Kind::cut);
    ASSERT_EQ(1u, cut.size());
    EXPECT_EQ("unknown", cut[0].outcome);
    EXPECT_THAT(cut[0].message, HasSubstr("what it did is unknown"));
}

TEST_F(StoreTrouble, AnotherProcessThatDiesInItsRunIsNoticedSoon) {
    world.processes.living = {"a", "b"};
    Journal other(world.records, world.processes, "f");
    const std::int64_t before = utc("2026-05-30T00:00:00Z");
    ASSERT_EQ(Journal::Claim::claimed, other.claim(before, Mark{utc("2026-05-30T23:00:00Z"), 0, ""}, 0));
    other.step_begins("mail", 0);
    world.processes.current = "b";
    const Flow evening = flow(R"("schedule":"0 20 * * *")");
    world.clock.after(2 * minute, [&] { world.processes.living = {"b"}; });
    world.run(evening, 3 * minute);
    EXPECT_THAT(world.diary.times(Kind::cut), ElementsAre("2026-05-30T00:00:00Z"));
}

TEST_F(StoreTrouble, AStepThatWaitedForItsTurnWhenItWasTimeToStopDoesNotBegin) {
    world.steps.waits = [&] { world.clock.stop(); };
    world.run(daily, 10 * minute);
    EXPECT_THAT(world.steps.calls, IsEmpty());
    EXPECT_THAT(world.diary.times(Kind::stopped), ElementsAre("2026-05-31T00:00:00Z"));
}

}  // namespace
}  // namespace wfc::flow::test
