#include "sign_in_bench.hpp"

namespace {

using mailsend::account_status;
using test::json;
using test::SignInBench;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string warnings(const SignInBench& bench) {
    return bench.ready.document.at("warnings").dump();
}
const json& account(SignInBench& bench) {
    EXPECT_EQ(bench.ready.run(account_status), WFC_OK);
    EXPECT_EQ(bench.ready.document.at("outcome"), "succeeded");
    return bench.ready.document.at("account");
}
/// A sign-in whose access token has ended, so that the server is asked.
mailsend::oauth::TokenRecord ended(const SignInBench& bench) {
    auto record = bench.earlier();
    record.access_expires_at = bench.now_s() - 60;
    return record;
}

TEST(AccountStatus, NamesWhoSignedInAndWhatWillEnd) {
    SignInBench bench({}, "account-status");
    bench.store(bench.earlier());
    const json& seen = account(bench);
    EXPECT_EQ(seen["signed_in"], true);
    EXPECT_EQ(seen["provider"], "google");
    EXPECT_EQ(seen["grant"], "authorization-code");
    EXPECT_EQ(seen["username"], "alice@example.test");
    EXPECT_EQ(seen["signed_in_as"], "alice@example.test");
    EXPECT_EQ(seen["scopes"], json({test::mail_scope}));
    for (const char* time : {"issued_at", "refreshed_at", "access_expires_at", "refresh_expires_at"})
        EXPECT_THAT(seen[time], testing::EndsWith("Z")) << time;
    EXPECT_EQ(seen["changed_since"], json::array());
    EXPECT_EQ(seen["warnings"], json::array());
    EXPECT_FALSE(seen.contains("last_good_send"));
    EXPECT_FALSE(seen.contains("error"));
    EXPECT_THAT(bench.ready.document.dump(), AllOf(Not(HasSubstr("rt-0")), Not(HasSubstr("at-0"))));
}

TEST(AccountStatus, RemembersTheLastGoodSend) {
    SignInBench bench({}, "account-status");
    bench.store(bench.earlier());
    const mailsend::Account sender(mailsend::parse_settings(bench.ready.settings.dump()), bench.services());
    sender.oauth()->last_good_send().happened();
    EXPECT_THAT(account(bench)["last_good_send"], HasSubstr("T"));
}

TEST(AccountStatus, NamesWhatHasChangedSinceTheSignIn) {
    SignInBench bench({}, "account-status");
    bench.store(bench.earlier());
    bench.ready.host.secret("app", "another");
    EXPECT_EQ(account(bench)["changed_since"], json({"/auth/client_secret"}));
}

TEST(AccountStatus, KeepsASignInAliveThatNobodyUses) {
    SignInBench bench({test::tokens()}, "account-status");
    bench.store(ended(bench));
    EXPECT_EQ(account(bench)["signed_in"], true);
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-1");
}

TEST(AccountStatus, SaysWhatTheServerSaidOfASignInThatIsDead) {
    for (const bool known : {false, true}) {
        SignInBench bench({test::refusal("invalid_grant", "Token has been expired or revoked.")},
                          "account-status");
        bench.store(ended(bench));
        if (known) bench.die(ended(bench));
        const json& seen = account(bench);
        EXPECT_EQ(seen["signed_in"], false);
        EXPECT_EQ(seen["error"]["id"], "token.dead");
        EXPECT_EQ(seen["error"]["cause"]["id"], "google.invalid_grant.expired_or_revoked");
        const json& cause = seen["error"]["cause"]["explanation"];
        EXPECT_THAT(seen["warnings"].at(0), AllOf(HasSubstr(cause["title"]), HasSubstr(cause["cause"]),
                                                  HasSubstr(cause["steps"].at(0))));
        EXPECT_EQ(bench.server.requests().size(), 1U);
    }
}

TEST(AccountStatus, TellsADeadSignInAlsoWhileItsAccessTokenIsGood) {
    SignInBench bench({test::refusal("invalid_grant", "Token has been expired or revoked.")},
                      "account-status");
    bench.die(ended(bench));
    bench.store(bench.earlier());
    EXPECT_EQ(account(bench)["signed_in"], false);
    EXPECT_EQ(bench.ready.document["account"]["error"]["id"], "token.dead");
}

TEST(AccountStatus, SaysThatWhatIsStoredCannotBeRead) {
    for (const char* language : {"en", "ja"}) {
        SignInBench bench({}, "account-status");
        bench.ready.with({{"language", language}});
        bench.ready.host.secret("sign-in", "no record");
        const json& seen = account(bench);
        EXPECT_EQ(seen["signed_in"], false);
        EXPECT_EQ(seen["error"]["id"], "token.unreadable");
        EXPECT_EQ(seen["warnings"].size(), 1U) << "and not that nobody has signed in: " << seen;
    }
}

TEST(AccountStatus, DoesNotCallANetworkThatIsDownTheEndOfASignIn) {
    SignInBench bench({}, "account-status");
    bench.store(ended(bench));
    bench.auth({{"endpoints", {{"token", "http://127.0.0.1:1/token"}}}});
    const json& seen = account(bench);
    EXPECT_EQ(seen["signed_in"], true);
    EXPECT_EQ(seen["error"]["id"], "token.unreachable");
    EXPECT_EQ(seen["error"]["cause"]["id"], "conn.refused");
    EXPECT_THAT(warnings(bench), Not(HasSubstr("587"))) << "the ports of mail are another matter";
    EXPECT_EQ(bench.stored().refresh_token.reveal(), "rt-0");
    EXPECT_THAT(warnings(bench), Not(HasSubstr("Nobody has signed in")));
}

TEST(AccountStatus, SaysThatNobodyHasSignedIn) {
    SignInBench bench({}, "account-status");
    EXPECT_EQ(account(bench)["signed_in"], false);
    EXPECT_THAT(warnings(bench), HasSubstr("Nobody has signed in"));
    EXPECT_TRUE(bench.server.requests().empty());
    EXPECT_FALSE(bench.ready.document["account"].contains("error"));
}

TEST(AccountStatus, FailsWhereTheStoreCannotAnswer) {
    SignInBench bench({}, "account-status");
    bench.ready.host.secret_status("sign-in", WFC_UNAVAILABLE);
    EXPECT_EQ(test::facts_of([&] { bench.ready.run(account_status); }).condition, "host.secrets");
}

}  // namespace
