#include "sign_in_bench.hpp"

namespace {

using mailsend::sign_out;
using test::json;
using test::SignInBench;
using testing::HasSubstr;
using testing::Not;

bool forgotten(const SignInBench& bench) {
    const auto writes = bench.ready.host.secret_writes();
    return !writes.empty() && writes.back().name == "sign-in" && !writes.back().value;
}
std::string warnings(const SignInBench& bench) {
    return bench.ready.document.at("warnings").dump();
}
const json& account(const SignInBench& bench) {
    return bench.ready.document.at("account");
}

TEST(SignOut, RevokesAndForgets) {
    SignInBench bench({test::http("200 OK", "{}")}, "sign-out");
    bench.store(bench.earlier());
    EXPECT_EQ(bench.ready.run(sign_out), WFC_OK);
    EXPECT_EQ(bench.server.form(), "token=rt-0") << "Google's wants no proof of the client";
    EXPECT_THAT(bench.server.requests().at(0), HasSubstr("POST /revoke "));
    EXPECT_TRUE(forgotten(bench));
    EXPECT_EQ(account(bench)["revoked"], true);
    EXPECT_EQ(account(bench)["signed_in"], false);
    EXPECT_EQ(warnings(bench), "[]");
}

TEST(SignOut, NeedsNoSecretOfTheApplicationWhereNoneIsSent) {
    SignInBench google({test::http("200 OK", "{}")}, "sign-out");
    google.store(google.earlier());
    google.ready.host.secret_status("app", WFC_NOT_FOUND);
    EXPECT_EQ(google.ready.run(sign_out), WFC_OK);
    EXPECT_EQ(account(google)["revoked"], true);

    SignInBench microsoft({}, "sign-out");
    microsoft.auth({{"provider", "microsoft"}, {"endpoints", {{"revoke", nullptr}}}});
    microsoft.store(microsoft.earlier());
    microsoft.ready.host.secret_status("app", WFC_NOT_FOUND);
    EXPECT_EQ(microsoft.ready.run(sign_out), WFC_OK);
    EXPECT_EQ(account(microsoft)["revoked"], false);
    EXPECT_TRUE(forgotten(microsoft));
    EXPECT_THAT(warnings(microsoft), HasSubstr("no way to revoke"));
}

TEST(SignOut, ForgetsAlsoWhenTheApplicationsSecretIsGone) {
    for (const char* language : {"en", "ja"}) {
        SignInBench bench({}, "sign-out");
        bench.custom().ready.with({{"language", language}});
        bench.store(bench.earlier());
        bench.ready.host.secret_status("app", WFC_NOT_FOUND);
        EXPECT_EQ(bench.ready.run(sign_out), WFC_OK);
        EXPECT_TRUE(forgotten(bench));
        EXPECT_EQ(account(bench)["revoked"], false);
        EXPECT_THAT(warnings(bench), language == std::string("ja") ? HasSubstr("取り消しに失敗")
                                                                   : HasSubstr("provider was not told"));
    }
}

TEST(SignOut, ForgetsWhateverTheProviderSays) {
    for (const std::string& answer : {test::http("503 Service Unavailable", ""), std::string()}) {
        SignInBench bench({answer}, "sign-out");
        bench.store(bench.earlier());
        EXPECT_EQ(bench.ready.run(sign_out), WFC_OK);
        EXPECT_TRUE(forgotten(bench));
        EXPECT_EQ(account(bench)["revoked"], false);
        EXPECT_THAT(warnings(bench), HasSubstr("provider was not told"));
        EXPECT_THAT(warnings(bench), Not(HasSubstr("rt-0")));
    }
}

TEST(SignOut, ForgetsAlsoWhenItIsCancelledOrLate) {
    SignInBench cancelled({}, "sign-out");
    cancelled.store(cancelled.earlier());
    cancelled.ready.call.cancel();
    EXPECT_EQ(cancelled.ready.run(sign_out), WFC_OK);
    EXPECT_TRUE(forgotten(cancelled));
    EXPECT_THAT(warnings(cancelled), HasSubstr("cancelled"));

    SignInBench late({}, "sign-out");
    late.store(late.earlier());
    late.ready.call.deadline_ms(1);
    EXPECT_EQ(late.ready.run(sign_out), WFC_OK);
    EXPECT_TRUE(forgotten(late));
    EXPECT_THAT(warnings(late), HasSubstr("no time left"));
}

TEST(SignOut, ForgetsWhatCannotBeReadAndAsksNobody) {
    SignInBench bench({}, "sign-out");
    bench.ready.host.secret("sign-in", "no record");
    EXPECT_EQ(bench.ready.run(sign_out), WFC_OK);
    EXPECT_TRUE(forgotten(bench));
    EXPECT_TRUE(bench.server.requests().empty());
}

TEST(SignOut, SaysThatASuppliedTokenStays) {
    for (const bool there : {true, false}) {
        SignInBench bench({test::http("200 OK", "{}")}, "sign-out");
        if (there) bench.ready.host.secret("mine", "rt-supplied");
        bench.auth({{"grant", "refresh-token"},
                    {"tokens", nullptr},
                    {"redirect_uri", nullptr},
                    {"refresh_token", {{"$secret", "mine"}}},
                    {"endpoints", {{"authorize", nullptr}, {"device", nullptr}}}});
        EXPECT_EQ(bench.ready.run(sign_out), WFC_OK);
        EXPECT_EQ(account(bench)["revoked"], there);
        EXPECT_THAT(warnings(bench), HasSubstr("still in the host's store"));
    }
}

TEST(SignOut, IsForAccountsOfOAuthOnly) {
    test::ReadyCall ready("sign-out");
    EXPECT_EQ(test::facts_of([&] { ready.run(sign_out); }).condition, "account.no_oauth");
}

}  // namespace
