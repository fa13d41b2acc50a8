// Several flows and processes, restarts, and a store that fails.
#include <gmock/gmock.h>

#include "flow/checkup.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using Kind = Event::Kind;
constexpr std::int64_t second_ms = second;

const char* const warning = R"({"outcome":"succeeded","account":{"warnings":["it ends soon"]}})";

Flow watched(const std::string& id, const std::string& on = R"("on":{"warning":"alert"},)") {
    return parse_flow("/flows/" + id + ".json",
                      R"({"id":")" + id + R"(","timezone":"UTC","every":"1h",)" + on +
                          R"("steps":[{"id":"mail","component":"c","operation":"o"},)"
                          R"({"id":"alert","component":"c","operation":"o"}]})");
}

struct Watched : World {
    Watched() {
        clock.set(utc("2026-11-16T12:00:00Z"));
        Step account;
        account.id = account.operation = "account-status";
        account.component = "c";
        account.settings = "/s.json";
        steps.accounts = {account};
        steps.results["account-status"] = {0, warning};
    }
    std::size_t alerts() const { return steps.ids("/alert").size(); }
    std::size_t asked() const { return steps.ids("/account-status/").size() - alerts(); }
};

TEST(CheckupStore, ARestartWithinAnHourAsksAndTellsNothingAgain) {
    Watched world;
    world.run(watched("f"), 10 * minute);
    world.next_process("b");
    world.run(watched("f"), 10 * minute);
    EXPECT_EQ(1u, world.asked());
    EXPECT_EQ(1u, world.alerts());
}

TEST(CheckupStore, ALaterOneAsksAgainAndTellsTheSameOnlyInTheLog) {
    Watched world;
    world.run(watched("f"), 10 * minute);
    world.clock.pass(2 * hour);
    world.next_process("b");
    world.run(watched("f"), 10 * minute);
    EXPECT_EQ(2u, world.asked());
    EXPECT_EQ(1u, world.alerts());
    EXPECT_THAT(world.diary.of(Kind::warning), SizeIs(2));
}

TEST(CheckupStore, TwoProcessesOfOneFlowAskAndTellOnce) {
    Watched world;
    World other;
    const Flow flow = watched("f");
    world.processes.living = {"a", "b"};
    world.steps.meanwhile = [&](const std::string& id) {
        if (id.find("/alert") != std::string::npos) return;
        // Just then the other process starts.
        world.processes.current = "b";
        Checkup(flow, world.records, world.processes, other.steps, world.clock, other.diary).at_start();
        world.processes.current = "a";
    };
    other.steps.accounts = world.steps.accounts;
    Checkup(flow, world.records, world.processes, world.steps, world.clock, world.diary).at_start();
    EXPECT_EQ(1u, world.asked());
    EXPECT_EQ(1u, world.alerts());
    EXPECT_THAT(other.steps.calls, IsEmpty());
}

TEST(CheckupStore, TwoThatReadTheRecordAtOnceAskOnce) {
    Watched world;
    World other;
    const Flow flow = watched("f");
    bool between = false;
    other.steps.accounts = world.steps.accounts;
    world.processes.living = {"a", "b"};
    world.records.refuses = [&](const std::string&) {
        if (std::exchange(between, true)) return WFC_OK;
        world.processes.current = "b";  // faster than the first, which has read but not written
        Checkup(flow, world.records, world.processes, other.steps, world.clock, other.diary).at_start();
        world.processes.current = "a";
        return WFC_OK;
    };
    Checkup(flow, world.records, world.processes, world.steps, world.clock, world.diary).at_start();
    EXPECT_EQ(1u, other.steps.ids("/account-status/").size());
    EXPECT_EQ(0u, world.asked());
}

TEST(CheckupStore, FlowsThatShareAnAccountAskOnceAndTellEach) {
    Watched world;
    world.run(watched("f"), minute);
    world.run(watched("g"), minute);
    EXPECT_EQ(1u, world.asked());
    EXPECT_EQ(1u, world.steps.ids("f/").size() - world.asked());
    EXPECT_EQ(1u, world.steps.ids("g/").size()) << "its own alert, from what the other found";
    world.run(watched("g"), minute);
    EXPECT_EQ(2u, world.alerts());
}

TEST(CheckupStore, AFlowThatStartsWhileAnotherLooksTellsWhatThatFinds) {
    Watched world;
    World other;
    other.steps.accounts = world.steps.accounts;
    const Flow g = watched("g");
    Checkup second(g, world.records, world.processes, other.steps, world.clock, other.diary);
    world.steps.meanwhile = [&](const std::string& id) {
        if (id.find("/alert") == std::string::npos) second.at_start();
    };
    const Flow f = watched("f");
    Checkup(f, world.records, world.processes, world.steps, world.clock, world.diary).at_start();
    EXPECT_THAT(other.steps.calls, IsEmpty());
    const std::int64_t now = world.clock.now().wall_ms;
    ASSERT_EQ(now + 10 * second_ms, second.due(now + hour));
    world.clock.pass(10 * second_ms);
    second.before(now + hour);
    EXPECT_EQ(1u, other.steps.ids("g/").size());
    EXPECT_EQ(std::nullopt, second.due(now + hour));
}

TEST(CheckupStore, AFlowThatRoutesNothingDoesNotTakeTheWarningFromOneThatDoes) {
    Watched world;
    world.run(watched("f", R"("on":{"failed":"alert"},)"), minute);
    EXPECT_EQ(0u, world.alerts());
    world.run(watched("g"), minute);
    EXPECT_EQ(1u, world.alerts());
}

