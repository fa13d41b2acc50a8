#include "sign_in_bench.hpp"

// Signing in where a sign-in is stored already: when may the consent be left out, and what is kept of it?

namespace {

using test::json;
using test::SignInBench;
using test::tokens;
using testing::HasSubstr;

/// A code that came without a refresh token, as Google gives without a consent.
std::string without_consent() {
    return tokens({{"refresh_token", nullptr}, {"access_token", "at-2"}});
}
/// What a renewal answers.
std::string renewal() {
    return tokens({{"refresh_token", nullptr}, {"id_token", nullptr}});
}

TEST(SignInAgain, GoesOnWithARefreshTokenThatWasSeenToWork) {
    SignInBench bench({renewal(), without_consent()});
    const auto before = bench.earlier();
    bench.store(before);
    EXPECT_EQ(bench.run(), WFC_OK);
    EXPECT_FALSE(bench.asked_for_consent());
    EXPECT_THAT(bench.server.form(0), HasSubstr("refresh_token=rt-0")) << "though its access token is good";
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-0");
    EXPECT_EQ(bench.stored().access_token.reveal(), "at-2");
    EXPECT_EQ(bench.stored().issued_at, before.issued_at);
}

TEST(SignInAgain, AsksForConsentWhereTheStoredTokenIsDeadAndNobodyHasNoticed) {
    SignInBench bench({test::refusal("invalid_grant"), tokens()});
    bench.store(bench.earlier());
    EXPECT_EQ(bench.run(), WFC_OK);
    EXPECT_TRUE(bench.asked_for_consent());
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-1");
    EXPECT_EQ(bench.ready.document["account"]["signed_in"], true);
    EXPECT_FALSE(bench.ready.document["account"].contains("error"));
}

/// The stored sign-in is not looked at further: the first request trades the new code.
void expect_consent(SignInBench& bench) {
    EXPECT_EQ(bench.run(), WFC_OK);
    EXPECT_TRUE(bench.asked_for_consent());
    EXPECT_THAT(bench.server.form(0), HasSubstr("grant_type=authorization_code"));
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-1");
    EXPECT_GE(bench.stored().issued_at, bench.now_s() - 60);
}

TEST(SignInAgain, AsksForConsentWhenTheOldOneWasGivenInTestingMode) {
    SignInBench published({tokens()});
    published.auth({{"publishing", "testing"}});
    const auto record = published.earlier(6);
    published.auth({{"publishing", "production"}});
    published.store(record);
    expect_consent(published);

    SignInBench still({tokens()});
    still.auth({{"publishing", "testing"}});
    still.store(still.earlier(6));
    expect_consent(still);

    SignInBench unknown({tokens()});
    auto old = unknown.earlier(6);
    old.basis.erase("/auth/publishing");
    unknown.store(old);
    expect_consent(unknown);
}

TEST(SignInAgain, AsksForConsentWhereTheSignInHasANamedEnd) {
    SignInBench bench({tokens()});
    auto record = bench.earlier();
    record.refresh_expires_at = bench.now_s() + 86'400;
    bench.store(record);
    expect_consent(bench);
}

TEST(SignInAgain, AsksForConsentWhereSomebodyElseOrNobodyKnowsWhoHadSignedIn) {
    for (const char* who : {"bob@example.test", ""}) {
        SignInBench bench({tokens()});
        auto record = bench.earlier();
        record.signed_in_as = who;
        bench.store(record);
        expect_consent(bench);
    }
}

TEST(SignInAgain, AsksForConsentWhereTheApplicationIsAnotherOne) {
    SignInBench bench({tokens()});
    const auto record = bench.earlier();
    bench.auth({{"client_id", "client-2"}});
    bench.store(record);
    expect_consent(bench);
}

TEST(SignInAgain, ReplacesWhatCannotBeRead) {
    SignInBench bench({tokens()});
    bench.ready.host.secret("sign-in", "no record");
    expect_consent(bench);
}

TEST(SignInAgain, AsksOnceMoreWithConsentWhenSomebodyElseCameWithoutARefreshToken) {
    for (const json& who : {json(test::jwt({{"email", "bob@example.test"}})), json(nullptr)}) {
        SignInBench bench({renewal(), tokens({{"refresh_token", nullptr}, {"id_token", who}}),
                           tokens({{"refresh_token", "rt-bob"}, {"id_token", who}})});
        bench.store(bench.earlier());
        EXPECT_EQ(bench.run(), WFC_OK);
        ASSERT_EQ(bench.asked("redirect").size(), 2U);
        EXPECT_FALSE(bench.asked_for_consent(0));
        EXPECT_TRUE(bench.asked_for_consent(1));
        EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-bob") << "never alice's";
    }
}

TEST(SignInAgain, TouchesNothingThatIsStoredWhereItFails) {
    SignInBench bench({renewal()});
    bench.store(bench.earlier());
    bench.person = {{"code", nullptr}, {"error", "access_denied"}};
    EXPECT_EQ(bench.failure().condition, "token.refused");
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-0");
}

TEST(SignInAgain, FailsAtOnceWhereTheStoreCannotAnswer) {
    SignInBench bench({});
    bench.ready.host.secret_status("sign-in", WFC_UNAVAILABLE);
    EXPECT_EQ(bench.failure().condition, "host.secrets");
    EXPECT_TRUE(bench.asked("redirect").empty()) << "nobody consents in vain";
}

TEST(SignInAgain, RenewsNothingAtMicrosoftWhichNeedsNoConsentForARefreshToken) {
    SignInBench bench({tokens({{"scope", "https://outlook.office.com/SMTP.Send offline_access"}})});
    bench.auth({{"provider", "microsoft"}});
    bench.store(bench.earlier());
    EXPECT_EQ(bench.run(), WFC_OK);
    EXPECT_EQ(bench.server.requests().size(), 1U);
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-1");
}

}  // namespace
