/// Tokens that were given with the settings.
#include "keeper_bench.hpp"

namespace mailsend::oauth {
namespace {

class SuppliedTokensTest : public test::KeeperBench {
  protected:
    std::string refresh = "refresh-0", access{};
    std::int64_t access_expires_at = 0;

    KeeperTerms supplied_terms() {
        KeeperTerms out = terms();
        out.supplied = [this] {
            return SuppliedTokens{wfc::SecretString(refresh), wfc::SecretString(access), access_expires_at};
        };
        return out;
    }
    std::unique_ptr<TokenKeeper> made(KeeperTerms from) {
        return std::make_unique<TokenKeeper>(std::move(from), services());
    }
    /// A bare refresh token in a secret of its own.
    KeeperTerms bare_terms() {
        KeeperTerms out = terms();
        out.tokens.clear();
        out.refresh_token = "refresh";
        out.supplied = [this] {
            return SuppliedTokens{services().secrets().get("refresh"), wfc::SecretString(access), 0};
        };
        return out;
    }
    KeeperTerms access_terms() {
        KeeperTerms out = supplied_terms();
        out.tokens.clear();
        out.renew = nullptr;
        out.pointer = "/auth/access_token";
        refresh.clear();
        access = "given";
        return out;
    }
};

TEST_F(SuppliedTokensTest, BeginARecordThatThenCounts) {
    EXPECT_EQ(token(*made(supplied_terms())), "access-1");
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-1");
    EXPECT_EQ(token(*made(supplied_terms())), "access-1") << "the written one wins";
    EXPECT_EQ(stored().issued_at, 0) << "nobody knows when its consent was given";
    EXPECT_EQ(stored().refreshed_at, now_s());
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(SuppliedTokensTest, TakeTheirPlaceBackWhenTheyChange) {
    const auto one = made(supplied_terms());
    EXPECT_EQ(token(*one), "access-1");
    refresh = "refresh-1";  // a person brought the newest there is
    access = "brought";
    access_expires_at = now_s() + 3600;
    host.advance(60'000);
    EXPECT_EQ(token(*one), "brought");
    host.advance(3'500'000);
    EXPECT_EQ(token(*one), "access-2");
    EXPECT_EQ(stored().refresh_token.reveal(), "refresh-2");
}

TEST_F(SuppliedTokensTest, ChangedWhileTheServerIsAskedTheAnswerIsDropped) {
    server.rotates = false;
    server.meanwhile([&](const net::Patience&) {
        if (server.requests() > 1) return;
        refresh = "refresh-0 again";
        access = "brought";
    });
    EXPECT_EQ(token(*made(supplied_terms())), "brought");
    EXPECT_TRUE(host.secret_writes().empty());
}

TEST_F(SuppliedTokensTest, AreForgottenWhenTheSettingsNameThemNoLonger) {
    EXPECT_EQ(token(*made(supplied_terms())), "access-1");
    EXPECT_EQ(condition(*keeper()), "token.sign_in_needed");
}

TEST_F(SuppliedTokensTest, LeaveASignInOfAnotherGrantBehind) {
    TokenRecord record = signed_in();
    record.access_token = wfc::SecretString("of the sign-in");
    store(record);
    EXPECT_EQ(token(*made(supplied_terms())), "access-1");
}

TEST_F(SuppliedTokensTest, AsABareSecretAreReplacedThereAndTheAccessTokenStaysInMemory) {
    host.secret("refresh", "refresh-0");
    const auto one = made(bare_terms());
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(services().secrets().get("refresh").reveal(), "refresh-1");
    host.advance(61'000);
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(server.requests(), 1);
    EXPECT_EQ(token(*made(bare_terms())), "access-2") << "another process has only the refresh token";
    EXPECT_EQ(services().secrets().get("refresh").reveal(), "refresh-2");
    EXPECT_TRUE(server.alive());
}

TEST_F(SuppliedTokensTest, AsABareSecretReplacedBetweenTheLastLookAndTheWriteAreNotOverwritten) {
    host.secret("refresh", "refresh-0");
    KeeperTerms watched = bare_terms();
    watched.supplied = [&] {
        SuppliedTokens now{services().secrets().get("refresh"), wfc::SecretString(access), 0};
        if (server.requests() == 1 && access.empty()) {
            host.secret("refresh", "brought");
            access = "brought-access";
        }
        return now;
    };
    EXPECT_EQ(token(*made(std::move(watched))), "brought-access");
    ASSERT_EQ(host.secret_writes().size(), 1u) << "which the host refused";
    EXPECT_EQ(services().secrets().get("refresh").reveal(), "brought");
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(SuppliedTokensTest, AsABareSecretAreNotWrittenWhenTheyWereNotRotated) {
    server.rotates = false;
    host.secret("refresh", "refresh-0");
    EXPECT_EQ(token(*made(bare_terms())), "access-1");
    EXPECT_TRUE(host.secret_writes().empty());
}

TEST_F(SuppliedTokensTest, AsABareSecretAreReadWithoutAFunctionToo) {
    host.secret("refresh", "refresh-0");
    KeeperTerms plain = bare_terms();
    plain.supplied = nullptr;
    EXPECT_EQ(token(*made(std::move(plain))), "access-1");
    host.secret_status("refresh", WFC_NOT_FOUND);
    plain = bare_terms();
    plain.supplied = nullptr;
    EXPECT_EQ(condition(*made(std::move(plain))), "token.sign_in_needed");
}

TEST_F(SuppliedTokensTest, OfAccessAloneAreUsedUntilTheyEnd) {
    const auto one = made(access_terms());
    access_expires_at = now_s() + 100;
    EXPECT_EQ(token(*one), "given") << "nobody can renew it, so that its last minutes count";
    host.advance(100'000);
    const Facts facts = failure(*one);
    EXPECT_EQ(facts.condition, "token.expired");
    EXPECT_EQ(facts.pointer, "/auth/access_token");
    EXPECT_NE(facts.sentence.find("2023-11-14T22:15:00Z"), std::string::npos) << facts.sentence;
    access = "given anew";
    access_expires_at = 0;
    EXPECT_EQ(token(*one), "given anew");
}

TEST_F(SuppliedTokensTest, OfAccessAloneHaveNoSuccessorUnlessAnotherWasGivenMeanwhile) {
    const auto one = made(access_terms());
    const wfc::SecretString refused = one->access_token(patience());
    EXPECT_FALSE(one->replaced(refused, patience()));
    EXPECT_EQ(token(*one), "given");
    access = "given anew";
    ASSERT_TRUE(one->replaced(refused, patience()));
    EXPECT_EQ(token(*one), "given anew");
}

TEST_F(SuppliedTokensTest, AreNotNeededByAClientThatProvesItselfWhoseTokensStayInMemory) {
    KeeperTerms client = terms();
    client.tokens.clear();
    client.needs_refresh_token = false;
    const auto one = made(std::move(client));
    EXPECT_FALSE(one->record());
    EXPECT_EQ(token(*one), "access-1");
    EXPECT_EQ(token(*one), "access-1");
    host.advance(3'400'000);
    EXPECT_EQ(token(*one), "access-2");
    EXPECT_TRUE(host.secret_writes().empty());
    EXPECT_TRUE(host.state().keys().empty());
}

TEST_F(SuppliedTokensTest, OfAClientThatProvesItselfAreNeverDeadForADay) {
    KeeperTerms client = terms();
    client.needs_refresh_token = false;
    const auto one = made(std::move(client));
    server.fail_next(test::refusal("invalid_grant"));
    EXPECT_EQ(condition(*one), "token.refused");
    host.advance(5'000);
    EXPECT_EQ(token(*one), "access-2");
    EXPECT_EQ(stored().access_token.reveal(), "access-2");
}

TEST_F(SuppliedTokensTest, MayFailToBeThere) {
    KeeperTerms broken = terms();
    broken.supplied = []() -> std::optional<SuppliedTokens> { throw std::runtime_error("no such secret"); };
    const auto one = made(std::move(broken));
    EXPECT_THROW(one->access_token(patience()), std::runtime_error);
    EXPECT_THROW(one->access_token(patience()), std::runtime_error);
}

}  // namespace
}  // namespace mailsend::oauth
