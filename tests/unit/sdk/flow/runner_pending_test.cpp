// Routes that were still to be followed when their process was killed or stopped.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "flow/runner.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = Event::Kind;

struct PendingRoute : testing::Test {
    PendingRoute() { world.clock.set(utc("2026-11-22T12:59:00Z")); }
    World world;
    const Flow alerting = flow(R"("schedule":"0 * * * *")", "", R"([
        {"id":"mail","component":"c","operation":"o","on":{"rejected":"alert","warning":"alert"}},
        {"id":"last","component":"c","operation":"o"},
        {"id":"alert","component":"c","operation":"o"}])");
};

TEST_F(PendingRoute, OfARunThatWasKilledAfterItsStepIsFollowedAtTheNextStart) {
    for (const char* result :
         {R"({"outcome":"rejected"})", R"({"outcome":"accepted","warnings":["late"]})"}) {
        World each;
        each.clock.set(utc("2026-11-22T12:59:00Z"));
        each.steps.results["mail"] = {0, result};
        each.records.written = [&](const std::string& key) {
            if (key.compare(0, 4, "run/") == 0 &&
                each.records.values[key].bytes.find("ended_ms\":179") != std::string::npos)
                throw Killed();
        };
        EXPECT_FALSE(each.run(alerting, hour));
        each.records.written = nullptr;
        each.steps.calls.clear();
        each.next_process("b");
        EXPECT_TRUE(each.run(alerting, minute));
        ASSERT_THAT(each.steps.ids(), ElementsAre("f/2026-11-22T13:00:00Z/alert")) << result;
        const json document = json::parse(each.steps.calls[0].payload);
        EXPECT_EQ(json::parse(result)["outcome"], document["outcome"]);
        EXPECT_THAT(each.steps.calls[0].payload, HasSubstr("its result is not kept"));
        each.next_process("c");
        each.run(alerting, minute);
        EXPECT_EQ(1u, each.steps.calls.size());
    }
}

TEST_F(PendingRoute, OfAStepThatRanAsItWasTimeToStopIsFollowedFirst) {
    world.steps.results["mail"] = {3, R"({"outcome":"rejected"})"};
    world.steps.meanwhile = [this](const std::string&) { world.clock.stop(); };
    EXPECT_TRUE(world.run(alerting, hour));
    EXPECT_THAT(world.steps.ids(),
                ElementsAre("f/2026-11-22T13:00:00Z/mail", "f/2026-11-22T13:00:00Z/alert"));
    EXPECT_EQ(1u, world.diary.of(Kind::finished).size()) << "no step is left";
}

TEST_F(PendingRoute, OfAWarningIsFollowedThoughTheStepsAfterItAreNot) {
    world.steps.results["mail"] = {0, R"({"outcome":"accepted","warnings":["late"]})"};
    world.steps.meanwhile = [this](const std::string&) { world.clock.stop(); };
    EXPECT_TRUE(world.run(alerting, hour));
    EXPECT_THAT(world.steps.ids(),
                ElementsAre("f/2026-11-22T13:00:00Z/mail", "f/2026-11-22T13:00:00Z/alert"));
    EXPECT_EQ(1u, world.diary.of(Kind::stopped).size());
}

}  // namespace
}  // namespace wfc::flow::test
