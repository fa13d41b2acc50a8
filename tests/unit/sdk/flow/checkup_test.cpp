#include "flow/checkup.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "watched.hpp"

namespace wfc::flow::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using Kind = Event::Kind;

TEST(CheckDue, IsADayBeforeTheRunAndADayAfterTheLastLook) {
    const std::int64_t run = utc("2026-11-23T00:00:00Z");
    EXPECT_EQ(run - day, check_due(0, run));
    EXPECT_EQ(run - day, check_due(run - 3 * day, run));
    EXPECT_EQ(run - 5 * hour, check_due(run - 25 * hour, run)) << "20 hours lie between two looks";
    EXPECT_EQ(std::nullopt, check_due(run - 24 * hour, run));
    EXPECT_EQ(std::nullopt, check_due(run - minute, run));
    EXPECT_EQ(run - day, check_due(run + 365 * day, run)) << "the clock was set back";
}

TEST(CheckDue, AtAStartIsAnHourAfterTheLastLook) {
    const std::int64_t now = utc("2026-11-23T00:00:00Z");
    EXPECT_TRUE(check_due_at_start(0, now));
    EXPECT_TRUE(check_due_at_start(now - hour, now));
    EXPECT_FALSE(check_due_at_start(now - hour + 1, now));
    EXPECT_FALSE(check_due_at_start(now + minute, now)) << "another process's clock";
    EXPECT_TRUE(check_due_at_start(now + day, now)) << "the clock was set back";
}

TEST(Checkup, AsksAtTheStartAndADayBeforeAWeeklyRun) {
    Watched world("2026-11-16T12:00:00Z");  // a Monday
    world.run(flow(R"("schedule":"0 9 * * 1","timezone":"UTC")"), 20 * day);
    EXPECT_THAT(world.asked(), ElementsAre("2026-11-16T12:00:00Z", "2026-11-22T09:00:00Z",
                                           "2026-11-29T09:00:00Z", "2026-12-06T09:00:00Z"));
    EXPECT_THAT(world.steps.ids("/mail"), SizeIs(2)) << "and the flow runs";
}

TEST(Checkup, OfAFlowThatRunsEveryTenMinutesAsksOnceADay) {
    for (const char* schedule : {R"("every":"10m")", R"("schedule":"*/10 * * * *")"}) {
        Watched world("2026-11-16T12:00:00Z");
        world.run(flow(schedule), 3 * day + hour);
        EXPECT_THAT(world.asked(), SizeIs(4)) << schedule;
        EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
        EXPECT_THAT(world.diary.of(Kind::skipped), IsEmpty());
    }
}

TEST(Checkup, OfADailyFlowAsksOnceADay) {
    Watched world("2026-11-16T12:00:00Z");
    world.run(flow(R"("schedule":"0 9 * * *","timezone":"UTC")"), 10 * day);
    EXPECT_THAT(world.asked(), SizeIs(11)) << "and as it starts";
}

TEST(Checkup, AsksEachAccountByACallOfItsOwn) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.accounts = {account("/a.json"), account("/b.json")};
    world.run(flow(R"("every":"1h")"), minute);
    const auto ids = world.steps.ids("f/2026-11-16T12:00:00Z/account-status/");
    ASSERT_THAT(ids, SizeIs(2));
    EXPECT_NE(ids[0], ids[1]);
}

TEST(Checkup, AnAccountThatAppearsLaterIsAskedWithinADay) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.accounts.clear();
    world.clock.after(hour, [&] { world.steps.accounts = {account()}; });
    world.run(flow(R"("every":"1h")"), 30 * hour);
    EXPECT_THAT(world.asked(), SizeIs(1));
}

TEST(Checkup, TellsWarningsAndTheFlowGoesOn) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = warns("it ends soon");
    world.run(flow(R"("every":"1h")"), 90 * minute);
    const auto told = world.diary.of(Kind::warning);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ("it ends soon", told[0].message);
    EXPECT_EQ("c", told[0].component);
    EXPECT_EQ("/s.json", told[0].settings);
    EXPECT_THAT(told[0].call_id, StartsWith("f/2026-11-16T12:00:00Z/account-status/"));
    EXPECT_THAT(world.steps.ids("/mail"), SizeIs(1));
    EXPECT_EQ(0u, world.alerts());
}

TEST(Checkup, LeadsToTheStepOfTheFlowsOwnOnWarning) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = warns("it ends soon");
    world.run(flow(R"("every":"1h")", to_alert, steps_with_alert), minute);
    ASSERT_THAT(world.steps.calls, SizeIs(2));
    EXPECT_EQ(world.steps.calls[0].id + "/alert", world.steps.calls[1].id);
    const json payload = json::parse(world.steps.calls[1].payload);
    EXPECT_EQ("warning", payload["outcome"]);
    EXPECT_EQ(json::array({"it ends soon"}), payload["warnings"]);
    const auto ended = world.diary.of(Kind::step);
    ASSERT_THAT(ended, SizeIs(1));
    EXPECT_EQ("alert", ended[0].step);
    EXPECT_EQ("accepted", ended[0].outcome);
}

