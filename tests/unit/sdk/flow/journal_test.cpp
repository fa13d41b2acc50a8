#include "flow/journal.hpp"

#include <gmock/gmock.h>

#include "support/scratch.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

using Claim = Journal::Claim;
using testing::HasSubstr;

constexpr std::int64_t nine = 1'795'392'000'000;  // 2026-11-23T00:00:00Z

struct JournalTest : testing::Test {
    MemoryRecords records;
    Processes processes;
    Journal journal{records, processes, "f"};
    Mark mark{nine, 0, "boot 1"};
};

TEST_F(JournalTest, AClaimIsOnTheDiskBeforeTheRun) {
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    EXPECT_THAT(records.values["flow/f"].bytes, HasSubstr("\"open\""));
    EXPECT_THAT(records.values["run/f/2026-11-23T00:00:00Z"].bytes, HasSubstr("\"open\""));
}

TEST_F(JournalTest, OneOfTwoProcessesGetsARun) {
    Processes others;
    others.current = "b";
    others.living = {"a", "b"};
    processes.living = {"a", "b"};
    Journal other(records, others, "f");
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    EXPECT_EQ(Claim::handled, other.claim(nine, mark, nine));
    EXPECT_EQ(Claim::busy, other.claim(nine + 1, Mark{nine + 1, 0, ""}, nine));
    journal.close("finished", nine);
    EXPECT_EQ(Claim::handled, other.claim(nine, mark, nine));
    EXPECT_EQ(Claim::claimed, other.claim(nine + 1, Mark{nine + 1, 0, ""}, nine));
}

TEST_F(JournalTest, AWriteBetweenReadAndClaimDecides) {
    Processes others;
    others.current = "b";
    others.living = {"a", "b"};
    processes.living = {"a", "b"};
    Journal other(records, others, "f");
    bool once = false;
    EXPECT_EQ(Claim::claimed, other.claim(nine - 1, Mark{nine - 1, 0, ""}, nine));
    other.close("finished", nine);
    records.written = [&](const std::string&) {
        if (std::exchange(once, true)) return;
        EXPECT_EQ(Claim::contended, other.claim(nine, mark, nine)) << "one write is done, one is not";
    };
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    EXPECT_EQ(Claim::handled, other.claim(nine, mark, nine));
}

TEST_F(JournalTest, ARecordOfTheRunForbidsItThoughTheMarkWasLost) {
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    journal.close("finished", nine);
    records.values.erase("flow/f");
    EXPECT_EQ(Claim::handled, journal.claim(nine, mark, nine));
    EXPECT_EQ(Claim::claimed, journal.claim(nine + 1, Mark{nine + 1, 0, ""}, nine)) << "nothing stayed open";
}

TEST_F(JournalTest, TheRunOfADeadProcessIsTakenOverOnce) {
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    journal.step_begins("one", nine);
    journal.step_ended("accepted", false, nine);
    journal.step_begins("two", nine);
    processes.living = {"b"};
    processes.current = "b";
    Journal next(records, processes, "f");
    EXPECT_EQ(Claim::dead, next.claim(nine + 1, Mark{nine + 1, 0, ""}, nine));
    const auto cut = next.take_over();
    ASSERT_TRUE(cut);
    EXPECT_EQ(CutRun::Kind::begun, cut->kind);
    ASSERT_EQ(2u, cut->run.steps.size());
    EXPECT_EQ("accepted", cut->run.steps[0].outcome);
    EXPECT_EQ("", cut->run.steps[1].outcome);
    EXPECT_EQ("a", cut->run.owner);
    EXPECT_FALSE(next.take_over()) << "it is ours now";
    next.close("cut", nine);
    EXPECT_FALSE(next.take_over());
    EXPECT_THAT(records.values["run/f/2026-11-23T00:00:00Z"].bytes, HasSubstr("\"unknown\""));
    EXPECT_EQ(Claim::claimed, next.claim(nine + 1, Mark{nine + 1, 0, ""}, nine));
}

TEST_F(JournalTest, ARunThatHadEndedIsNotCutThoughItsLastWriteIsMissing) {
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    const auto open = records.values["flow/f"];
    journal.close("finished", nine);
    records.values["flow/f"] = open;
    processes.living.clear();
    processes.current = "b";
    Journal next(records, processes, "f");
    EXPECT_FALSE(next.take_over());
    EXPECT_EQ(Claim::handled, next.claim(nine, mark, nine));
}

TEST_F(JournalTest, RunsAreKeptForThirtyDaysAfterTheyEndedAndTheFlowForGood) {
    const char* run = "run/f/2026-11-23T00:00:00Z";
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    journal.step_begins("one", nine);
    EXPECT_EQ(0u, records.ttl[run]) << "what is unknown is not forgotten";
    journal.step_ended("accepted", false, nine);
    EXPECT_EQ(0u, records.ttl[run]);
    journal.close("finished", nine);
    EXPECT_EQ(30u * 24 * 3600 * 1000, records.ttl[run]);
    EXPECT_EQ(0u, records.ttl["flow/f"]);
}