TEST(CheckupStore, ALookThatWasCutIsTakenUpAnHourLater) {
    Watched world;
    world.steps.meanwhile = [](const std::string&) { throw Killed(); };
    EXPECT_FALSE(world.run(watched("f"), minute));
    world.steps.meanwhile = {};
    world.run(watched("f"), minute);
    EXPECT_EQ(1u, world.asked()) << "the process that looks lives";
    world.next_process("b");
    world.run(watched("f"), 50 * minute);
    EXPECT_EQ(1u, world.asked());
    world.run(watched("f"), 20 * minute);
    EXPECT_EQ(2u, world.asked());
    EXPECT_EQ(1u, world.alerts());
}

TEST(CheckupStore, AComponentThatEndsItsProcessKeepsTheFlowFromRunningTwiceAtMost) {
    Watched world;
    world.steps.meanwhile = [](const std::string& id) {
        if (id.find("/account-status/") != std::string::npos) throw Killed();
    };
    std::size_t killed = 0;
    for (int start = 0; start < 40; ++start) {
        world.next_process("p" + std::to_string(start));
        if (!world.run(watched("f"), 25 * minute)) ++killed;
        world.clock.pass(minute);
    }
    EXPECT_EQ(2u, killed);
    EXPECT_LT(4u, world.steps.ids("/mail").size());
}

TEST(CheckupStore, WhatALookFoundAsItWasTimeToStopIsToldAtTheNextStart) {
    Watched world;
    world.steps.meanwhile = [&](const std::string&) { world.clock.stop(); };
    world.run(watched("f"), minute);
    EXPECT_EQ(0u, world.alerts());
    world.steps.meanwhile = {};
    world.next_process("b");
    world.run(watched("f"), minute);
    EXPECT_EQ(1u, world.asked());
    EXPECT_EQ(1u, world.alerts());
}

TEST(CheckupStore, ThatIsBusySaysSoAndTheAccountIsAskedInAnHour) {
    Watched world;
    world.records.refuses = [](const std::string& key) {
        return key.compare(0, 8, "account/") == 0 ? WFC_UNAVAILABLE : WFC_OK;
    };
    world.clock.after(minute, [&] { world.records.refuses = {}; });
    world.run(watched("f"), 61 * minute);
    EXPECT_EQ(1u, world.asked());
    EXPECT_EQ(1u, world.alerts());
    const auto troubles = world.diary.of(Kind::trouble);
    ASSERT_THAT(troubles, SizeIs(1));
    EXPECT_THAT(troubles[0].message,
                testing::HasSubstr("the account of c, /s.json is looked after in an hour"));
}

TEST(CheckupStore, AnAlertThatWasCutIsNotSentAgain) {
    Watched world;
    world.steps.meanwhile = [](const std::string& id) {
        if (id.find("/alert") != std::string::npos) throw Killed();
    };
    EXPECT_FALSE(world.run(watched("f"), minute));
    world.steps.meanwhile = {};
    world.next_process("b");
    world.clock.pass(2 * hour);
    world.run(watched("f"), minute);
    EXPECT_EQ(2u, world.asked());
    EXPECT_EQ(1u, world.alerts());
}

TEST(CheckupStore, ACallThatIsStoppedIsAskedAgainByTheNextProcess) {
    Watched world;
    world.steps.results["account-status"] = {6, R"({"outcome":"cancelled"})"};
    world.run(watched("f"), minute);
    EXPECT_THAT(world.diary.of(Kind::warning), IsEmpty());
    world.next_process("b");
    world.run(watched("f"), minute);
    EXPECT_EQ(2u, world.asked());
}

TEST(CheckupStore, OneThatFailsStopsNeitherTheFlowNorTheNextLook) {
    Watched world;
    world.records.refuses = [](const std::string& key) {
        return key.compare(0, 8, "account/") == 0 ? WFC_UNAVAILABLE : WFC_OK;
    };
    world.run(watched("f"), 90 * minute);
    EXPECT_EQ(0u, world.asked()) << "what cannot be claimed is not asked";
    EXPECT_THAT(world.steps.ids("/mail"), SizeIs(1));
    world.records.refuses = {};
    world.run(watched("f"), minute);
    EXPECT_EQ(1u, world.alerts());
}

TEST(CheckupStore, ThatFailsAfterTheLookTellsButSendsNothing) {
    Watched world;
    int writes = 0;
    world.records.refuses = [&](const std::string& key) {
        return key.compare(0, 8, "account/") == 0 && ++writes > 1 ? WFC_UNAVAILABLE : WFC_OK;
    };
    world.run(watched("f"), minute);
    EXPECT_EQ(1u, world.asked());
    EXPECT_EQ(0u, world.alerts()) << "it could not be written down";
    EXPECT_THAT(world.diary.of(Kind::warning), SizeIs(1));
}

TEST(CheckupStore, ARecordThatCannotBeReadCountsAsNone) {
    for (const char* text : {"", "[]", "{}", R"({"checked_ms":"x"})"}) {
        Watched world;
        world.run(watched("f"), minute);
        for (auto& [key, value] : world.records.values) {
            if (key.compare(0, 8, "account/") == 0) value.bytes = text;
        }
        world.run(watched("f"), minute);
        EXPECT_EQ(2u, world.asked()) << text;
    }
}

}  // namespace
}  // namespace wfc::flow::test