TEST(Checkup, OnlyTellsWhereTheRouteIsNoStep) {
    for (const char* on :
         {R"("on":{"warning":"log"})", R"("on":{"warning":"stop"})", R"("on":{"failed":"alert"})"}) {
        Watched world("2026-11-16T12:00:00Z");
        world.steps.results["account-status"] = warns("it ends soon");
        world.run(flow(R"("every":"1h")", on, steps_with_alert), 90 * minute);
        EXPECT_EQ(0u, world.alerts()) << on;
        EXPECT_THAT(world.diary.of(Kind::warning), SizeIs(1)) << on;
        EXPECT_THAT(world.steps.ids("/mail"), SizeIs(1)) << on;
    }
}

TEST(Checkup, TheSameWarningsAreRoutedOnceAWeekAndOthersAtOnce) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = warns("it ends soon");
    const Flow watched = flow(R"("every":"1h")", to_alert, steps_with_alert);
    world.run(watched, 7 * day - hour);
    EXPECT_EQ(1u, world.alerts());
    EXPECT_THAT(world.diary.of(Kind::warning), SizeIs(7)) << "it is told each time";
    world.run(watched, 2 * day);
    EXPECT_EQ(2u, world.alerts());
    world.steps.results["account-status"] = warns("it has ended");
    world.run(watched, 2 * day);
    EXPECT_EQ(3u, world.alerts());
}

TEST(Checkup, OfAnAccountThatCannotBeAskedTellsWhyAndTheFlowGoesOn) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = {4,
                                             R"({"outcome":"failed","error":{"message":"nobody answers"}})"};
    world.run(flow(R"("every":"1h")", to_alert, steps_with_alert), 90 * minute);
    EXPECT_EQ("nobody answers", world.diary.of(Kind::warning).at(0).message);
    EXPECT_EQ(1u, world.alerts());
    EXPECT_THAT(world.steps.ids("/mail"), SizeIs(1));
}

TEST(Checkup, ThatDefectsStopNothing) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.meanwhile = [](const std::string& id) {
        if (id.find("account-status") != std::string::npos) throw std::runtime_error("a defect");
    };
    world.run(flow(R"("every":"1h")", to_alert, steps_with_alert), 90 * minute);
    EXPECT_EQ("a defect", world.diary.of(Kind::warning).at(0).message);
    EXPECT_EQ("failed", world.diary.of(Kind::step).at(0).outcome) << "the alert";
    EXPECT_THAT(world.steps.ids("/mail"), SizeIs(1));
}

TEST(Checkup, BeforeADailyRunMovesAwayFromIt) {
    Watched world("2026-11-16T08:59:30Z");
    world.run(flow(R"("schedule":"0 9 * * *","timezone":"UTC")"), 7 * day);
    const auto asked = world.asked();
    ASSERT_THAT(asked, SizeIs(8));
    EXPECT_THAT(asked.back(), testing::EndsWith("T09:00:00Z")) << "a day ahead: it is not seconds for ever";
    EXPECT_THAT(asked, testing::Contains("2026-11-17T04:59:30Z"));
}

TEST(Checkup, OfTimesThatComeDueMeanwhileOneIsRunAndTheOthersAreSkippedForThatReason) {
    for (const char* schedule : {R"("every":"10s")", R"("schedule":"* * * * *")"}) {
        Watched world("2026-11-16T11:59:30Z");
        world.run(flow(schedule), 2 * hour);
        const std::size_t before = world.diary.of(Kind::skipped).size();
        world.steps.meanwhile = [&](const std::string& id) {
            if (id.find("account-status") != std::string::npos) world.clock.pass(5 * minute);
        };
        world.run(flow(schedule), 10 * minute);
        EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty()) << schedule;
        const auto skipped = world.diary.of(Kind::skipped);
        ASSERT_LT(before, skipped.size()) << schedule;
        for (const Event& event : skipped) EXPECT_EQ("accounts were being looked after", event.reason);
    }
}

TEST(Checkup, ThatTakesLongMakesARunLateAndNotMissed) {
    Watched world("2026-11-16T11:59:30Z");
    world.steps.meanwhile = [&](const std::string& id) {
        if (id.find("account-status") != std::string::npos) world.clock.pass(5 * minute);
    };
    world.run(flow(R"("schedule":"0 * * * *")"), 30 * minute);
    EXPECT_THAT(world.steps.ids("/mail"), ElementsAre("f/2026-11-16T12:00:00Z/mail"));
    EXPECT_THAT(world.diary.of(Kind::missed), IsEmpty());
    EXPECT_EQ(270 * second, world.diary.of(Kind::run).at(0).ms);
}

TEST(Checkup, AsksBeforeARunThatIsMadeByHand) {
    Watched world("2026-11-16T12:00:00Z");
    world.steps.results["account-status"] = warns("it ends soon");
    const Flow watched = flow(R"("every":"1h")", to_alert, steps_with_alert);
    const Runner::Once once = Runner(watched, world.around()).once();
    ASSERT_THAT(world.steps.calls, SizeIs(3));
    EXPECT_THAT(world.steps.calls[0].id, HasSubstr("/account-status/"));
    EXPECT_THAT(world.steps.calls[1].id, HasSubstr("/alert"));
    EXPECT_EQ("f/2026-11-16T12:00:00Z/mail", world.steps.calls[2].id);
    EXPECT_EQ("accepted", once.end.outcome);
}

TEST(Checkup, AsksNothingWhenItIsTimeToStop) {
    Watched world("2026-11-16T12:00:00Z");
    world.clock.stop();
    Runner(flow(R"("every":"1h")"), world.around()).run();
    EXPECT_THAT(world.steps.calls, IsEmpty());
}

}  // namespace
}  // namespace wfc::flow::test
