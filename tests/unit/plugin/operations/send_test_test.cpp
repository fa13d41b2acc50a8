#include <gmock/gmock.h>

#include "operations/test_message.hpp"
#include "ready_call.hpp"

namespace {

using mailsend::send_test;
using test::ReadyCall;
using testing::HasSubstr;
using testing::Not;

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
    ReadyCall ready("send-test", R"({"to":"bob@example.test"})");
    ready.call.cancel();
    EXPECT_EQ(ready.run(send_test), WFC_CANCELLED);
    std::vector<std::string> stages;
    for (const auto& row : ready.document["report"]) stages.push_back(row["stage"]);
    EXPECT_EQ(stages, (std::vector<std::string>{"resolve", "connect", "greeting", "ehlo", "starttls", "tls",
                                                "auth", "mail", "rcpt", "data", "dot"}));
    EXPECT_EQ(ready.document["outcome"], "cancelled");
}

mailsend::Draft message_for(const char* language) {
    auto settings = nlohmann::json::parse(test::settings_json);
    settings["language"] = language;
    const mailsend::Settings parsed = mailsend::parse_settings(settings.dump());
    return mailsend::test_message(parsed, *parsed.from, mailsend::parse_mailbox("bob@example.test"));
}

TEST(TestMessage, SaysWhereItComesFromAndHoldsNoSecret) {
    const mailsend::Draft draft = message_for("en");
    EXPECT_THAT(*draft.text, HasSubstr("mail.example.test:587"));
    EXPECT_THAT(*draft.text, HasSubstr("STARTTLS"));
    EXPECT_THAT(*draft.text, HasSubstr("alice@example.test"));
    EXPECT_THAT(*draft.text, Not(HasSubstr("correct horse")));
    EXPECT_FALSE(draft.html);
}

TEST(TestMessage, IsWrittenInTheLanguageOfTheSettings) {
    EXPECT_THAT(*message_for("ja").text, HasSubstr("テストメール"));
    EXPECT_NE(message_for("ja").subject, message_for("en").subject);
}

TEST(TestMessage, AsksRobotsNotToAnswer) {
    EXPECT_THAT(message_for("en").headers,
                testing::Contains(testing::Pair("Auto-Submitted", "auto-generated")));
}

}  // namespace
