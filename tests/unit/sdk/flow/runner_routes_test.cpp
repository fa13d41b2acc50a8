#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "flow/runner.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

using testing::ElementsAre;
using Kind = Event::Kind;

StepResult ends(const std::string& outcome, int code, const std::string& more = "") {
    return {code, R"({"outcome":")" + outcome + "\"" + more + "}"};
}

struct Routes : testing::Test {
    /// The steps that ran; the flow runs once.
    std::vector<std::string> run(const std::string& steps, const std::string& more = "") {
        once = Runner(flow(R"("every":"1h")", more, steps), world.around(), R"({"title":"t"})").once().end;
        std::vector<std::string> out;
        for (const std::string& id : world.steps.ids()) out.push_back(id.substr(id.rfind('/') + 1));
        return out;
    }
    World world;
    CourseEnd once;
};

const std::string step = R"("component":"c","operation":"o")";
const std::string three = R"([{"id":"a",)" + step + R"(,"on":{"partial":"log","rejected":"c","warning":"c"}},
                             {"id":"b",)" +
                          step + R"(},{"id":"c",)" + step + "}]";

TEST_F(Routes, GoodOutcomesGoOnWithTheSamePayload) {
    world.steps.results["a"] = ends("succeeded", 0);
    EXPECT_THAT(run(three), ElementsAre("a", "b"));
    EXPECT_EQ(R"({"title":"t"})", world.steps.calls[0].payload);
    EXPECT_EQ(R"({"title":"t"})", world.steps.calls[1].payload);
    EXPECT_TRUE(once.ran);
    EXPECT_EQ(0, once.code);
}

TEST_F(Routes, BadOutcomesEndTheFlowUnlessTheyAreRouted) {
    world.steps.results["a"] = ends("failed", 4);
    EXPECT_THAT(run(three), ElementsAre("a"));
    EXPECT_EQ(4, once.code);
    EXPECT_EQ("failed", once.outcome);
}

TEST_F(Routes, LogGoesOn) {
    world.steps.results["a"] = ends("partial", 2);
    EXPECT_THAT(run(three), ElementsAre("a", "b"));
    EXPECT_EQ(0, once.code) << "the last step outside of routes decides";
}

TEST_F(Routes, ARoutedStepGetsTheDocumentAndTheFlowEnds) {
    world.steps.results["a"] = ends("rejected", 3);
    EXPECT_THAT(run(three), ElementsAre("a", "c"));
    EXPECT_EQ(world.steps.results["a"].document, world.steps.calls[1].payload);
    EXPECT_EQ(3, once.code);
}

TEST_F(Routes, AWarningIsRoutedAndTheFlowGoesOn) {
    world.steps.results["a"] = ends("accepted", 0, R"(,"warnings":["late"])");
    EXPECT_THAT(run(three), ElementsAre("a", "c", "b"));
    EXPECT_EQ(R"({"title":"t"})", world.steps.calls[2].payload);
}

TEST_F(Routes, AWarningIsConsideredBeforeTheOutcome) {
    world.steps.results["a"] = ends("accepted", 0, R"(,"warnings":["late"])");
    EXPECT_THAT(
        run(R"([{"id":"a",)" + step + R"(,"on":{"accepted":"log","warning":"c"}},{"id":"c",)" + step + "}]"),
        ElementsAre("a", "c"));
}

TEST_F(Routes, AnEmptyListOfWarningsIsNone) {
    world.steps.results["a"] = ends("accepted", 0, R"(,"warnings":[])");
    EXPECT_THAT(run(three), ElementsAre("a", "b"));
}

TEST_F(Routes, AWarningCanStop) {
    world.steps.results["a"] = ends("accepted", 0, R"(,"warnings":["late"])");
    EXPECT_THAT(run(R"([{"id":"a",)" + step + R"(},{"id":"b",)" + step + "}]", R"("on":{"warning":"stop"})"),
                ElementsAre("a"));
}

TEST_F(Routes, CancelledGoesWhereFailedGoes) {
    world.steps.results["a"] = ends("cancelled", 6);
    EXPECT_THAT(run(R"([{"id":"a",)" + step + R"(},{"id":"b",)" + step + "}]", R"("on":{"failed":"b"})"),
                ElementsAre("a", "b"));
}

TEST_F(Routes, ARoutedStepHasRoutesOfItsOwn) {
    world.steps.results["a"] = ends("failed", 4);
    world.steps.results["b"] = ends("rejected", 3);
    EXPECT_THAT(run(R"([{"id":"a",)" + step + R"(,"on":{"failed":"b"}},{"id":"b",)" + step +
                    R"(,"on":{"rejected":"c"}},{"id":"c",)" + step + "}]"),
                ElementsAre("a", "b", "c"));
    EXPECT_EQ(world.steps.results["b"].document, world.steps.calls[2].payload);
    EXPECT_EQ(4, once.code);
}

TEST_F(Routes, AStepThatBreaksIsAFailedOne) {
    world.steps.meanwhile = [](const std::string& id) {
        if (id.back() == 'a') throw std::runtime_error("broken");
    };
    EXPECT_THAT(run(R"([{"id":"a",)" + step + R"(,"on":{"failed":"b"}},{"id":"b",)" + step + "}]"),
                ElementsAre("a", "b"));
    const auto document = nlohmann::json::parse(world.steps.calls[1].payload);
    EXPECT_EQ("broken", document["error"]["message"]);
    EXPECT_EQ(70, once.code);
}

TEST_F(Routes, TheEventOfAStepHasTheErrorsMessage) {
    world.steps.results["a"] = ends("failed", 4, R"(,"error":{"message":"no route to host"})");
    run(three);
    const auto steps = world.diary.of(Kind::step);
    ASSERT_EQ(1u, steps.size());
    EXPECT_EQ("no route to host", steps[0].message);
    EXPECT_EQ("failed", steps[0].outcome);
}

}  // namespace
}  // namespace wfc::flow::test
