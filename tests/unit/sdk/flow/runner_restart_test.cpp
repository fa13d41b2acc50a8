#include <algorithm>
#include <gmock/gmock.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "flow/runner.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Event::Kind;

constexpr const char* with_alert = R"([
    {"id":"first","component":"c","operation":"o"},
    {"id":"mail","component":"c","operation":"o","on":{"unknown":"alert"}},
    {"id":"last","component":"c","operation":"o"},
    {"id":"alert","component":"c","operation":"o"}])";

struct Restart : testing::Test {
    Restart() { world.clock.set(utc("2026-11-22T12:59:00Z")); }
    void die_in(const std::string& step) {
        world.steps.meanwhile = [step](const std::string& id) {
            if (id.size() > step.size() && id.compare(id.size() - step.size(), step.size(), step) == 0)
                throw Killed();
        };
    }
    void revive() {
        world.steps.meanwhile = nullptr;
        world.steps.calls.clear();
        world.next_process(world.processes.current + "'");
    }

    World world;
    Flow hourly = flow(R"("schedule":"0 * * * *")", "", with_alert);
};

TEST_F(Restart, NamesTheRunThatWasCutAndFollowsTheRouteForUnknown) {
    die_in("/mail");
    EXPECT_FALSE(world.run(hourly, hour));
    revive();
    EXPECT_TRUE(world.run(hourly, minute));
    const auto cut = world.diary.of(Kind::cut);
    ASSERT_EQ(1u, cut.size());
    EXPECT_EQ("mail", cut[0].step);
    EXPECT_EQ("f/2026-11-22T13:00:00Z/mail", cut[0].call_id);
    EXPECT_EQ("first accepted", cut[0].reason);
    ASSERT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/alert"));
    const json document = json::parse(world.steps.calls[0].payload);
    EXPECT_EQ(1, document["format"]);
    EXPECT_EQ("unknown", document["outcome"]);
    EXPECT_EQ("host.run_cut", document["error"]["id"]);
    EXPECT_EQ("host", document["error"]["stage"]);
    EXPECT_EQ("unknown", document["error"]["class"]);
    EXPECT_THAT(document["error"]["message"].get<std::string>(), HasSubstr("2026-11-22T13:00:00Z"));
    revive();
    EXPECT_TRUE(world.run(hourly, minute));
    EXPECT_EQ(1u, world.diary.of(Kind::cut).size()) << "named once";
    EXPECT_THAT(world.steps.calls, IsEmpty());
}

TEST_F(Restart, AnAlertThatIsCutItselfIsNotRepeated) {
    die_in("/mail");
    world.run(hourly, hour);
    revive();
    die_in("/alert");
    EXPECT_FALSE(world.run(hourly, minute));
    revive();
    EXPECT_TRUE(world.run(hourly, minute));
    EXPECT_THAT(world.steps.calls, IsEmpty());
    EXPECT_EQ("alert", world.diary.of(Kind::cut).back().step);
}

TEST_F(Restart, BetweenTwoStepsNothingIsUnknownAndNothingIsRunLater) {
    world.records.written = [this](const std::string& key) {
        if (key.compare(0, 4, "run/") == 0 && world.steps.calls.size() == 1 &&
            world.records.values[key].bytes.find("accepted") != std::string::npos)
            throw Killed();
    };
    EXPECT_FALSE(world.run(hourly, hour));
    world.records.written = nullptr;
    revive();
    EXPECT_TRUE(world.run(hourly, minute));
    EXPECT_EQ("", world.diary.of(Kind::cut).at(0).step);
    EXPECT_EQ("first accepted", world.diary.of(Kind::cut).at(0).reason);
    EXPECT_THAT(world.steps.calls, IsEmpty());
}

TEST_F(Restart, DyingAtAnyWriteLosesNoRunAndRepeatsNone) {
    // Kills the process after each write in turn, until one run gets through.
    for (int at = 1; at < 40; ++at) {
        World each;
        each.clock.set(utc("2026-11-22T12:59:00Z"));
        int writes = 0;
        each.records.written = [&](const std::string&) {
            if (++writes == at) throw Killed();
        };
        const bool survived = each.run(hourly, 2 * minute);
        each.records.written = nullptr;
        each.next_process("b");
        EXPECT_TRUE(each.run(hourly, 2 * minute));
        const std::vector<std::string> ids = each.steps.ids();
        EXPECT_EQ(ids.size(), std::set<std::string>(ids.begin(), ids.end()).size()) << "write " << at;
        const auto accounted = [&](Kind kind) {
            const std::vector<std::string> times = each.diary.times(kind);
            return std::count(times.begin(), times.end(), "2026-11-22T13:00:00Z");
        };
        EXPECT_GE(accounted(Kind::run) + accounted(Kind::cut) + accounted(Kind::missed), 1) << "write " << at;
        if (survived) {
            EXPECT_GT(at, 8);
            return;
        }
    }
    FAIL() << "it never got through";
}

TEST_F(Restart, CallIdsAreTheSameBeforeAndAfter) {
    world.run(hourly, 2 * minute);
    const std::vector<std::string> before = world.steps.ids();
    World other;
    other.clock.set(utc("2026-11-22T12:10:00Z"));
    other.run(hourly, 10 * minute);
    other.next_process("b");
    other.run(hourly, 45 * minute);
    EXPECT_EQ(before, other.steps.ids());
}

