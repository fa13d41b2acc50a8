#include "sign_in_bench.hpp"

// What a result of sending says about the account beside the message.

namespace {

using test::json;
using test::ReadyCall;
using testing::HasSubstr;

/// A send with a supplied token that never reaches the mail server.
ReadyCall& unreachable(ReadyCall& ready) {
    ready.host.secret("token", "at-supplied");
    ready.host.egress([](const wfc::testhost::EgressQuestion&) { return false; });
    return ready.with({{"server", {{"host", "127.0.0.1"}}},
                       {"auth",
                        {{"method", "oauth2"},
                         {"provider", "microsoft"},
                         {"grant", "access-token"},
                         {"username", "alice@example.test"},
                         {"password", nullptr},
                         {"access_token", {{"$secret", "token"}}}}}});
}

const char* const to_bob = R"({"to":"bob@example.test","subject":"Hello","text":"Hello"})";

TEST(Sending, WarnsAboutTheAccountAlsoWhenTheMessageFailed) {
    test::SignInBench bench({}, "send");
    ReadyCall ready("send", to_bob);
    ready.host.real_time();
    ready.settings = bench.ready.settings;
    ready.with({{"server", {{"host", "127.0.0.1"}}}, {"auth", {{"publishing", "testing"}}}});
    ready.host.secret("app", "app-secret-value");
    auto record = bench.earlier(3);
    ready.host.secret("sign-in", std::string(mailsend::oauth::written(record).reveal()));
    ready.host.egress([](const wfc::testhost::EgressQuestion&) { return false; });
    EXPECT_EQ(ready.run(mailsend::send), WFC_FAILED);
    EXPECT_EQ(ready.document["error"]["id"], "egress.denied");
    EXPECT_THAT(ready.document["warnings"].dump(), HasSubstr("Testing mode"));
}

TEST(Sending, HasNothingToSayAboutAnAccountThatIsWell) {
    ReadyCall ready("send", to_bob);
    EXPECT_EQ(unreachable(ready).run(mailsend::send), WFC_FAILED);
    EXPECT_EQ(ready.document["warnings"], json::array());
}

TEST(Sending, FailsAtTheTokenBeforeTheMailServerIsAsked) {
    test::SignInBench bench({test::refusal("invalid_grant")}, "send");
    ReadyCall ready("send", to_bob);
    ready.host.real_time();
    ready.settings = bench.ready.settings;
    ready.host.secret("app", "app-secret-value");
    auto record = bench.earlier();
    record.access_expires_at = bench.now_s() - 60;
    ready.host.secret("sign-in", std::string(mailsend::oauth::written(record).reveal()));
    const auto facts = test::facts_of([&] { ready.run(mailsend::send); });
    EXPECT_EQ(facts.condition, "token.dead");
    EXPECT_EQ(facts.stage, mailsend::Stage::token);
}

}  // namespace
