#include "operations/test_message.hpp"

#include <gmock/gmock.h>

#include "ready_call.hpp"

namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

mailsend::Draft message_for(const char* language, const json& change = json::object()) {
    auto settings = json::parse(test::settings_json);
    settings["language"] = language;
    settings.merge_patch(change);
    const mailsend::Settings parsed = mailsend::parse_settings(settings.dump());
    return mailsend::test_message(parsed, *parsed.from, mailsend::parse_mailbox("bob@example.test"));
}

json preset(const char* id) {
    return {{"kind", "preset"}, {"provider", id}, {"host", nullptr}};
}

TEST(TestMessage, SaysWhereItComesFrom) {
    EXPECT_THAT(*message_for("en").text, AllOf(HasSubstr("mail.example.test:587"), HasSubstr("STARTTLS"),
                                               HasSubstr("alice@example.test")));
}

TEST(TestMessage, NamesTheUserWhereAUserNameIsNoSecret) {
    EXPECT_THAT(*message_for("en", {{"auth", {{"username", "carol@example.test"}}}}).text,
                HasSubstr("User name: carol@example.test"));
    EXPECT_THAT(*message_for("en", {{"server", preset("yahoo-jp")}, {"auth", {{"username", "carol"}}}}).text,
                HasSubstr("User name: carol"));
    EXPECT_THAT(*message_for("en", {{"server", preset("sendgrid")}, {"auth", {{"username", "apikey"}}}}).text,
                HasSubstr("User name: apikey"));
    const json oauth = {{"method", "oauth2"},      {"provider", "google"},
                        {"grant", "access-token"}, {"username", "carol@example.test"},
                        {"password", nullptr},     {"access_token", {{"$secret", "token"}}}};
    EXPECT_THAT(*message_for("en", {{"auth", oauth}}).text, HasSubstr("User name: carol@example.test"));
}

TEST(TestMessage, LeavesOutAUserNameThatMayBeACredential) {
    const char* const token = "0f4c9ae1-7d53-4a4f-9a4e-8b5f6d1c2e3a";
    for (const char* id : {"postmark", "mailjet", "ses", "sendgrid"}) {
        for (const char* language : {"en", "ja"}) {
            const std::string text =
                *message_for(language, {{"server", preset(id)}, {"auth", {{"username", token}}}}).text;
            EXPECT_THAT(text, Not(HasSubstr(token))) << id;
            EXPECT_THAT(text, Not(HasSubstr(language == std::string("en") ? "User name" : "ユーザー名")));
        }
    }
    EXPECT_THAT(*message_for("en", {{"auth", {{"username", token}}}}).text, Not(HasSubstr(token)))
        << "an unknown server's user name may be one too";
}

TEST(TestMessage, SaysPlainlyThatNothingIsEncrypted) {
    const json clear = {{"server", {{"security", "none"}}}, {"auth", {{"allow_cleartext", true}}}};
    EXPECT_THAT(*message_for("en", clear).text, HasSubstr("none (not encrypted)"));
    EXPECT_THAT(*message_for("ja", clear).text, HasSubstr("なし(暗号化されません)"));
}

TEST(TestMessage, IsWrittenInTheLanguageOfTheSettings) {
    EXPECT_THAT(*message_for("ja").text, AllOf(HasSubstr("テストメール"), Not(HasSubstr("設定画面"))));
    EXPECT_NE(message_for("ja").subject, message_for("en").subject);
}

TEST(TestMessage, AsksRobotsNotToAnswer) {
    EXPECT_THAT(message_for("en").headers,
                testing::Contains(testing::Pair("Auto-Submitted", "auto-generated")));
}

}  // namespace
