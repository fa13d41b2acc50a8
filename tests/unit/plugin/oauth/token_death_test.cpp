/// Refresh tokens that the server will not take any more.
#include "keeper_bench.hpp"

namespace mailsend::oauth {
namespace {

using test::refusal;
class TokenDeathTest : public test::KeeperBench {};

constexpr std::uint64_t day_ms = 24ull * 3600 * 1000;

TEST_F(TokenDeathTest, IsToldWithTheServersRefusalAsItsCause) {
    store(signed_in(0));
    server.fail_next(refusal("invalid_grant").with("oauth_description", "Token has been revoked."));
    const auto one = keeper();
    const Facts facts = failure(*one);
    EXPECT_EQ(facts.condition, "token.dead");
    EXPECT_EQ(facts.stage, Stage::token);
    EXPECT_EQ(facts.pointer, "/auth/tokens");
    EXPECT_EQ(facts.details.at("oauth_error"), "invalid_grant");
    ASSERT_TRUE(facts.cause);
    EXPECT_EQ(facts.cause->condition, "token.refused");
    EXPECT_EQ(facts.cause->details.at("oauth_description"), "Token has been revoked.");
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-0") << "nothing is deleted";
    EXPECT_FALSE(host.state().get(unfinished_key));
}

TEST_F(TokenDeathTest, IsRememberedForADayAcrossProcessesWithoutAskingAgain) {
    store(signed_in(0));
    server.revoke();
    EXPECT_EQ(condition(*keeper()), "token.dead");
    const auto other = keeper();
    host.advance(day_ms - 1000);
    const Facts facts = failure(*other);
    EXPECT_EQ(facts.condition, "token.dead");
    ASSERT_TRUE(facts.cause);
    EXPECT_EQ(facts.cause->sentence, refusal("invalid_grant").facts().sentence);
    EXPECT_EQ(server.requests(), 1);
    const auto known = other->known_dead();
    ASSERT_TRUE(known);
    EXPECT_EQ(known->cause->details.at("oauth_error"), "invalid_grant");
    host.advance(2000);
    EXPECT_FALSE(other->known_dead());
    EXPECT_EQ(condition(*other), "token.dead");
    EXPECT_EQ(server.requests(), 2);
}

TEST_F(TokenDeathTest, IsBelievedLessByAPerson) {
    store(signed_in(0));
    server.fail_next(refusal("invalid_grant"));
    const auto one = keeper();
    EXPECT_EQ(condition(*one), "token.dead");
    EXPECT_EQ(token(*one, Asking::person), "access-2");
    EXPECT_FALSE(one->known_dead());
    EXPECT_EQ(token(*keeper()), "access-2");
}

TEST_F(TokenDeathTest, EndsWithANewSignIn) {
    store(signed_in(0));
    server.fail_next(refusal("invalid_grant"));
    const auto one = keeper();
    EXPECT_EQ(condition(*one), "token.dead");
    TokenRecord anew = signed_in(0);
    anew.refresh_token = wfc::SecretString("of another server");
    one->keep(std::move(anew));
    EXPECT_FALSE(one->known_dead());
    EXPECT_TRUE(host.state().keys().empty());
    EXPECT_EQ(condition(*one), "token.dead") << "asked again, and refused again";
    EXPECT_EQ(server.requests(), 2);
}

TEST_F(TokenDeathTest, IsNoDeathWhenAnotherTokenIsStoredMeanwhile) {
    store(signed_in(0));
    TokenRecord newer = signed_in(0);
    newer.refresh_token = wfc::SecretString("refresh-0");
    TokenRecord stale = signed_in(0);
    stale.refresh_token = wfc::SecretString("stale");
    store(stale);
    server.fail_next(refusal("invalid_grant"));
    bool first = true;
    KeeperTerms watched = terms();
    watched.renew = [&](const TokenRecord& record, const net::Patience& bounded) {
        if (std::exchange(first, false)) store(newer);
        return server.renew(record, bounded);
    };
    TokenKeeper one(std::move(watched), services());
    EXPECT_EQ(token(one), "access-2");
    EXPECT_FALSE(one.known_dead());
}

TEST_F(TokenDeathTest, IsALossWhenAnEarlierRenewalNeverEnded) {
    store(signed_in(0));
    {
        KeeperTerms killed = terms();
        killed.renew = [&](const TokenRecord& record, const net::Patience& bounded) -> TokenAnswer {
            server.renew(record, bounded);  // rotated: and here the process ends
            throw Cancelled();
        };
        TokenKeeper one(std::move(killed), services());
        EXPECT_THROW(one.access_token(patience()), Cancelled);
    }
    const auto next = keeper();
    const Facts facts = failure(*next);
    EXPECT_EQ(facts.condition, "token.lost");
    ASSERT_TRUE(facts.cause);
    EXPECT_EQ(facts.cause->details.at("oauth_error"), "invalid_grant");
    EXPECT_EQ(condition(*next), "token.lost");
    EXPECT_EQ(server.requests(), 2) << "it loops on nothing";
    EXPECT_EQ(condition(*next, Asking::person), "token.lost");
    next->keep(signed_in());
    EXPECT_EQ(token(*next), "access-0");
    EXPECT_TRUE(host.state().keys().empty());
}

TEST_F(TokenDeathTest, IsNotMistakenForALossAfterAFailureThatUsedNothingUp) {
    store(signed_in(0));
    const auto one = keeper();
    server.fail_next(unavailable());
    EXPECT_EQ(condition(*one), "token.unavailable");
    EXPECT_FALSE(host.state().get(unfinished_key));
    server.revoke();
    EXPECT_EQ(condition(*one, Asking::person), "token.dead");
}

TEST_F(TokenDeathTest, IsSuspectedToBeALossAfterAnAnswerThatNeverCame) {
    store(signed_in(0));
    const auto one = keeper();
    server.fail_next(Failure(Stage::token, "http.closed", "the server hung up"));
    server.fail_next(unavailable());
    EXPECT_EQ(condition(*one), "http.closed");
    EXPECT_EQ(condition(*one, Asking::person), "token.unavailable");
    server.revoke();
    EXPECT_EQ(condition(*one, Asking::person), "token.lost");
}

TEST_F(TokenDeathTest, OfAClientOrServerIsNoneOfTheToken) {
    store(signed_in(0));
    const auto one = keeper();
    server.fail_next(refusal("invalid_client"));
    EXPECT_EQ(condition(*one), "token.refused");
    EXPECT_FALSE(one->known_dead());
    host.advance(5'000);
    EXPECT_EQ(token(*one), "access-2");
}

TEST_F(TokenDeathTest, IsRememberedInMemoryWhereTheHostKeepsNoState) {
    host.without(WFC_STATE);
    store(signed_in(0));
    server.revoke();
    const auto one = keeper();
    EXPECT_EQ(condition(*one), "token.dead");
    EXPECT_EQ(condition(*one), "token.dead");
    EXPECT_EQ(server.requests(), 1);
    EXPECT_TRUE(one->known_dead());
}

TEST_F(TokenDeathTest, IsForgottenWhenTheNoteCannotBeRead) {
    store(signed_in(0));
    server.fail_next(refusal("invalid_grant"));
    EXPECT_EQ(condition(*keeper()), "token.dead");
    for (const char* const note : {"", "[]", "{\"token\":7}", R"({"token":"x","when":"y"})"}) {
        host.state().put("oauth.dead/a1", note);
        EXPECT_FALSE(keeper()->known_dead()) << note;
    }
    EXPECT_EQ(token(*keeper()), "access-2");
}

TEST_F(TokenDeathTest, NotesHoldNoToken) {
    store(signed_in(0));
    server.revoke();
    std::string notes;
    EXPECT_EQ(condition(*keeper()), "token.dead");
    for (const std::string& key : host.state().keys()) notes += key + host.state().get(key).value_or("");
    ASSERT_FALSE(notes.empty());
    EXPECT_EQ(notes.find("refresh-0"), std::string::npos);
    EXPECT_EQ(notes.find("access-0"), std::string::npos);
}

TEST_F(TokenDeathTest, NotesAreBoundedHoweverLongTheRefusalIs) {
    store(signed_in(0));
    Failure long_one = refusal("invalid_grant");
    for (int i = 0; i < 100; ++i) long_one.facts().details["d" + std::to_string(i)] = std::string(9000, 'x');
    long_one.facts().details["oauth_description"] = std::string(1'999, 'x') + "日本";
    server.fail_next(long_one);
    EXPECT_EQ(condition(*keeper()), "token.dead");
    EXPECT_LT(host.state().get("oauth.dead/a1")->size(), 200'000u);
    EXPECT_EQ(condition(*keeper()), "token.dead");
    EXPECT_EQ(server.requests(), 1);
}

}  // namespace
}  // namespace mailsend::oauth
