#include "operations/settings_problems.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace {

using mailsend::PasswordShape;
using mailsend::Severity;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t november_2026 = 1'795'305'600'000;
constexpr std::int64_t february_2027 = 1'801'440'000'000;

nlohmann::json settings_of(const nlohmann::json& change = {}) {
    nlohmann::json settings = nlohmann::json::parse(
        R"({"server":{"kind":"custom","host":"mail.example.test","port":587,"security":"starttls"},
            "auth":{"method":"password","username":"alice@example.test","password":{"$secret":"p"}},
            "from":"Alice <alice@example.test>"})");
    if (change.is_object()) settings.merge_patch(change);
    return settings;
}

std::vector<mailsend::SettingsProblem> found(const nlohmann::json& change,
                                             PasswordShape password = PasswordShape::unknown,
                                             std::int64_t now = november_2026) {
    return mailsend::problems_of(mailsend::parse_settings(settings_of(change).dump()), password, now);
}

/// "error /server/port" and the like, one for each problem.
std::vector<std::string> places(const std::vector<mailsend::SettingsProblem>& problems) {
    std::vector<std::string> out;
    for (const auto& problem : problems)
        out.push_back((problem.severity == Severity::error ? "error " : "warning ") + problem.pointer);
    return out;
}

MATCHER_P2(Says, place, words, "") {
    return places({arg}).front() == place && arg.message.find(words) != std::string::npos;
}

TEST(SettingsProblems, AreNoneForAnOrdinaryAccount) {
    EXPECT_THAT(places(found({})), IsEmpty());
    EXPECT_THAT(places(found({{"server", {{"port", 465}, {"security", "implicit-tls"}}}})), IsEmpty());
    EXPECT_THAT(places(found({{"server", {{"port", 2525}}}})), IsEmpty());
    EXPECT_THAT(places(found({{"auth", {{"method", "none"}, {"username", nullptr}, {"password", nullptr}}}})),
                IsEmpty());
}

TEST(SettingsProblems, NameAPortThatDoesNotFitTheSecurity) {
    EXPECT_THAT(found({{"server", {{"port", 465}}}}),
                Contains(Says("warning /server/security", "implicit-tls")));
    EXPECT_THAT(found({{"server", {{"security", "implicit-tls"}}}}),
                Contains(Says("warning /server/security", "starttls")));
    EXPECT_THAT(found({{"server", {{"port", 465}, {"security", "auto"}}}}), IsEmpty());
    EXPECT_THAT(found({{"server", {{"port", 25}}}}), Contains(Says("warning /server/port", "587 or 465")));
}

TEST(SettingsProblems, NameAnUnencryptedConnection) {
    EXPECT_THAT(found({{"server", {{"security", "none"}}}, {"auth", {{"allow_cleartext", true}}}}),
                Contains(Says("warning /server/security", "Nothing is encrypted")));
}

TEST(SettingsProblems, TellWhenMicrosoftStopsTakingPasswords) {
    const nlohmann::json office = {{"server", {{"host", "smtp.office365.com"}}}};
    EXPECT_THAT(found(office), Contains(Says("warning /auth/method", "end of December 2026")));
    EXPECT_THAT(found(office), Contains(Says("warning /auth/method", "second half of 2027")));
    EXPECT_THAT(found(office, PasswordShape::unknown, february_2027),
                Contains(Says("warning /auth/method", "switched passwords for SMTP off")));
    const nlohmann::json consumer = {{"server", {{"host", "smtp-mail.outlook.com"}}},
                                     {"auth", {{"username", "alice@outlook.com"}}}};
    EXPECT_THAT(found(consumer), Contains(Says("error /auth/method", "16 September 2024")));
    EXPECT_THAT(places(found({{"server", {{"host", "smtp.gmail.com"}}}})),
                Not(Contains("warning /auth/method")));
}

