#include <gmock/gmock.h>

#include "ready_call.hpp"

namespace {

using mailsend::send_test;
using nlohmann::json;
using test::ReadyCall;
using testing::HasSubstr;

const char* const to_bob = R"({"to":"bob@example.test"})";

TEST(SendTest, NeedsOneAddressToSendTo) {
    const std::pair<const char*, const char*> wrong[] = {
        {"{}", "/to"},
        {R"({"to":"nobody"})", "/to"},
        {R"({"to":["a@b.test","c@d.test"]})", "/to"},
        {R"({"to":"a@b.test\r\nBcc: c@d.test"})", "/to"},
        {R"({"to":"a@b.test","subject":"x"})", "/subject"},
        {R"({"tu":"a@b.test"})", "/tu"},
    };
    for (const auto& [input, pointer] : wrong) {
        ReadyCall ready("send-test", input);
        const auto problem = test::problem_of([&] { ready.run(send_test); });
        ASSERT_TRUE(problem) << input;
        EXPECT_EQ(problem->status(), WFC_INVALID_INPUT) << input;
        EXPECT_EQ(problem->pointer(), pointer);
        EXPECT_TRUE(ready.host.egress_asked().empty()) << "nothing was tried";
    }
}

TEST(SendTest, ReportsEveryStageAlsoThoseThatWereNotReached) {
    ReadyCall ready("send-test", to_bob);
    ready.call.cancel();
    EXPECT_EQ(ready.run(send_test), WFC_CANCELLED);
    std::vector<std::string> stages;
    for (const auto& row : ready.document["report"]) stages.push_back(row["stage"]);
    EXPECT_EQ(stages, (std::vector<std::string>{"resolve", "connect", "greeting", "ehlo", "starttls", "tls",
                                                "auth", "mail", "rcpt", "data", "dot"}));
    EXPECT_EQ(ready.document["outcome"], "cancelled");
}

TEST(SendTest, ReportsWhereNoConnectionCameFree) {
    ReadyCall ready("send-test", to_bob);
    ready.with({{"delivery", {{"max_connections", 1}}}});
    const wfc::Host view(ready.host.table());
    const mailsend::Account other(mailsend::parse_settings(ready.settings.dump()), view);
    const auto held = other.governor().connect(test::patience(ready.host));
    ready.call.deadline_ms(ready.host.now_ms() + 1'000);
    ready.host.tick_per_reading(50);
    EXPECT_EQ(ready.run(send_test), WFC_FAILED);
    EXPECT_EQ(ready.document["error"]["id"], "limit.connections");
    EXPECT_FALSE(ready.document["report"].empty());
}

TEST(SendTest, HasNoRowForALoginThatNobodyAskedFor) {
    ReadyCall ready("send-test", to_bob);
    ready.with({{"auth", {{"method", "none"}, {"username", nullptr}, {"password", nullptr}}}});
    ready.call.cancel();
    EXPECT_EQ(ready.run(send_test), WFC_CANCELLED);
    for (const auto& row : ready.document["report"]) EXPECT_NE(row["stage"], "auth") << row;
}

/// The refusal of settings changed like this, or nothing when it got as far as sending.
std::optional<wfc::Problem> refused(const json& change) {
    ReadyCall ready("send-test", to_bob);
    ready.with(change);
    ready.call.cancel();
    return test::problem_of([&] { ready.run(send_test); });
}

TEST(SendTest, TakesTheSenderOfTheDefaultsAndThenAUserNameThatIsAnAddress) {
    EXPECT_FALSE(refused({{"from", nullptr}, {"message", {{"from", "Alice <alice@example.test>"}}}}));
    EXPECT_FALSE(refused({{"from", nullptr}, {"auth", {{"username", "alice@example.test"}}}}));
}

TEST(SendTest, NeedsASenderFromSomewhere) {
    const json brevo = {{"kind", "preset"}, {"provider", "brevo"}, {"host", nullptr}};
    const std::pair<json, const char*> wrong[] = {
        {{{"from", nullptr}}, "the user name is no address"},
        {{{"from", nullptr}, {"auth", {{"method", "none"}, {"username", nullptr}, {"password", nullptr}}}},
         "write the account's sender there"},
        {{{"from", nullptr}, {"message", {{"from", "{{sender}}"}}}}, "holds a template"},
        {{{"from", nullptr}, {"server", brevo}, {"auth", {{"username", "8a1@smtp-brevo.com"}}}},
         "the user names of Brevo (Sendinblue) are no senders"}};
    for (const auto& [change, words] : wrong) {
        const auto problem = refused(change);
        ASSERT_TRUE(problem) << change;
        EXPECT_EQ(problem->status(), WFC_INVALID_SETTINGS);
        EXPECT_EQ(problem->pointer(), "/from");
        EXPECT_THAT(problem->what(), HasSubstr(words));
    }
}

TEST(SendTest, TakesTheMailboxOfAnOAuthAccountAsItsSender) {
    test::ReadyCall ready("send-test", R"({"to":"bob@example.test"})");
    ready.host.secret("token", "t0ken");
    ready.with({{"from", nullptr},
                {"server", {{"host", "127.0.0.1"}, {"port", 1}, {"security", "none"}}},
                {"auth",
                 {{"method", "oauth2"},
                  {"allow_cleartext", true},
                  {"provider", "google"},
                  {"grant", "access-token"},
                  {"username", "alice@example.test"},
                  {"password", nullptr},
                  {"access_token", {{"$secret", "token"}}}}}});
    EXPECT_EQ(ready.run(mailsend::send_test), WFC_FAILED);
    EXPECT_EQ(ready.document["error"]["stage"], "connect") << ready.document;
}

}  // namespace
