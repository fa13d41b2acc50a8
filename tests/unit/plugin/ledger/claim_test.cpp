#include "ledger/claim.hpp"

#include "ledger_bench.hpp"

namespace mailsend::ledger {
namespace {

using test::body;
using test::LedgerBench;
using test::Wire;
using Places = std::vector<std::size_t>;
class ClaimTest : public LedgerBench {};

TEST_F(ClaimTest, NamesWhoWouldGetItBeforeTheEndOfTheData) {
    Claim mine = claim();
    EXPECT_EQ(state(), "claimed oo");
    mine.ending({1}, body);
    EXPECT_EQ(state(), "ending oe");
    EXPECT_EQ(stored()["body"], body);
}

TEST_F(ClaimTest, EndsInTheStateThatItsRecipientsAreIn) {
    const std::vector<std::pair<std::string, std::string>> results = {
        {"ss", "sent"},    {"so", "partial"}, {"os", "partial"}, {"oo", "failed"},
        {"uu", "unknown"}, {"su", "unknown"}, {"uo", "unknown"}};
    for (const auto& [letters, result] : results) {
        terms.key = letters;
        {
            Claim mine = claim();
            mine.ending({0, 1}, body);
            mine.settle({{0, Standing{letters[0]}}, {1, Standing{letters[1]}}}, std::nullopt);
        }
        EXPECT_EQ(state(), result + " " + letters);
        host.state().erase(key());
    }
}

TEST_F(ClaimTest, WithNothingHandedOverItFailedAndTheNextCallMaySendOtherContent) {
    { const Claim mine = claim(); }
    EXPECT_EQ(state(), "failed oo");
    content = other_content;
    Claim next = claim();
    EXPECT_EQ(state(), "claimed o");
    EXPECT_EQ(next.past().message_id, "<other@example.test>");
}

TEST_F(ClaimTest, WhatNobodySettledIsUnknownAtTheEnd) {
    {
        Claim mine = claim();
        mine.ending({0}, body);
    }
    EXPECT_EQ(state(), "unknown uo");
}

TEST_F(ClaimTest, SeveralTransactionsEachCountForThemselves) {
    content.recipients = 3;
    Claim mine = claim();
    mine.ending({0}, body);
    mine.settle({{0, Standing::sent}, {1, Standing::open}}, std::nullopt);
    EXPECT_EQ(state(), "claimed soo");
    EXPECT_EQ(mine.open(), (Places{1, 2}));
    mine.ending({1, 2}, body);
    EXPECT_EQ(state(), "ending see");
    mine.settle({{1, Standing::open}, {2, Standing::sent}}, std::nullopt);
    EXPECT_EQ(mine.open(), Places{1});
    mine.ending({1}, body);
    mine.settle({{0, Standing::unknown}, {1, Standing::sent}, {2, Standing::open}}, std::nullopt);
    EXPECT_EQ(state(), "sent sss") << "what was sent stays sent";
}

TEST_F(ClaimTest, APartialResultIsResumedWithTheRest) {
    {
        Claim mine = claim();
        mine.ending({0, 1}, body);
        mine.settle({{0, Standing::sent}, {1, Standing::open}}, Reply{250, {"250 ok"}});
    }
    EXPECT_EQ(state(), "partial so");
    const std::int64_t first = now();
    host.advance(60'000);
    Claim next = claim();
    EXPECT_TRUE(next.work_left());
    EXPECT_EQ(letters(next), "so");
    EXPECT_EQ(next.past().at_unix_ms, first);
    EXPECT_EQ(next.open(), Places{1});
    EXPECT_EQ(refused_ending(next, {1}, test::other_body), "input") << "an attachment changed since";
    next.ending({1}, body);
    next.settle({{1, Standing::sent}}, std::nullopt);
    EXPECT_EQ(state(), "sent ss");
    EXPECT_EQ(stored()["first_at"], first);
    EXPECT_EQ(stored()["reply"]["code"], 250);
}

TEST_F(ClaimTest, WhatBecameUnknownIsNotSentAgainByTheSameCall) {
    terms.on_unknown = OnUnknown::resend;
    Claim mine = claim();
    mine.ending({0, 1}, body);
    mine.settle({{0, Standing::unknown}, {1, Standing::open}}, std::nullopt);
    EXPECT_EQ(mine.open(), Places{1});
    mine.finish();
    EXPECT_TRUE(mine.open().empty());
    Claim next = claim();
    EXPECT_EQ(next.open(), (Places{0, 1}));
}

TEST_F(ClaimTest, ARefusalOfTheSecondTrySaysNothingOfTheFirst) {
    terms.on_unknown = OnUnknown::resend;
    {
        Claim mine = claim();
        mine.ending({0, 1}, body);
        mine.settle({{0, Standing::unknown}, {1, Standing::sent}}, std::nullopt);
    }
    Claim next = claim();
    next.ending({0}, body);
    EXPECT_EQ(state(), "ending es");
    next.settle({{0, Standing::open}}, std::nullopt);
    next.finish();
    EXPECT_EQ(state(), "unknown us");
}

TEST_F(ClaimTest, WritesASignOfLifeEveryTenSeconds) {
    Wire wire(host.state());
    Claim mine = claim();
    for (int i = 0; i < 150; ++i) {
        host.advance(200);
        mine.keep_alive();
    }
    EXPECT_EQ(wire.puts, 4);
    EXPECT_EQ(stored()["at"], now());
    mine.ending({0, 1}, body);
    host.advance(10'000);
    mine.keep_alive();
    EXPECT_EQ(state(), "ending ee");
    EXPECT_EQ(stored()["at"], now());
    mine.settle({{0, Standing::sent}, {1, Standing::sent}}, std::nullopt);
    const int written = wire.puts;
    host.advance(20'000);
    mine.keep_alive();
    mine.finish();
    mine.keep_alive();
    EXPECT_EQ(wire.puts, written) << "a result needs no sign of life";
}

TEST_F(ClaimTest, OutlivesItsLeaseWhereNobodyElseCame) {
    Claim mine = claim();
    host.advance(3'600'000);
    EXPECT_EQ(refused_ending(mine, {0, 1}), "none");
    EXPECT_EQ(refusal(), "ledger.busy") << "and is alive again";
}

TEST_F(ClaimTest, GoesOnWhereItWasMovedTo) {
    Claim first = claim();
    Claim second = std::move(first);
    second.ending({0, 1}, body);
    terms.key = "order-2";
    {
        Claim third = claim();
        third = std::move(second);
        EXPECT_EQ(host.state().keys().size(), 2U);
        third.settle({{0, Standing::sent}, {1, Standing::sent}}, std::nullopt);
    }
    std::string states;
    for (const std::string& key : host.state().keys())
        states += nlohmann::json::parse(*host.state().get(key))["state"].get<std::string>() + " ";
    EXPECT_TRUE(states == "sent failed " || states == "failed sent ") << states;
}

TEST_F(ClaimTest, HandsOverOnlyWhatIsOpen) {
    Claim mine = claim();
    EXPECT_THROW(mine.ending({}, body), std::logic_error);
    EXPECT_THROW(mine.ending({2}, body), std::logic_error);
    EXPECT_THROW(mine.ending({0}, ""), std::logic_error);
    mine.ending({0}, body);
    EXPECT_THROW(mine.ending({0}, body), std::logic_error);
    mine.settle({{0, Standing::unknown}, {9, Standing::sent}}, std::nullopt);
    EXPECT_THROW(mine.ending({0}, body), std::logic_error);
    mine.finish();
    EXPECT_THROW(mine.ending({1}, body), std::logic_error);
    EXPECT_EQ(state(), "unknown uo");
}

TEST_F(ClaimTest, AnotherBodyThanTheOneThatWasHandedOverIsRefusedBeforeAnythingIsWritten) {
    Claim mine = claim();
    mine.ending({0}, body);
    mine.settle({{0, Standing::sent}}, std::nullopt);
    EXPECT_EQ(refused_ending(mine, {1}, test::other_body), "content.source_failed") << "it was this call";
    EXPECT_EQ(state(), "claimed so");
    mine.finish();
    EXPECT_EQ(state(), "partial so");
    EXPECT_EQ(refused_ending(*std::make_unique<Claim>(claim()), {1}, test::other_body), "input");
}

TEST_F(ClaimTest, WhereEverybodyWasRefusedTheNextTryMayHaveAnotherBody) {
    Claim mine = claim();
    mine.ending({0, 1}, body);
    mine.settle({{0, Standing::open}, {1, Standing::open}}, std::nullopt);
    EXPECT_EQ(refused_ending(mine, {0, 1}, test::other_body), "none");
    EXPECT_EQ(stored()["body"], test::other_body);
}

TEST_F(ClaimTest, KnowsByNowWhatWasSettledAndWhatOthersTold) {
    using Standings = std::vector<Standing>;
    Claim mine = claim();
    EXPECT_EQ(mine.known(), (Standings{Standing::open, Standing::open}));
    mine.ending({0}, body);
    mine.settle({{0, Standing::sent}}, std::nullopt);
    EXPECT_EQ(mine.known(), (Standings{Standing::sent, Standing::open}));
    EXPECT_EQ(letters(mine), "oo") << "as it was";
}

}  // namespace
}  // namespace mailsend::ledger
