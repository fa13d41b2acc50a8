/// Renewals whose caller gives up, whose process stops for a while, or whose lease is lost on the way.
#include "crypto/digest.hpp"
#include "keeper_bench.hpp"

namespace mailsend::oauth {
namespace {

using test::refusal;

class TokenInterruptionTest : public test::KeeperBench {
  protected:
    bool stop = false;

    net::Patience cancellable() {
        return patience(60'000, [this] { return stop; });
    }
    /// The server has made up its mind; the caller gives up, and `ms` later the answer is there.
    void cancel_and_answer_after(std::uint64_t ms) {
        server.meanwhile([this, ms](const net::Patience& bounded) {
            stop = true;
            bounded.check();
            host.advance(ms);
            bounded.check();
        });
    }
    /// As another process writes it when it begins a renewal.
    void note_of_another_process(std::int64_t since) {
        const std::string token = crypto::sha256_hex(server.refresh_token()).substr(0, 16);
        host.state().put(unfinished_key,
                         R"({"token":")" + token + R"(","since":)" + std::to_string(since) + "}");
    }
    void store_theirs() {
        TokenRecord newer = signed_in();
        newer.access_token = wfc::SecretString("theirs");
        newer.refresh_token = wfc::SecretString("their-refresh");
        store(newer);
    }
};

TEST_F(TokenInterruptionTest, ByACancelStoresARotatedAnswerThatComesALittleLater) {
    store(signed_in(0));
    cancel_and_answer_after(300);
    EXPECT_THROW(keeper()->access_token(cancellable()), Cancelled);
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-1");
    EXPECT_TRUE(host.state().keys().empty());
    server.meanwhile({});
    EXPECT_EQ(token(*keeper()), "access-1");
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(TokenInterruptionTest, ByTheDeadlineStoresARotatedAnswerThatComesALittleLater) {
    store(signed_in(0));
    server.meanwhile([&](const net::Patience& bounded) {
        host.advance(1'300);
        bounded.check();
    });
    try {
        keeper()->access_token(patience(1'000));
        FAIL() << "a token was handed out";
    } catch (const net::TimedOut& late) {
        EXPECT_TRUE(late.overall());
    }
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-1");
}

TEST_F(TokenInterruptionTest, EndsWithinASecondOfTheCancelAndTheNextOneNeedNotWait) {
    store(signed_in(0));
    server.rotates = false;
    cancel_and_answer_after(800);
    const auto one = keeper();
    EXPECT_THROW(one->access_token(cancellable()), Cancelled);
    EXPECT_FALSE(host.state().get(lease_key)) << "given back";
    EXPECT_TRUE(host.state().get(unfinished_key)) << "the server may have rotated the token";
    server.meanwhile({});
    const std::uint64_t began = host.now_ms();
    EXPECT_EQ(token(*keeper()), "access-2");
    EXPECT_EQ(host.now_ms(), began) << "nobody is under way any more";
    EXPECT_TRUE(host.state().keys().empty());
}

TEST_F(TokenInterruptionTest, IsALossOnlyIfTheTokenIsRefusedAfterwards) {
    store(signed_in(0));
    cancel_and_answer_after(800);
    EXPECT_THROW(keeper()->access_token(cancellable()), Cancelled);
    server.meanwhile({});
    const Facts facts = failure(*keeper());
    EXPECT_EQ(facts.condition, "token.lost");
    EXPECT_NE(facts.sentence.find("cancelled"), std::string::npos) << facts.sentence;
}

TEST_F(TokenInterruptionTest, IsNoLossAtAProviderWhoseTokensAreGoodAfterUse) {
    for (const char* const provider : {"gmail", "microsoft365"}) {
        store(signed_in(0));
        const auto one = keeper();
        server.fail_next(Failure(Stage::token, "http.closed", "the server hung up"));
        EXPECT_EQ(condition(*one, Asking::person), "http.closed");
        Failure revoked = refusal("invalid_grant");
        revoked.facts().provider = provider;
        server.fail_next(revoked);
        EXPECT_EQ(condition(*one, Asking::person), "token.dead");
        EXPECT_FALSE(host.state().get(unfinished_key));
    }
}

TEST_F(TokenInterruptionTest, BeforeAByteWasSentLeavesNoDoubtBehind) {
    store(signed_in(0));
    const auto one = keeper();
    server.fail_next(
        Failure(Stage::token, "http.timeout", "the server did not answer").with("request_sent", "no"));
    EXPECT_EQ(condition(*one), "http.timeout");
    EXPECT_FALSE(host.state().get(unfinished_key));
}

TEST_F(TokenInterruptionTest, ByAStoreThatFailsAfterTheRefusalLeavesNoDoubtBehind) {
    store(signed_in(0));
    server.fail_next(refusal("invalid_grant"));
    KeeperTerms watched = terms();
    watched.renew = [&](const TokenRecord& record, const net::Patience& bounded) {
        host.secret_status("sign-in", WFC_UNAVAILABLE);
        return server.renew(record, bounded);
    };
    TokenKeeper one(std::move(watched), services());
    EXPECT_EQ(condition(one), "host.secrets");
    EXPECT_FALSE(host.state().get(unfinished_key));
}

TEST_F(TokenInterruptionTest, WaitsForARenewalThatAnotherProcessHasJustBegun) {
    store(signed_in(0));
    note_of_another_process(now_s());
    int writes = 0;
    host.state().before_write([&](const std::string&) {
        if (++writes == 5) store_theirs();
    });
    EXPECT_EQ(token(*keeper()), "theirs");
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(TokenInterruptionTest, WaitsForAnotherProcessNoLongerThanItMayTake) {
    store(signed_in(0));
    note_of_another_process(now_s());
    host.tick_per_reading(500);
    const std::uint64_t began = host.now_ms();
    EXPECT_EQ(token(*keeper()), "access-1");
    EXPECT_GE(host.now_ms() - began, 29'000u);
    EXPECT_LT(host.now_ms() - began, 90'000u);
}

TEST_F(TokenInterruptionTest, AsksNobodyWhenItsLeaseIsGoneByThen) {
    store(signed_in(0));
    bool first = true;
    host.state().before_write([&](const std::string& key) {
        if (key != unfinished_key || !std::exchange(first, false)) return;
        host.state().put(lease_key, "{}", 30'000);  // it stood still, and another process took its turn
        store_theirs();
    });
    EXPECT_EQ(token(*keeper()), "theirs");
    EXPECT_EQ(server.requests(), 0);
    EXPECT_TRUE(host.state().get(lease_key)) << "it is not ours to give back";
    EXPECT_FALSE(host.state().get(unfinished_key));
}

TEST_F(TokenInterruptionTest, CountsTheTimeToAskFromWhenTheLeaseWasTaken) {
    store(signed_in(0));
    bool first = true;
    host.state().before_write([&](const std::string& key) {
        if (key == unfinished_key && std::exchange(first, false)) host.advance(10'000);
    });
    server.meanwhile([&](const net::Patience& bounded) {
        host.advance(14'000);
        bounded.check();
        host.advance(1'000);
        bounded.check();
    });
    EXPECT_EQ(condition(*keeper()), "http.timeout");
}

TEST_F(TokenInterruptionTest, TakesANewLeaseWhenLittleIsLeftOfIt) {
    store(signed_in(0));
    bool first = true;
    host.state().before_write([&](const std::string& key) {
        if (key == unfinished_key && std::exchange(first, false)) host.advance(24'000);
    });
    server.meanwhile([&](const net::Patience& bounded) {
        host.advance(20'000);
        bounded.check();
    });
    EXPECT_EQ(token(*keeper()), "access-1");
    EXPECT_EQ(server.requests(), 1);
}

}  // namespace
}  // namespace mailsend::oauth
