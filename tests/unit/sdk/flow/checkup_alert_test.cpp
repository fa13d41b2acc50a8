// When what a look finds runs the step of `on.warning`.
#include "flow/checkup.hpp"
#include "watched.hpp"

namespace wfc::flow::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::SizeIs;

TEST(Checkup, AnAlertThatFailedIsSentAtTheNextLook) {
    for (const char* outcome : {"failed", "rejected", "cancelled"}) {
        Watched world("2026-11-16T12:00:00Z");
        world.steps.results["account-status"] = warns("it ends soon");
        world.steps.results["alert"] = {3, json{{"outcome", outcome}}.dump()};
        const Flow watched = flow(R"("every":"1h")", to_alert, steps_with_alert);
        world.run(watched, hour);
        EXPECT_EQ(1u, world.alerts()) << outcome;
        world.steps.results.erase("alert");
        world.run(watched, 25 * hour);
        EXPECT_EQ(2u, world.alerts()) << outcome;
        world.run(watched, 3 * day);
        EXPECT_EQ(2u, world.alerts()) << outcome;
    }
}

TEST(Checkup, AnAlertOfWhichNobodyKnowsWhetherItArrivedIsNotRepeated) {
    for (const char* outcome : {"unknown", "partial"}) {
        Watched world("2026-11-16T12:00:00Z");
        world.steps.results["account-status"] = warns("it ends soon");
        world.steps.results["alert"] = {5, json{{"outcome", outcome}}.dump()};
        world.run(flow(R"("every":"1h")", to_alert, steps_with_alert), 3 * day);
        EXPECT_EQ(1u, world.alerts()) << outcome;
    }
}

TEST(Checkup, WhatWasMendedAndBreaksAgainIsTold) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = warns("it has ended");
    const Flow watched = flow(R"("every":"1h")", to_alert, steps_with_alert);
    world.run(watched, hour);
    world.steps.results["account-status"] = {0, R"({"outcome":"succeeded","account":{"warnings":[]}})"};
    world.run(watched, day);
    EXPECT_EQ(1u, world.alerts());
    world.steps.results["account-status"] = warns("it has ended");
    world.run(watched, day);
    EXPECT_EQ(2u, world.alerts());
}

StepResult dead(const std::string& trace) {
    const json cause{{"id", "oauth.invalid_grant"}, {"message", "refused, trace " + trace}};
    const json error{{"id", "oauth.signed_out"},
                     {"class", "permanent"},
                     {"message", trace},
                     {"explanation", {{"title", "Signed out"}}},
                     {"cause", cause}};
    const json account{{"warnings", json::array({"Signed out. Trace " + trace})}, {"error", error}};
    return {0, json{{"outcome", "succeeded"}, {"account", account}}.dump()};
}

TEST(Checkup, KnowsAnErrorByItsIdsWhateverTimesAndTracesItNames) {
    Watched world("2026-11-16T12:00:00Z");
    const Flow watched = flow(R"("every":"1h")", to_alert, steps_with_alert);
    for (const char* trace : {"1a", "2b", "3c"}) {
        world.steps.results["account-status"] = dead(trace);
        world.run(watched, day);
    }
    EXPECT_EQ(1u, world.alerts());
}

const char* const busy =
    R"({"outcome":"succeeded","account":{"warnings":["busy"],"error":{"id":"net.busy","class":"transient"}}})";

TEST(Checkup, ThatFailsForAPassingReasonIsRepeatedBeforeAnybodyIsTold) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = {0, busy};
    const Flow watched = flow(R"("schedule":"0 9 * * *","timezone":"UTC")", to_alert, steps_with_alert);
    world.clock.after(10 * minute, [&] { world.steps.results.erase("account-status"); });
    world.run(watched, 12 * hour);
    EXPECT_THAT(world.asked(), ElementsAre("2026-11-16T12:00:00Z", "2026-11-16T12:30:00Z"));
    EXPECT_EQ(0u, world.alerts());
}

TEST(Checkup, ThatFailsTwiceForAPassingReasonTells) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = {0, busy};
    world.run(flow(R"("schedule":"0 9 * * *","timezone":"UTC")", to_alert, steps_with_alert), 12 * hour);
    EXPECT_THAT(world.asked(), SizeIs(2));
    EXPECT_EQ(1u, world.alerts());
}

TEST(Checkup, ThatFailsForAPassingReasonRightBeforeARunTells) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = {0, busy};
    world.run(flow(R"("every":"50m")", to_alert, steps_with_alert), minute);
    EXPECT_EQ(1u, world.alerts());
    Watched other("2026-11-16T08:10:00Z");
    other.steps.results["account-status"] = {0, busy};
    other.run(flow(R"("schedule":"0 9 * * *","timezone":"UTC")", to_alert, steps_with_alert), 10 * minute);
    EXPECT_EQ(1u, other.alerts());
}

}  // namespace
}  // namespace wfc::flow::test