TEST(SettingsProblems, TellAGmailPasswordThatIsNoAppPassword) {
    const nlohmann::json gmail = {{"server", {{"host", "smtp.gmail.com"}}}};
    EXPECT_THAT(found(gmail, PasswordShape::other), Contains(Says("warning /auth/password", "16 letters")));
    EXPECT_THAT(places(found(gmail, PasswordShape::app_password)), Not(Contains("warning /auth/password")));
    EXPECT_THAT(places(found({}, PasswordShape::other)), IsEmpty()) << "other servers take any password";
}

TEST(SettingsProblems, TellAPasswordThatTheHostDoesNotHave) {
    EXPECT_THAT(found({}, PasswordShape::missing), Contains(Says("error /auth/password", "\"p\"")));
}

TEST(SettingsProblems, TellASenderThatIsNotTheAccount) {
    EXPECT_THAT(found({{"from", "boss@elsewhere.test"}}),
                Contains(Says("warning /from", "boss@elsewhere.test")));
    EXPECT_THAT(places(found({{"from", "Other <other@EXAMPLE.test>"}})), IsEmpty()) << "the same domain";
    EXPECT_THAT(found({{"from", nullptr}}), Contains(Says("warning /from", "no sender")));
    EXPECT_THAT(found({{"from", "boss@elsewhere.test"}, {"server", {{"host", "smtp.gmail.com"}}}}),
                Contains(Says("warning /from", "Gmail")));
    EXPECT_THAT(found({{"from", "boss@elsewhere.test"}, {"server", {{"host", "smtp.office365.com"}}}}),
                Contains(Says("warning /from", "Send As")));
}

TEST(SettingsProblems, TellANameForEhloThatServersDistrust) {
    for (const char* name : {"localhost", "localhost.localdomain"}) {
        EXPECT_THAT(found({{"network", {{"ehlo_name", name}}}}),
                    Contains(Says("warning /network/ehlo_name", name)));
    }
    EXPECT_THAT(found({{"network", {{"ehlo_name", "build7"}}}}),
                Contains(Says("warning /network/ehlo_name", "no domain")));
    EXPECT_THAT(places(found({{"network", {{"ehlo_name", "build7.example.test"}}}})), IsEmpty());
    EXPECT_THAT(places(found({{"network", {{"ehlo_name", "[192.0.2.1]"}}}})), IsEmpty());
}

TEST(SettingsProblems, TellWhatALaterVersionBrings) {
    EXPECT_THAT(found({{"delivery", {{"max_connections", 4}}}}),
                Contains(Says("error /delivery/max_connections", "not in this version")));
}

TEST(SettingsProblems, TellATimeThatNeverRunsOut) {
    EXPECT_THAT(places(found({{"timeouts", {{"command", "10m"}}}})), Contains("warning /timeouts/command"));
}

TEST(SettingsProblems, PutErrorsFirst) {
    const auto problems = found({{"from", nullptr}, {"server", {{"port", 25}}}}, PasswordShape::missing);
    ASSERT_GE(problems.size(), 3u);
    EXPECT_EQ(problems.front().severity, Severity::error);
    EXPECT_EQ(problems.back().severity, Severity::warning);
}

TEST(SettingsProblems, AreSaidInTheLanguageOfTheSettings) {
    const auto problems = found({{"server", {{"port", 25}}}, {"language", "ja"}});
    ASSERT_FALSE(problems.empty());
    EXPECT_NE(problems.front().message.find("ポート25"), std::string::npos);
}

TEST(PasswordShape, KnowsAnAppPasswordWithAndWithoutItsBlanks) {
    for (const char* password :
         {"abcdefghijklmnop", "abcd efgh ijkl mnop", "abcd\u00a0efgh\u00a0ijkl\u00a0mnop"})
        EXPECT_EQ(mailsend::shape_of(password), PasswordShape::app_password) << password;
    for (const char* password :
         {"", "hunter2", "abcdefghijklmno", "abcdefghijklmnopq", "abcd efgh ijkl mno1"})
        EXPECT_EQ(mailsend::shape_of(password), PasswordShape::other) << password;
}

}  // namespace
