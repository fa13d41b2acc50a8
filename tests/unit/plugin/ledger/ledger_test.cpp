#include "ledger/ledger.hpp"

#include "ledger_bench.hpp"

namespace mailsend::ledger {
namespace {

using test::body;
using test::LedgerBench;
using test::Wire;
class LedgerTest : public LedgerBench {};

TEST_F(LedgerTest, ANewMessageCostsThreeWritesAndNoReading) {
    Wire wire(host.state());
    send_all();
    EXPECT_EQ(wire.puts, 3);
    EXPECT_EQ(wire.gets, 0);
    EXPECT_EQ(state(), "sent ss");
}

TEST_F(LedgerTest, KeepsNeitherTheKeyNorAnythingOfTheMessage) {
    terms.key = "order of bob@example.test";
    send_all();
    EXPECT_EQ(key().size(), std::string("ledger/").size() + 64);
    const std::string record = stored().dump();
    EXPECT_EQ((key() + record).find("bob"), std::string::npos);
}

TEST_F(LedgerTest, TheSameKeyAgainGetsTheFirstResultAndSendsNothing) {
    const std::int64_t first = now();
    send_all();
    host.advance(5'000'000);
    Wire wire(host.state());
    content.message_id = "<another@example.test>";
    const Claim again = claim();
    EXPECT_FALSE(again.work_left());
    EXPECT_TRUE(again.open().empty());
    EXPECT_EQ(letters(again), "ss");
    EXPECT_EQ(again.past().message_id, "<id@example.test>");
    EXPECT_EQ(again.past().at_unix_ms, first);
    EXPECT_EQ(again.past().body_digest, body);
    ASSERT_TRUE(again.past().reply);
    EXPECT_EQ(again.past().reply->code, 250);
    EXPECT_EQ(again.past().reply->lines, std::vector<std::string>{"250 2.0.0 queued as 4711"});
    EXPECT_EQ(wire.gets, 1);
}

TEST_F(LedgerTest, ADuplicateWithAnotherBodyIsInvalidInput) {
    send_all();
    const Claim again = claim();
    EXPECT_NO_THROW(again.check_body(body));
    EXPECT_NO_THROW(again.check_body("body2:cc")) << "another version cannot be compared";
    EXPECT_THROW(again.check_body(test::other_body), wfc::Problem);
}

TEST_F(LedgerTest, WaitsForTheOneWhoIsAtWorkAndThenHasItsResult) {
    auto first = std::make_unique<Claim>(claim());
    first->ending({0, 1}, body);
    int looks = 0;
    const Claim second =
        *Ledger(services())
             .claim(terms, content, patience(60'000, [&] {
                        if (++looks == 2)
                            first->settle({{0, Standing::sent}, {1, Standing::sent}}, std::nullopt);
                        return false;
                    }));
    EXPECT_FALSE(second.work_left());
    EXPECT_EQ(letters(second), "ss");
}

TEST_F(LedgerTest, SaysThatItIsBusyWhenTheDeadlineComesFirst) {
    const Claim first = claim();
    host.advance(12'000);
    try {
        Ledger(services()).claim(terms, content, patience(0));
        FAIL() << "two have the claim";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.facts().condition, "ledger.busy");
        EXPECT_EQ(failure.facts().stage, Stage::host);
        EXPECT_EQ(failure.facts().details.at("retry_after_ms"), "18000");
    }
    EXPECT_THROW(Ledger(services()).claim(terms, content, patience(1'000, [] { return true; })), Cancelled);
}

TEST_F(LedgerTest, AClaimWhoseOwnerDiedIsFreeAfterThirtySeconds) {
    die(claim());
    host.advance(30'000);
    EXPECT_EQ(refusal(), "ledger.busy");
    host.advance(1);
    Claim next = claim();
    EXPECT_EQ(next.open(), (std::vector<std::size_t>{0, 1}));
    EXPECT_EQ(next.past().at_unix_ms, 0) << "there was no result";
}

TEST_F(LedgerTest, WhatWasEndingWhenItsOwnerDiedIsUnknownForGood) {
    Claim first = claim();
    first.ending({0, 1}, body);
    const std::int64_t ended = now();
    die(std::move(first));
    host.advance(30'001);
    {
        const Claim next = claim();
        EXPECT_FALSE(next.work_left());
        EXPECT_EQ(letters(next), "uu");
        EXPECT_EQ(next.past().at_unix_ms, ended);
    }
    EXPECT_EQ(state(), "unknown uu");
    host.advance(400ULL * 24 * 3600 * 1000);
    EXPECT_EQ(state(), "unknown uu") << "it stays until somebody decides";
    EXPECT_FALSE(claim().work_left());
}

TEST_F(LedgerTest, WhatIsUnknownIsSentAgainWhenThePersonSaysSo) {
    Claim first = claim();
    first.ending({0, 1}, body);
    first.settle({{0, Standing::unknown}, {1, Standing::sent}}, std::nullopt);
    EXPECT_EQ(state(), "unknown us");
    first.finish();
    terms.on_unknown = OnUnknown::resend;
    content.message_id = "<another@example.test>";
    Claim again = claim();
    EXPECT_EQ(again.open(), std::vector<std::size_t>{0}) << "and nobody who has got it";
    EXPECT_EQ(again.past().message_id, "<id@example.test>");
    again.ending({0}, body);
    again.settle({{0, Standing::sent}}, std::nullopt);
    again.finish();
    EXPECT_EQ(state(), "sent ss");
}

TEST_F(LedgerTest, AResultIsForgottenAfterTheRetention) {
    send_all();
    host.advance(24ULL * 3600 * 1000 - 1);
    EXPECT_EQ(state(), "sent ss");
    host.advance(1);
    EXPECT_EQ(state(), "none");
    EXPECT_TRUE(claim().work_left());
}

TEST_F(LedgerTest, ResultsHaveATimeToLiveAndOpenQuestionsHaveNone) {
    Wire wire(host.state());
    constexpr std::uint64_t day_ms = 24 * 3600 * 1000;
    Claim one = claim();
    EXPECT_EQ(wire.last_ttl_ms, day_ms);
    one.ending({0}, body);
    EXPECT_EQ(wire.last_ttl_ms, 0U);
    one.settle({{0, Standing::sent}}, std::nullopt);
    EXPECT_EQ(wire.last_ttl_ms, day_ms);
    one.ending({1}, body);
    one.settle({{1, Standing::unknown}}, std::nullopt);
    EXPECT_EQ(wire.last_ttl_ms, 0U);
}

TEST_F(LedgerTest, AClockThatWasSetForwardMakesNobodySendTwice) {
    Claim first = claim();
    host.unix_time(now() + 3'600'000);
    Claim second = claim();
    ASSERT_TRUE(second.work_left()) << "the first one looks dead";
    EXPECT_EQ(refused_ending(first, {0, 1}), "ledger.lost");
    EXPECT_EQ(refused_ending(second, {0, 1}), "none");
}

TEST_F(LedgerTest, AClockThatWasSetBackKeepsTheDeadForThirtySecondsOfWatchingAndNotLonger) {
    die(claim());
    host.unix_time(now() - 3'600'000);
    EXPECT_EQ(refusal(), "ledger.busy");
    const std::uint64_t begun = host.now_ms();
    const Claim next = *Ledger(services()).claim(terms, content, patience(120'000, [&] {
                                                     host.advance(5'000);
                                                     return false;
                                                 }));
    EXPECT_TRUE(next.work_left());
    EXPECT_GE(host.now_ms() - begun, 30'000U);
    EXPECT_LE(host.now_ms() - begun, 45'000U);
}

TEST_F(LedgerTest, AClockThatWasSetBackTakesNothingFromTheLiving) {
    Claim first = claim();
    host.unix_time(now() - 3'600'000);
    int looks = 0;
    const auto watching = [&] {
        host.advance(5'000);
        first.keep_alive();
        return ++looks > 12;
    };
    EXPECT_THROW(Ledger(services()).claim(terms, content, patience(600'000, watching)), Cancelled);
    EXPECT_EQ(refused_ending(first, {0, 1}), "none");
}

TEST_F(LedgerTest, WithoutAStoreOnlyAKeyOfOnesOwnIsRefused) {
    host.without(WFC_STATE);
    EXPECT_EQ(refusal(), "host.state");
    terms.key_was_given = false;
    EXPECT_FALSE(Ledger(services()).claim(terms, content, patience()));
}

TEST_F(LedgerTest, AStoreThatIsNoneAfterAllCountsAsNone) {
    host.state().fail_with(WFC_UNSUPPORTED);
    EXPECT_EQ(refusal(), "host.state");
    terms.key_was_given = false;
    EXPECT_FALSE(Ledger(services()).claim(terms, content, patience()));
}

TEST_F(LedgerTest, AStoreThatFailsLetsNothingBeSentWhateverTheKey) {
    for (const wfc_status status : {WFC_UNAVAILABLE, WFC_DENIED, WFC_FAILED}) {
        host.state().fail_with(status);
        for (const bool given : {true, false}) {
            terms.key_was_given = given;
            EXPECT_EQ(refusal(), "host.state") << status;
        }
    }
}

TEST_F(LedgerTest, ARecordOfSomebodyElseIsLeftAloneAndSaysWhatToDo) {
    send_all();
    const std::string place = key();
    std::string newer = *host.state().get(place);
    newer.replace(newer.find("\"format\":1"), 10, "\"format\":2");
    for (const std::string& bytes : {std::string(), std::string("{"), std::string("null"), newer,
                                     std::string(2'000, '['), std::string("\xff\0\x01", 3)}) {
        host.state().put(place, bytes);
        try {
            claim();
            ADD_FAILURE() << "claimed over " << bytes;
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.facts().condition, "host.state");
            EXPECT_NE(failure.facts().sentence.find("find out whether the message arrived"),
                      std::string::npos);
            EXPECT_EQ(failure.facts().details.at("record"), place);
        }
        EXPECT_EQ(*host.state().get(place), bytes);
    }
}

}  // namespace
}  // namespace mailsend::ledger
