// What follows which outcome.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "flow/flow_file.hpp"

namespace wfc::flow {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json step(const std::string& id, const json& on = json::object()) {
    return {{"id", id}, {"component", "greet"}, {"operation", "hello"}, {"on", on}};
}

std::string document(const std::vector<json>& steps, const json& on = json::object()) {
    return json({{"id", "f"}, {"every", "1m"}, {"timezone", "UTC"}, {"steps", steps}, {"on", on}}).dump();
}

std::vector<Step> steps_of(const std::vector<json>& steps, const json& on = json::object()) {
    return parse_flow("/f.json", document(steps, on)).steps;
}

/// "failed=alert warning=log", sorted by outcome.
std::string routes(const std::vector<Step>& steps, std::size_t at) {
    std::string out;
    for (const auto& [outcome, route] : steps[at].on) {
        out += (out.empty() ? "" : " ") + outcome + "=" +
               (route.kind == Route::Kind::log    ? "log"
                : route.kind == Route::Kind::stop ? "stop"
                                                  : steps.at(route.step).id);
    }
    return out;
}

std::pair<std::string, std::string> refusal(const std::vector<json>& steps, const json& on = json::object()) {
    try {
        parse_flow("/f.json", document(steps, on));
    } catch (const FlowInvalid& error) {
        return {error.pointer(), error.what()};
    }
    return {"", "accepted"};
}

TEST(FlowRoutes, LeadToTheLogToTheEndAndToSteps) {
    const auto steps =
        steps_of({step("one", {{"partial", "log"}, {"rejected", "alert"}, {"unknown", "stop"}}), step("two"),
                  step("alert")});
    EXPECT_EQ(routes(steps, 0), "partial=log rejected=alert unknown=stop");
    EXPECT_EQ(routes(steps, 1), "");
    EXPECT_FALSE(steps[0].only_by_route);
    EXPECT_FALSE(steps[1].only_by_route);
    EXPECT_TRUE(steps[2].only_by_route);
}

TEST(FlowRoutes, EveryOutcomeMayBeNamed) {
    json on;
    for (const char* outcome :
         {"accepted", "succeeded", "partial", "rejected", "failed", "unknown", "cancelled", "warning"}) {
        on[outcome] = "log";
    }
    EXPECT_EQ(steps_of({step("one", on)})[0].on.size(), 8u);
}

TEST(FlowRoutes, OfTheFlowStandBeneathThoseOfItsSteps) {
    const auto steps = steps_of({step("one", {{"failed", "log"}}), step("two"), step("alert")},
                                {{"failed", "alert"}, {"warning", "log"}});
    EXPECT_EQ(routes(steps, 0), "cancelled=log failed=log warning=log");
    EXPECT_EQ(routes(steps, 1), "cancelled=alert failed=alert warning=log");
    EXPECT_EQ(routes(steps, 2), "warning=log") << "no route to itself";
    EXPECT_TRUE(steps[2].only_by_route) << "the flow's own on names it";
}

TEST(FlowRoutes, CancelledGoesWhereFailedGoesUnlessItIsNamed) {
    EXPECT_EQ(routes(steps_of({step("one", {{"failed", "alert"}}), step("alert")}), 0),
              "cancelled=alert failed=alert");
    EXPECT_EQ(routes(steps_of({step("one", {{"failed", "alert"}, {"cancelled", "stop"}}), step("alert")}), 0),
              "cancelled=stop failed=alert");
    EXPECT_EQ(
        routes(steps_of({step("one", {{"failed", "alert"}}), step("alert")}, {{"cancelled", "log"}}), 0),
        "cancelled=log failed=alert");
}

TEST(FlowRoutes, AKeyThatIsNoOutcomeIsRefusedWithTheNearest) {
    const auto [pointer, sentence] = refusal({step("one", {{"faild", "log"}})});
    EXPECT_EQ(pointer, "/steps/0/on/faild");
    EXPECT_THAT(sentence, HasSubstr("did you mean \"failed\"?"));
    EXPECT_EQ(refusal({step("one")}, {{"error", "log"}}).first, "/on/error");
    EXPECT_EQ(refusal({step("one", {{"failed", true}})}).first, "/steps/0/on/failed");
}

TEST(FlowRoutes, AWordThatNamesNoStepIsRefusedWithTheNearest) {
    const auto [pointer, sentence] = refusal({step("one", {{"failed", "alart"}}), step("alert")});
    EXPECT_EQ(pointer, "/steps/0/on/failed");
    EXPECT_EQ(
        sentence,
        "/f.json: /steps/0/on/failed must be \"log\", \"stop\" or the id of a step, and \"alart\" is none "
        "of them; did you mean \"alert\"?");
    EXPECT_EQ(refusal({step("one")}, {{"warning", "nobody"}}).first, "/on/warning");
}

TEST(FlowRoutes, ACircleIsRefusedWithItsSteps) {
    const auto [pointer, sentence] = refusal(
        {step("one", {{"failed", "a"}}), step("a", {{"failed", "b"}}), step("b", {{"rejected", "a"}})});
    EXPECT_EQ(pointer, "/steps/1/on/failed");
    EXPECT_THAT(sentence, HasSubstr("/steps/1/on/failed leads in a circle: a -> b -> a;"));
    EXPECT_THAT(refusal({step("one"), step("a", {{"failed", "a"}})}).second, HasSubstr("circle: a -> a"));
}

TEST(FlowRoutes, OfTheFlowLeadFromTheStepsThatItNamesToNoStep) {
    const auto steps = steps_of({step("m"), step("al"), step("note")},
                                {{"failed", "al"}, {"warning", "note"}, {"partial", "log"}});
    EXPECT_EQ(routes(steps, 0), "cancelled=al failed=al partial=log warning=note");
    EXPECT_EQ(routes(steps, 1), "partial=log");
    EXPECT_EQ(routes(steps, 2), "partial=log");
}

TEST(FlowRoutes, ACircleThroughTheFlowsOwnRoutesIsShownWhereItsStepIsNamed) {
    // "x" has no "on" of its own: it inherits the way to "al", whose own leads back.
    const auto [pointer, sentence] =
        refusal({step("m"), step("x"), step("al", {{"rejected", "x"}})}, {{"failed", "al"}});
    EXPECT_EQ(pointer, "/steps/2/on/rejected");
    EXPECT_THAT(sentence, HasSubstr("circle: al -> x -> al;"));
}

TEST(FlowRoutes, TwoWaysToOneStepAreNoCircle) {
    const auto steps = steps_of({step("one", {{"failed", "a"}, {"rejected", "b"}}),
                                 step("a", {{"failed", "c"}}), step("b", {{"failed", "c"}}), step("c")});
    EXPECT_TRUE(steps[3].only_by_route);
}

TEST(FlowRoutes, OfTheFlowItselfAreKept) {
    const Flow flow =
        parse_flow("/f.json", document({step("one", {{"warning", "log"}}), step("a")}, {{"warning", "a"}}));
    ASSERT_EQ(flow.on.size(), 1u);
    EXPECT_EQ(flow.on.at("warning").step, 1u);
    EXPECT_TRUE(parse_flow("/f.json", document({step("one")})).on.empty());
}

TEST(FlowRoutes, ALongChainIsFollowed) {
    std::vector<json> chain;
    for (int i = 0; i < 100; ++i) {
        json on = json::object();
        if (i < 99) on["failed"] = "s" + std::to_string(i + 1);
        chain.push_back(step("s" + std::to_string(i), on));
    }
    EXPECT_EQ(steps_of(chain)[98].on.at("cancelled").step, 99u);
    chain[99]["on"]["failed"] = "s1";
    EXPECT_THAT(refusal(chain).second, HasSubstr("circle: s1 -> s2 -> "));
}

TEST(FlowRoutes, SomeStepMustBeginTheFlow) {
    const auto [pointer, sentence] = refusal({step("one")}, {{"failed", "one"}});
    EXPECT_EQ(pointer, "/steps");
    EXPECT_THAT(sentence, HasSubstr("has no step to begin with"));
}

}  // namespace
}  // namespace wfc::flow
