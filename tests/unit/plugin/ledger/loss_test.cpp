// Owners who stood still, stores that fail, answers that are lost.
#include "ledger_bench.hpp"

namespace mailsend::ledger {
namespace {

using test::body;
using test::LedgerBench;
using test::Wire;
class LedgerLossTest : public LedgerBench {
  protected:
    using Settled = std::vector<std::pair<std::size_t, Standing>>;
    const Settled both_sent{{0, Standing::sent}, {1, Standing::sent}};

    /// Everybody looks dead.
    void stand_still() { host.advance(60'000); }
};

TEST_F(LedgerLossTest, AnOwnerWhoStoodStillSendsNothingOnceSomebodyTookOver) {
    Claim first = claim();
    stand_still();
    Claim second = claim();
    EXPECT_EQ(refused_ending(first, {0, 1}), "ledger.lost");
    first.keep_alive();
    first.finish();
    EXPECT_EQ(state(), "claimed oo") << "the second one's record is untouched";
    EXPECT_EQ(refused_ending(second, {0, 1}), "none");
    EXPECT_FALSE(first.trouble());
}

TEST_F(LedgerLossTest, IsNoticedAtASignOfLifeToo) {
    Claim first = claim();
    stand_still();
    Claim second = claim();
    first.keep_alive();
    EXPECT_EQ(refused_ending(first, {0}), "ledger.lost");
    EXPECT_EQ(refused_ending(second, {0}), "none");
}

TEST_F(LedgerLossTest, AnOwnerWhoWasGivenUpStillWritesTheTruth) {
    Claim first = claim();
    first.ending({0, 1}, body);
    stand_still();
    EXPECT_EQ(letters(claim()), "uu");
    EXPECT_EQ(state(), "unknown uu");
    first.settle(both_sent, Reply{250, {"250 ok"}});
    EXPECT_EQ(state(), "sent ss");
    EXPECT_EQ(stored()["reply"]["code"], 250);
    EXPECT_FALSE(first.trouble());
}

TEST_F(LedgerLossTest, AnOwnerWhoWasGivenUpTakesItsUnknownBackWhenItWasARefusal) {
    Claim first = claim();
    first.ending({0, 1}, body);
    stand_still();
    EXPECT_EQ(letters(claim()), "uu");
    first.settle({{0, Standing::open}, {1, Standing::sent}}, std::nullopt);
    EXPECT_EQ(state(), "claimed os");
    EXPECT_EQ(refused_ending(first, {0}), "none") << "and goes on";
}

TEST_F(LedgerLossTest, TellsTheOneWhoTookOverWhatWasSent) {
    Claim first = claim();
    first.ending({0, 1}, body);
    stand_still();
    terms.on_unknown = OnUnknown::resend;
    Claim second = claim();
    first.settle({{0, Standing::sent}, {1, Standing::open}}, Reply{250, {"250 ok"}});
    EXPECT_EQ(stored()["reply"]["code"], 250);
    EXPECT_EQ(state(), "claimed su") << "that it was refused now says nothing of the second one's try";
    EXPECT_EQ(refused_ending(second, {0, 1}), "ledger.lost");
    EXPECT_EQ(second.open(), std::vector<std::size_t>{1});
    EXPECT_EQ(refused_ending(second, {1}), "none");
    second.settle({{1, Standing::sent}}, std::nullopt);
    EXPECT_EQ(state(), "sent ss");
}

TEST_F(LedgerLossTest, TellsTheOneWhoIsEndingAndTheOneWhoIsDone) {
    Claim first = claim();
    first.ending({0, 1}, body);
    stand_still();
    terms.on_unknown = OnUnknown::resend;
    {
        Claim second = claim();
        second.ending({0, 1}, body);
        first.settle({{0, Standing::sent}, {1, Standing::unknown}}, std::nullopt);
        EXPECT_EQ(state(), "ending se");
        second.keep_alive();
        second.settle({{0, Standing::open}, {1, Standing::unknown}}, std::nullopt);
    }
    EXPECT_EQ(state(), "unknown su") << "what somebody knows to be sent stays sent";
    first.settle({{1, Standing::sent}}, std::nullopt);
    EXPECT_EQ(state(), "sent ss");
}

TEST_F(LedgerLossTest, ASignOfLifeTakesInWhatSomebodyElseKnew) {
    Claim first = claim();
    first.ending({0, 1}, body);
    stand_still();
    terms.on_unknown = OnUnknown::resend;
    Claim second = claim();
    second.ending({0, 1}, body);
    first.settle(both_sent, std::nullopt);
    EXPECT_EQ(state(), "claimed ss");
    host.advance(10'000);
    second.keep_alive();
    EXPECT_EQ(state(), "claimed ss");
    EXPECT_EQ(refusal(), "ledger.busy") << "the record is whole, and its owner alive";
    second.settle({{0, Standing::unknown}, {1, Standing::open}}, std::nullopt);
    EXPECT_EQ(state(), "sent ss");
}

TEST_F(LedgerLossTest, TakesOverOnlyOnceWhenSeveralWantTo) {
    die(claim());
    stand_still();
    bool faster = false;
    std::optional<Claim> other;
    host.state().before_write([&](const std::string&) {
        if (std::exchange(faster, true)) return;
        other = claim();
    });
    EXPECT_EQ(refusal(), "ledger.busy");
    ASSERT_TRUE(other);
    EXPECT_EQ(refused_ending(*other, {0, 1}), "none");
}

TEST_F(LedgerLossTest, AClaimThatIsTakenAtTheMomentOfEndingIsLost) {
    Claim first = claim();
    stand_still();
    bool faster = false;
    std::optional<Claim> other;
    host.state().before_write([&](const std::string&) {
        if (std::exchange(faster, true)) return;
        other = claim();
    });
    EXPECT_EQ(refused_ending(first, {0, 1}), "ledger.lost");
    EXPECT_EQ(state(), "claimed oo");
}

TEST_F(LedgerLossTest, ARecordThatVanishedIsNotEndedAndWhatIsKnownIsWrittenAnew) {
    Claim first = claim();
    host.state().erase(key());
    EXPECT_EQ(refused_ending(first, {0, 1}), "ledger.lost");
    terms.key = "order-2";
    Claim second = claim();
    second.ending({0, 1}, body);
    host.state().erase(key());
    second.settle(both_sent, std::nullopt);
    EXPECT_EQ(state(), "sent ss");
}

TEST_F(LedgerLossTest, AnAnswerThatIsLostIsLookedFor) {
    for (const wfc_status answer : {WFC_UNAVAILABLE, WFC_CONFLICT}) {
        Wire wire(host.state());
        wire.lost_as = answer;
        wire.lost_answers = 1;
        Claim mine = claim();
        wire.lost_answers = 1;
        EXPECT_EQ(refused_ending(mine, {0, 1}), "none");
        EXPECT_EQ(state(), "ending ee");
        wire.lost_answers = 1;
        mine.settle(both_sent, std::nullopt);
        EXPECT_EQ(state(), "sent ss");
        EXPECT_FALSE(mine.trouble());
        EXPECT_EQ(wire.puts, 3) << "nothing was written twice";
        host.state().erase(key());
    }
}

TEST_F(LedgerLossTest, AnAnswerThatIsLostAndCannotBeLookedForSendsNothingAndIsRecoveredFrom) {
    Wire wire(host.state());
    Claim mine = claim();
    wire.lost_answers = wire.unreadable = 1;
    EXPECT_EQ(refused_ending(mine, {0, 1}), "host.state");
    EXPECT_EQ(state(), "ending ee") << "nobody could know";
    EXPECT_EQ(mine.open(), (std::vector<std::size_t>{0, 1}));
    mine.finish();
    EXPECT_EQ(state(), "failed oo");
}

TEST_F(LedgerLossTest, AWriteThatDidNotHappenIsNoWriteThatWasLost) {
    Wire wire(host.state());
    wire.refused_puts = 5;
    EXPECT_EQ(refusal(), "host.state");
    wire.refused_puts = 1;  // for a moment
    Claim mine = claim();
    wire.refused_puts = 1;
    EXPECT_EQ(refused_ending(mine, {0, 1}), "host.state");
    EXPECT_EQ(state(), "claimed oo");
    EXPECT_EQ(wire.puts, 5 + 2 + 1);
    EXPECT_EQ(refused_ending(mine, {0, 1}), "none") << "the store works again";
}

TEST_F(LedgerLossTest, AStoreThatFailsBeforeTheEndLetsNothingBeSent) {
    Claim mine = claim();
    for (const wfc_status status : {WFC_UNAVAILABLE, WFC_FAILED, WFC_UNSUPPORTED}) {
        host.state().fail_with(status);
        EXPECT_EQ(refused_ending(mine, {0, 1}), "host.state") << status;
    }
    mine.finish();
    EXPECT_FALSE(mine.trouble()) << "nothing was handed over";
    host.state().fail_with(WFC_OK);
    EXPECT_EQ(state(), "claimed oo");
}

TEST_F(LedgerLossTest, AStoreThatFailsAfterTheEndIsAWarningUntilItWorksAgain) {
    Claim mine = claim();
    mine.ending({0, 1}, body);
    host.state().fail_with(WFC_UNAVAILABLE);
    mine.settle(both_sent, std::nullopt);
    ASSERT_TRUE(mine.trouble());
    EXPECT_EQ(mine.trouble()->condition, "host.state");
    EXPECT_EQ(mine.trouble()->stage, Stage::host);
    host.advance(1'000);
    mine.keep_alive();
    EXPECT_TRUE(mine.trouble());
    host.state().fail_with(WFC_OK);
    host.advance(999);
    mine.keep_alive();
    EXPECT_EQ(state(), "ending ee") << "a store in trouble is not asked all the time";
    host.advance(1);
    mine.keep_alive();
    EXPECT_EQ(state(), "sent ss");
    EXPECT_FALSE(mine.trouble());
}

TEST_F(LedgerLossTest, AStoreThatFailsToTheEndLeavesUnknownAndNeverASecondSend) {
    {
        Claim mine = claim();
        mine.ending({0, 1}, body);
        host.state().fail_with(WFC_UNAVAILABLE);
        mine.settle(both_sent, std::nullopt);
        mine.finish();
        EXPECT_TRUE(mine.trouble());
    }
    host.state().fail_with(WFC_OK);
    stand_still();
    const Claim next = claim();
    EXPECT_FALSE(next.work_left());
    EXPECT_EQ(letters(next), "uu");
}

TEST_F(LedgerLossTest, AStoreThatAlwaysSaysThatSomebodyWasFasterIsInTrouble) {
    host.state().fail_with(WFC_CONFLICT);
    EXPECT_EQ(refusal(), "host.state");
    host.state().fail_with(WFC_OK);
    Claim mine = claim();
    host.state().before_write([&](const std::string& key) { host.state().erase(key); });
    EXPECT_EQ(refused_ending(mine, {0, 1}), "ledger.lost");
    EXPECT_EQ(refusal(), "none") << "a key that is erased each time is a new one each time";
}

TEST_F(LedgerLossTest, ARecordThatIsDamagedMeanwhileIsTroubleAndIsLeftAlone) {
    Claim mine = claim();
    mine.ending({0, 1}, body);
    host.state().put(key(), "{}");
    mine.settle(both_sent, std::nullopt);
    EXPECT_TRUE(mine.trouble());
    mine.finish();
    EXPECT_EQ(*host.state().get(key()), "{}");
}

}  // namespace
}  // namespace mailsend::ledger