TEST_F(JournalTest, OfAFlowTheLastThousandRunsAreKept) {
    for (std::int64_t i = 0; i < 1010; ++i) {
        const std::int64_t time = nine + i * minute;
        ASSERT_EQ(Claim::claimed, journal.claim(time, Mark{time, 0, ""}, time));
        journal.close("finished", time);
    }
    records.values["run/other/2026-11-23T00:00:00Z"] = {"{}", 1};
    journal.prune();
    EXPECT_EQ(1000u + 1 + 1, records.values.size());
    EXPECT_EQ(0u, records.values.count("run/f/2026-11-23T00:09:00Z"));
    EXPECT_EQ(1u, records.values.count("run/f/2026-11-23T00:10:00Z"));
}

TEST_F(JournalTest, AWriteThatWasSaidToHaveFailedIsNoOtherProcess) {
    EXPECT_EQ(Claim::claimed, journal.claim(nine, mark, nine));
    records.written = [&](const std::string&) { records.trouble = WFC_UNAVAILABLE; };
    journal.step_begins("one", nine);
    records.written = nullptr;
    records.trouble = WFC_OK;
    StateValue& value = records.values["run/f/2026-11-23T00:00:00Z"];
    ++value.version;  // as if the write of the end had been done
    EXPECT_NO_THROW(journal.step_ended("accepted", false, nine));
    EXPECT_THAT(value.bytes, HasSubstr("accepted"));
}

TEST_F(JournalTest, WhatWasHandledIsKeptThoughTheClockIsBelievedToBeEarlier) {
    const auto at = [](std::int64_t time) { return Mark{time, 0, ""}; };
    journal.load();
    EXPECT_TRUE(journal.advance(at(nine)));
    EXPECT_TRUE(journal.advance(at(nine + 9 * day)));
    EXPECT_TRUE(journal.advance(at(nine + 2 * day)));
    EXPECT_TRUE(journal.load().handled.has(nine + 9 * day));
    EXPECT_TRUE(journal.load().handled.has(nine + 1));
    EXPECT_FALSE(journal.load().handled.has(nine));
    EXPECT_TRUE(journal.advance(at(nine - 100 * day)));
    EXPECT_FALSE(journal.load().handled.has(nine + 1)) << "that was another calendar";
}

TEST_F(JournalTest, AStoreThatFailsOrHoldsSomethingElseIsNamed) {
    for (const char* text : {"", "[]", "{}", R"({"file":1})", R"({"file":"","open":{}})"}) {
        records.values["flow/f"] = {text, 1};
        EXPECT_THROW(journal.load(), JournalUnusable) << text;
    }
    records.trouble = WFC_UNAVAILABLE;
    EXPECT_THROW(journal.load(), JournalUnusable);
    EXPECT_THROW(journal.claim(nine, mark, nine), JournalUnusable);
}

TEST(StateRecords, OfAFileThatWasReplacedAreUnsound) {
    const wfc::test::Scratch scratch;
    const std::filesystem::path file = scratch / "state.sqlite";
    StateStore store(file);
    StateRecords of(store, file);
    EXPECT_EQ("", of.unsound());
    std::filesystem::rename(file, scratch / "away");
    EXPECT_THAT(of.unsound(), HasSubstr("state.sqlite was removed or replaced"));
    const StateStore other(file);
    EXPECT_THAT(of.unsound(), HasSubstr("start wfc run again"));
}

TEST_F(JournalTest, AStoreThatGoesInTheMiddleOfAWriteIsNamedAsGoneAndNotAsBusy) {
    records.refuses = [this](const std::string&) {
        records.replaced = "gone";
        return wfc_status{WFC_UNAVAILABLE};
    };
    try {
        journal.claim(nine, mark, nine);
        FAIL() << "claimed";
    } catch (const JournalUnusable& unusable) {
        EXPECT_STREQ("gone", unusable.what());
    }
}

TEST_F(JournalTest, AReplacedStoreTakesNoClaim) {
    records.replaced = "gone";
    EXPECT_THROW(journal.claim(nine, mark, nine), JournalUnusable);
    EXPECT_THROW(journal.take_over(), JournalUnusable);
}

TEST(Presence, ALockTellsWhoIsAlive) {
    const wfc::test::Scratch scratch;
    Presence here(scratch / "run.lock");
    EXPECT_TRUE(here.alive(here.self()));
    std::string gone;
    {
        Presence there(scratch / "run.lock");
        gone = there.self();
        EXPECT_NE(here.self(), gone);
        EXPECT_TRUE(here.alive(gone));
        EXPECT_TRUE(there.alive(here.self()));
    }
    EXPECT_FALSE(here.alive(gone));
    for (const char* nobody : {"", "x", "-1", "12x", "99999999999999999999999"}) {
        EXPECT_FALSE(here.alive(nobody)) << nobody;
    }
}

TEST(Presence, NeedsItsFolder) {
    EXPECT_THROW(Presence("/nonexistent/run.lock"), std::system_error);
}

}  // namespace
}  // namespace wfc::flow::test
