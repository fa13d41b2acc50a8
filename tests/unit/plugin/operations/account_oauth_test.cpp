#include "operations/account_oauth.hpp"

#include "sign_in_bench.hpp"

namespace {

using mailsend::Account;
using mailsend::oauth::Asking;
using test::json;
using test::SignInBench;
using testing::HasSubstr;

/// An account of the bench's settings as they are now.
struct Opened {
    explicit Opened(const SignInBench& bench)
        : account(mailsend::parse_settings(bench.ready.settings.dump()), bench.services()),
          patience(mailsend::net::Patience(bench.services().clock(), {},
                                           bench.services().clock().monotonic_ms() + 60'000)) {}
    const mailsend::AccountOAuth& oauth() const { return *account.oauth(); }
    std::string token() const {
        return std::string(oauth().credentials(patience, Asking::unattended).password.reveal());
    }
    mailsend::Facts failure() const {
        return test::facts_of([this] { token(); });
    }

    Account account;
    mailsend::net::Patience patience;
};

mailsend::oauth::TokenRecord with_token_until(const SignInBench& bench, std::int64_t left_s) {
    auto record = bench.earlier();
    record.access_expires_at = bench.now_s() + left_s;
    record.refreshed_at = record.access_expires_at - 3600;
    return record;
}

TEST(AccountOAuth, HasOneNameForAllSettingsThatShareAStoredToken) {
    SignInBench bench({});
    const std::string key = Opened(bench).oauth().key();
    bench.auth({{"username", "shared@example.test"},
                {"client_id", "client-2"},
                {"endpoints", {{"token", "https://other.example.test/token"}}}});
    EXPECT_EQ(Opened(bench).oauth().key(), key) << "they renew the same token in turn";
    bench.auth({{"tokens", {{"$secret", "another"}}}});
    EXPECT_NE(Opened(bench).oauth().key(), key);
}

TEST(AccountOAuth, SaysThatTheWebServerCannotBeReachedAndWhy) {
    SignInBench bench({});
    bench.store(with_token_until(bench, -60));
    bench.auth({{"endpoints", {{"token", "http://127.0.0.1:1/token"}}}});
    const auto facts = Opened(bench).failure();
    EXPECT_EQ(facts.condition, "token.unreachable");
    EXPECT_EQ(facts.stage, mailsend::Stage::token);
    EXPECT_EQ(test::detail(facts, "reason"), "conn.refused");
    EXPECT_EQ(test::detail(facts, "user"), "alice@example.test");
    EXPECT_EQ(facts.provider, "gmail");
    ASSERT_TRUE(facts.cause);
    EXPECT_EQ(facts.cause->condition, "conn.refused");
    EXPECT_EQ(facts.cause->stage, mailsend::Stage::token);
}

/// The facts of the failure, or of the one that led to it.
const mailsend::Facts& refusal_in(const mailsend::Facts& facts) {
    return facts.cause ? *facts.cause : facts;
}

TEST(AccountOAuth, TellsHowOldTheConsentWasThatTheServerRefused) {
    SignInBench bench({test::refusal("invalid_grant", "Token has been expired or revoked.")});
    auto record = with_token_until(bench, -60);
    record.issued_at = bench.now_s() - 7 * 86'400 - 3600;
    bench.store(record);
    EXPECT_EQ(test::detail(refusal_in(Opened(bench).failure()), "consent_age_days"), "7");
    EXPECT_EQ(test::detail(refusal_in(Opened(bench).failure()), "consent_age_days"), "7")
        << "a refusal that is remembered says it too";
}

TEST(AccountOAuth, ClaimsNoAgeOfAConsentThatItDoesNotKnow) {
    for (const std::int64_t issued_after_now : {std::int64_t{0}, std::int64_t{3600}}) {
        SignInBench bench({test::refusal("invalid_grant")});
        auto record = with_token_until(bench, -60);
        record.issued_at = issued_after_now == 0 ? 0 : bench.now_s() + issued_after_now;
        bench.store(record);
        const auto facts = Opened(bench).failure();
        EXPECT_FALSE(refusal_in(facts).details.contains("consent_age_days"));
    }
}

TEST(AccountOAuth, TellsAHostThatDeniesTheWayAsThat) {
    SignInBench bench({});
    bench.store(with_token_until(bench, -60));
    bench.ready.host.egress([](const wfc::testhost::EgressQuestion&) { return false; });
    EXPECT_EQ(test::detail(Opened(bench).failure(), "reason"), "egress.denied");
}

TEST(AccountOAuth, GoesOnWithATokenThatIsGoodWhenTheApplicationsSecretIsGone) {
    SignInBench bench({});
    bench.store(with_token_until(bench, 120));  // good, and due to be renewed
    bench.ready.host.secret_status("app", WFC_NOT_FOUND);
    EXPECT_EQ(Opened(bench).token(), "at-0");

    bench.store(with_token_until(bench, -60));
    const auto facts = Opened(bench).failure();
    EXPECT_EQ(facts.condition, "token.client");
    EXPECT_EQ(facts.pointer, "/auth/client_secret");
    EXPECT_EQ(test::detail(facts, "missing"), "/auth/client_secret");
    EXPECT_THAT(facts.sentence, HasSubstr("\"app\""));
    EXPECT_TRUE(bench.server.requests().empty());
}

TEST(AccountOAuth, LeavesTheMailServersAnswerAloneWhenTheApplicationsSecretIsGone) {
    SignInBench bench({});
    bench.store(with_token_until(bench, 3000));
    bench.ready.host.secret_status("app", WFC_NOT_FOUND);
    const Opened opened(bench);
    const wfc::SecretString refused("at-0");
    const auto facts =
        test::facts_of([&] { opened.oauth().renewed(refused, opened.patience, Asking::unattended); });
    EXPECT_EQ(facts.condition, "token.client") << "a Failure, which stands beside that answer as its cause";
}

TEST(AccountOAuth, FetchesNothingForAClientWithoutAProof) {
    SignInBench bench({});
    const auto client = Opened(bench).oauth().bare_client();
    EXPECT_EQ(client.id, "client-1");
    EXPECT_FALSE(client.secret);
    EXPECT_TRUE(bench.ready.host.secrets_asked().empty());
}

TEST(AccountOAuth, NamesThePersonWhoConsentedWhereTheTokenEndpointRefuses) {
    SignInBench bench({});
    bench.auth({{"username", "shared@example.test"}, {"sign_in_as", "bob@example.test"}});
    const Opened opened(bench);
    mailsend::Facts refused;
    refused.stage = mailsend::Stage::token;
    opened.oauth().describe(refused);
    EXPECT_EQ(refused.details.at("user"), "bob@example.test");
    mailsend::Facts at_the_mail_server;
    at_the_mail_server.stage = mailsend::Stage::auth;
    opened.oauth().describe(at_the_mail_server);
    EXPECT_EQ(at_the_mail_server.details.at("user"), "shared@example.test");
}

TEST(AccountOAuth, KnowsThatTheOwnerOfTheTokenMayBeSomebodyElseThanTheMailbox) {
    SignInBench bench({});
    bench.auth({{"provider", "microsoft"}});
    const wfc::SecretString token(test::jwt({{"aud", "https://outlook.office.com"},
                                             {"scp", "SMTP.Send"},
                                             {"exp", bench.now_s() + 3600},
                                             {"upn", "bob@example.test"}}));
    const auto fault = [&] {
        mailsend::Facts facts;
        facts.stage = mailsend::Stage::auth;
        facts.reply = mailsend::Reply{535, {"535 5.7.3 Authentication unsuccessful"}};
        Opened(bench).oauth().examine(facts, token);
        return test::detail(facts, "token_fault");
    };
    EXPECT_EQ(fault(), "user");
    bench.auth({{"sign_in_as", "bob@example.test"}});
    EXPECT_EQ(fault(), "(none)");
}

}  // namespace
