#include "oauth/token_keeper.hpp"

#include "keeper_bench.hpp"

namespace mailsend::oauth {
namespace {

using test::KeeperBench;
using test::refusal;
class TokenKeeperTest : public KeeperBench {};

TEST_F(TokenKeeperTest, HandsOutTheStoredTokenAndAsksNobodyWhileItIsYoung) {
    store(signed_in());
    const auto one = keeper();
    EXPECT_EQ(token(*one), "access-0");
    const std::size_t asked = host.secrets_asked().size();
    host.advance(59'000);
    EXPECT_EQ(token(*one), "access-0");
    EXPECT_EQ(host.secrets_asked().size(), asked);
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(TokenKeeperTest, RenewsFiveMinutesBeforeTheEnd) {
    store(signed_in(301));
    const auto one = keeper();
    EXPECT_EQ(token(*one), "access-0");
    host.advance(2'000);
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(stored().access_token.reveal(), "access-1");
    EXPECT_EQ(stored().access_expires_at, now_s() + 3600);
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(TokenKeeperTest, RenewsAShortLivedTokenAfterFourFifthsOfItsLife) {
    server.lives_s = 100;
    store(signed_in(0));
    const auto one = keeper();
    EXPECT_EQ(token(*one), "access-1");
    host.advance(79'000);
    EXPECT_EQ(token(*one), "access-1");
    host.advance(2'000);
    EXPECT_EQ(token(*one), "access-2");
}

TEST_F(TokenKeeperTest, BearsAClockThatDiffersByLessThanFiveMinutesButNotOneThatWasSetBack) {
    store(signed_in());
    host.unix_time((now_s() - 299) * 1000);
    EXPECT_EQ(token(*keeper()), "access-0");
    host.unix_time((now_s() - 3600) * 1000);
    EXPECT_EQ(token(*keeper()), "access-1") << "a token from the future has an unknown age";
}

TEST_F(TokenKeeperTest, StoresARotatedTokenBeforeAnybodyUsesIt) {
    store(signed_in(0));
    host.secret_writes_fail(WFC_UNAVAILABLE);
    const auto one = keeper();
    const Facts full = failure(*one);
    EXPECT_EQ(full.condition, "host.secrets");
    EXPECT_EQ(full.stage, Stage::host);
    EXPECT_EQ(condition(*one), "host.secrets");
    EXPECT_EQ(server.requests(), 1) << "the token before may be dead by now";
    host.secret_writes_fail(WFC_OK);
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-1");
    EXPECT_FALSE(host.state().get(unfinished_key));
}

TEST_F(TokenKeeperTest, TriesToStoreARotatedTokenOnceMoreWhenItEnds) {
    store(signed_in(0));
    host.secret_writes_fail(WFC_UNAVAILABLE);
    auto one = keeper();
    EXPECT_EQ(condition(*one), "host.secrets");
    host.secret_writes_fail(WFC_OK);
    one.reset();
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-1");
}

TEST_F(TokenKeeperTest, KeepsTheRefreshTokenWhenNoneIsReturnedAndThenNeedsNoRoomToUseTheAnswer) {
    server.rotates = false;
    store(signed_in(0));
    host.secret_writes_fail(WFC_UNAVAILABLE);
    const auto one = keeper();
    EXPECT_EQ(token(*one), "access-1");
    host.advance(61'000);
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(server.requests(), 1);
    EXPECT_TRUE(logged("oauth.not_stored"));
    host.secret_writes_fail(WFC_OK);
    host.advance(61'000);
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-0");
    EXPECT_EQ(stored().access_token.reveal(), "access-1");
}

TEST_F(TokenKeeperTest, SaysThatNobodyHasSignedInWithoutAskingAnyServer) {
    const Facts facts = failure(*keeper());
    EXPECT_EQ(facts.condition, "token.sign_in_needed");
    EXPECT_EQ(facts.stage, Stage::token);
    EXPECT_EQ(facts.pointer, "/auth/tokens");
    EXPECT_EQ(facts.sentence, "nobody has signed in to this account yet");
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(TokenKeeperTest, LeavesAStoredValueAloneThatItDidNotWrite) {
    host.secret("sign-in", "1//bare-token");
    const auto one = keeper();
    const Facts facts = failure(*one);
    EXPECT_EQ(facts.condition, "token.unreadable");
    EXPECT_EQ(facts.details.at("secret"), "sign-in");
    EXPECT_EQ(facts.sentence.find("bare-token"), std::string::npos);
    EXPECT_TRUE(host.secret_writes().empty());
    one->keep(signed_in());
    EXPECT_EQ(token(*one), "access-0") << "a sign-in takes its place";
}

TEST_F(TokenKeeperTest, KeepsEverythingThroughATransientFailureAndUsesTheOldTokenToItsEnd) {
    store(signed_in(200));
    const auto one = keeper();
    server.fail_next(unavailable());
    EXPECT_EQ(token(*one), "access-0");
    EXPECT_TRUE(logged("oauth.refresh_failed"));
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-0");
    EXPECT_EQ(token(*one), "access-0");
    EXPECT_EQ(server.requests(), 1) << "no second request within seconds";
    host.advance(5'000);
    EXPECT_EQ(token(*one), "access-2");
}

TEST_F(TokenKeeperTest, WaitsLongerAfterEachFailureUnlessAPersonAsks) {
    store(signed_in(0));
    const auto one = keeper();
    for (int i = 0; i < 8; ++i) server.fail_next(unavailable());
    EXPECT_EQ(condition(*one), "token.unavailable");
    EXPECT_EQ(condition(*one), "token.unavailable");
    EXPECT_EQ(server.requests(), 1);
    host.advance(5'000);
    EXPECT_EQ(condition(*one), "token.unavailable");
    EXPECT_EQ(server.requests(), 2);
    host.advance(9'000);
    EXPECT_EQ(failure(*one).details.at("http_status"), "503");
    EXPECT_EQ(server.requests(), 2);
    EXPECT_EQ(condition(*one, Asking::person), "token.unavailable");
    EXPECT_EQ(server.requests(), 3);
    host.advance(300'000);
    EXPECT_EQ(condition(*one), "token.unavailable");
    EXPECT_EQ(server.requests(), 4);
}

TEST_F(TokenKeeperTest, WaitsAsLongAsTheServerAskedFor) {
    store(signed_in(0));
    const auto one = keeper();
    server.fail_next(unavailable().with("retry_after_s", "120"));
    EXPECT_EQ(condition(*one), "token.unavailable");
    host.advance(119'000);
    EXPECT_EQ(condition(*one), "token.unavailable");
    EXPECT_EQ(server.requests(), 1);
    host.advance(1'000);
    EXPECT_EQ(token(*one), "access-2");
}

TEST_F(TokenKeeperTest, NoticesWithinAMinuteThatAnotherProcessSignedInOrOut) {
    store(signed_in());
    const auto one = keeper(), other = keeper();
    EXPECT_EQ(token(*one), "access-0");
    TokenRecord anew = signed_in();
    anew.access_token = wfc::SecretString("access-anew");
    other->keep(std::move(anew));
    host.advance(60'000);
    EXPECT_EQ(token(*one), "access-anew");
    other->forget();
    host.advance(60'000);
    EXPECT_EQ(condition(*one), "token.sign_in_needed");
}

TEST_F(TokenKeeperTest, KnowsItsOwnSignInAndSignOutAtOnce) {
    const auto one = keeper();
    EXPECT_FALSE(one->record());
    one->keep(signed_in());
    EXPECT_EQ(token(*one), "access-0");
    ASSERT_TRUE(one->record());
    EXPECT_EQ(one->record()->refresh_token.reveal(), "refresh-0");
    one->forget();
    EXPECT_FALSE(one->record());
    EXPECT_EQ(condition(*one), "token.sign_in_needed");
    one->forget();
}

TEST_F(TokenKeeperTest, UsesTheTokenAtHandWhileTheStoreCannotBeRead) {
    store(signed_in());
    const auto one = keeper();
    EXPECT_EQ(token(*one), "access-0");
    host.secret_status("sign-in", WFC_UNAVAILABLE);
    host.advance(61'000);
    EXPECT_EQ(token(*one), "access-0");
    EXPECT_EQ(condition(*keeper()), "host.secrets");
}

TEST_F(TokenKeeperTest, ReplacesATokenThatTheMailServerRefusedThoughItHasNotEnded) {
    store(signed_in());
    const auto one = keeper();
    const wfc::SecretString refused = one->access_token(patience());
    const auto next = one->replaced(refused, patience());
    ASSERT_TRUE(next);
    EXPECT_EQ(next->reveal(), "access-1");
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(one->replaced(refused, patience())->reveal(), "access-1") << "already replaced";
    EXPECT_EQ(server.requests(), 1);
    const auto other = keeper();
    EXPECT_EQ(other->replaced(refused, patience())->reveal(), "access-1") << "by another process";
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(TokenKeeperTest, DoesNotGiveARefusedTokenBackWhenThereIsNoOther) {
    store(signed_in());
    const auto one = keeper();
    server.fail_next(unavailable());
    EXPECT_THROW(one->replaced(wfc::SecretString("access-0"), patience()), Failure);
    EXPECT_EQ(token(*one), "access-0") << "others may still try it";
}

TEST_F(TokenKeeperTest, BoundsTheTimeOfARenewalByLessThanItsLease) {
    store(signed_in(0));
    server.meanwhile([&](const net::Patience& bounded) {
        bounded.check();
        host.advance(25'000);
        bounded.check();
    });
    const Facts facts = failure(*keeper());
    EXPECT_EQ(facts.condition, "http.timeout");
    EXPECT_EQ(facts.details.at("seconds"), "25");
    EXPECT_FALSE(host.state().get(lease_key)) << "given back";
    EXPECT_TRUE(host.state().get(unfinished_key)) << "the server may have rotated the token";
}

TEST_F(TokenKeeperTest, EndsWithTheCallWhoseRenewalItIs) {
    store(signed_in(0));
    server.rotates = false;
    bool stop = false;
    server.meanwhile([&](const net::Patience& bounded) {
        stop = true;
        bounded.check();
        host.advance(800);
        bounded.check();
    });
    EXPECT_THROW(keeper()->access_token(patience(60'000, [&] { return stop; })), Cancelled);
    stop = false;
    server.meanwhile([&](const net::Patience& bounded) {
        host.advance(1'000);
        bounded.check();
        host.advance(800);
        bounded.check();
    });
    try {
        keeper()->access_token(patience(1'000));
        FAIL();
    } catch (const net::TimedOut& late) {
        EXPECT_TRUE(late.overall());
    }
}

}  // namespace
}  // namespace mailsend::oauth
