// Warnings of a step's result, and when they run the step of `on.warning`.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "world.hpp"

namespace wfc::flow::test {
namespace {

using nlohmann::json;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Event::Kind;

StepResult sent(const std::vector<std::string>& warnings) {
    return {0, json{{"outcome", "accepted"}, {"warnings", warnings}}.dump()};
}

struct CourseWarnings : testing::Test {
    CourseWarnings() {
        world.clock.set(utc("2026-11-16T12:00:00Z"));
        world.steps.results["mail"] = sent({"the client is in Testing"});
    }
    std::size_t alerts() const { return world.steps.ids("/alert").size(); }
    World world;
    const Flow often = flow(R"("every":"10m")", R"("on":{"warning":"alert"})",
                            R"([{"id":"mail","component":"c","operation":"o"},
                                {"id":"last","component":"c","operation":"o"},
                                {"id":"alert","component":"c","operation":"o"}])");
};

TEST_F(CourseWarnings, AreRoutedOnceAWeekHoweverOftenTheFlowRuns) {
    world.run(often, 6 * day);
    EXPECT_EQ(1u, alerts());
    EXPECT_THAT(world.diary.of(Kind::warning), SizeIs(world.steps.ids("/mail").size() - 1))
        << "the others are told";
    EXPECT_EQ("the client is in Testing", world.diary.of(Kind::warning).at(0).message);
    EXPECT_EQ(world.steps.ids("/mail").size(), world.steps.ids("/last").size()) << "and the run goes on";
    world.run(often, day);
    EXPECT_EQ(2u, alerts());
}

TEST_F(CourseWarnings, ThatAreOthersAreRoutedAtOnce) {
    world.run(often, hour);
    world.steps.results["mail"] = sent({"the client is in Testing", "a secret ends"});
    world.run(often, hour);
    EXPECT_EQ(2u, alerts());
    world.steps.results["mail"] = sent({"a secret ends"});
    world.run(often, hour);
    EXPECT_EQ(2u, alerts());
}

TEST_F(CourseWarnings, AreRoutedAgainWhereTheAlertFailed) {
    world.steps.results["alert"] = {3, R"({"outcome":"rejected"})"};
    world.run(often, 15 * minute);
    const std::size_t failed = alerts();
    EXPECT_LT(0u, failed);
    world.steps.results.erase("alert");
    world.run(often, hour);
    EXPECT_EQ(failed + 1, alerts());
}

TEST_F(CourseWarnings, ThatALookAtTheAccountToldAreNotRoutedAgain) {
    Step account;
    account.id = account.operation = "account-status";
    account.component = "c";
    world.steps.accounts = {account};
    world.steps.results["account-status"] = {
        0, R"({"outcome":"succeeded","account":{"warnings":["the client is in Testing"]}})"};
    world.run(often, hour);
    EXPECT_EQ(1u, alerts());
    EXPECT_THAT(world.steps.ids("/account-status/"), SizeIs(2));
}

TEST_F(CourseWarnings, ThatCannotBeWrittenDownAreRouted) {
    world.records.refuses = [](const std::string& key) {
        return key.compare(0, 5, "told/") == 0 ? WFC_UNAVAILABLE : WFC_OK;
    };
    world.run(often, 25 * minute);
    EXPECT_EQ(world.steps.ids("/mail").size(), alerts());
    EXPECT_THAT(world.diary.of(Kind::trouble), IsEmpty());
}

TEST_F(CourseWarnings, ThatWereToldBeforeAreNotToldAfterACrash) {
    world.run(often, 15 * minute);
    const std::size_t before = alerts();
    EXPECT_EQ(1u, before);
    world.steps.meanwhile = [](const std::string& id) {
        if (id.find("/last") != std::string::npos) throw Killed();
    };
    EXPECT_FALSE(world.run(often, hour));
    world.steps.meanwhile = {};
    world.next_process("b");
    world.run(often, 5 * minute);
    EXPECT_EQ(before, alerts());
}

}  // namespace
}  // namespace wfc::flow::test