TEST_F(Restart, ALiveProcessIsNotMistakenForADeadOne) {
    world.processes.living = {"a", "b"};
    Journal other(world.records, world.processes, "f");
    ASSERT_EQ(Journal::Claim::claimed,
              other.claim(utc("2026-11-22T12:00:00Z"), Mark{utc("2026-11-22T12:00:00Z"), 0, ""}, 0));
    world.processes.current = "b";
    EXPECT_TRUE(world.run(hourly, 2 * minute));
    EXPECT_THAT(world.diary.of(Kind::cut), IsEmpty());
    EXPECT_THAT(world.steps.calls, IsEmpty());
    EXPECT_THAT(world.diary.times(Kind::skipped), ElementsAre("2026-11-22T13:00:00Z"));
}

TEST_F(Restart, WithAQueueItWaitsForTheOtherProcess) {
    world.processes.living = {"a", "b"};
    Journal other(world.records, world.processes, "f");
    ASSERT_EQ(Journal::Claim::claimed,
              other.claim(utc("2026-11-22T12:00:00Z"), Mark{utc("2026-11-22T12:00:00Z"), 0, ""}, 0));
    world.processes.current = "b";
    world.clock.after(3 * minute, [&] {
        world.processes.current = "a";
        other.close("finished", 0);
        world.processes.current = "b";
    });
    EXPECT_TRUE(world.run(flow(R"("schedule":"0 * * * *","overlap":"queue")"), 5 * minute));
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/mail"));
}

/// What two processes share.
class SharedRecords final : public Records {
  public:
    wfc_status get(std::string_view key, StateValue& into) override {
        const std::lock_guard lock(mutex_);
        return records_.get(key, into);
    }
    wfc_status put(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                   std::uint64_t ttl_ms, std::uint64_t& new_version) override {
        const std::lock_guard lock(mutex_);
        return records_.put(key, bytes, expected_version, ttl_ms, new_version);
    }
    wfc_status erase(std::string_view key, std::uint64_t expected_version) override {
        const std::lock_guard lock(mutex_);
        return records_.erase(key, expected_version);
    }
    wfc_status list(std::string_view prefix, std::string_view after,
                    std::vector<std::string>& keys) override {
        const std::lock_guard lock(mutex_);
        return records_.list(prefix, after, keys);
    }
    std::string name() override { return records_.name(); }
    std::string unsound() override { return {}; }

  private:
    std::mutex mutex_;
    MemoryRecords records_;
};

TEST(TwoProcesses, OnOneFlowRunEachTimeOnceBetweenThem) {
    const Flow often = flow(R"("schedule":"* * * * *")");
    SharedRecords records;
    World one, two;
    two.processes.current = "b";
    std::vector<std::thread> threads;
    for (World* world : {&one, &two}) {
        world->processes.living = {"a", "b"};
        world->clock.set(utc("2026-11-22T12:00:30Z"));
        world->clock.after(10 * hour, [world] { world->clock.stop(); });
        threads.emplace_back([world, &often, &records] {
            Surroundings around = world->around();
            Runner(often, {around.clock, records, around.owners, around.steps, around.events}).run();
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::vector<std::string> ids = one.steps.ids();
    for (const std::string& id : two.steps.ids()) ids.push_back(id);
    const std::set<std::string> each(ids.begin(), ids.end());
    EXPECT_EQ(ids.size(), each.size()) << "nothing ran twice";
    std::size_t skipped = 0;
    for (const World* world : {&one, &two}) {
        for (const Event& event : world->diary.of(Kind::skipped)) {
            if (event.reason == "another process is running this flow") skipped += event.times.count;
        }
    }
    EXPECT_LE(each.size(), 600u);
    EXPECT_GE(each.size() + skipped, 600u) << "each minute ran, or was named";
}

TEST_F(Restart, AStopBetweenStepsLeavesTheRest) {
    world.steps.meanwhile = [this](const std::string&) { world.clock.stop(); };
    EXPECT_TRUE(world.run(hourly, hour));
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/first"));
    EXPECT_THAT(world.diary.times(Kind::stopped), ElementsAre("2026-11-22T13:00:00Z"));
    revive();
    EXPECT_TRUE(world.run(hourly, minute));
    EXPECT_THAT(world.diary.of(Kind::cut), IsEmpty()) << "it was stopped, not cut";
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
}

TEST_F(Restart, AStopBeforeTheAlertOfACutRunKeepsItForTheNextStart) {
    die_in("/mail");
    world.run(hourly, hour);
    revive();
    bool stopped = false;
    world.records.written = [&](const std::string&) {
        if (!std::exchange(stopped, true)) world.clock.stop();
    };
    EXPECT_TRUE(world.run(hourly, minute));
    EXPECT_THAT(world.steps.calls, IsEmpty());
    world.records.written = nullptr;
    revive();
    EXPECT_TRUE(world.run(hourly, minute));
    EXPECT_THAT(world.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/alert"));
}

TEST_F(Restart, AClaimThatCameToNoStepIsRunAfterAll) {
    for (int at = 1; at <= 2; ++at) {  // the two writes of a claim
        World each;
        each.clock.set(utc("2026-11-22T12:59:00Z"));
        bool armed = false;
        each.clock.after(second, [&] { armed = true; });
        int writes = 0;
        each.records.written = [&](const std::string&) {
            if (armed && ++writes == at) throw Killed();
        };
        EXPECT_FALSE(each.run(hourly, hour));
        each.records.written = nullptr;
        each.next_process("b");
        EXPECT_TRUE(each.run(hourly, minute));
        EXPECT_EQ("f/2026-11-22T13:00:00Z/first", each.steps.ids().at(0)) << "write " << at;
    }
}

}  // namespace
}  // namespace wfc::flow::test
