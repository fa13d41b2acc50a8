#include "settings_cases.hpp"

namespace {

using namespace test;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(SettingsProblems, AreNoneForOrdinaryAccounts) {
    const std::vector<std::vector<json>> ordinary = {
        {},
        {server("mail.example.test", 465, "implicit-tls")},
        {server("mail.example.test", 465, "auto")},
        {server("mail.example.test", 2525, "starttls")},
        {no_sign_in},
        {from("Other <other@EXAMPLE.test>")},
        {no_from, message("from", "alice@example.test")},
        {no_from, message("from", "{{sender}}")},
        {no_from, message("template", "A"), {{"templates", {{"A", {{"from", "a@example.test"}}}}}}},
        {message("template", "A"), {{"templates", {{"Generic", {{"text", "x"}}}}}}},
        {message("template", "{{kind}}")},
        {preset("gmail"), account("alice@gmail.com"), from("Alice@Gmail.com")},
        {preset("gmail-relay"), no_sign_in},
        {preset("gmail-relay"), from("other@example.test")},
        {preset("yahoo-jp"), user("alice"), from("alice@yahoo.co.jp")},
        {preset("brevo"), user("8a1@smtp-brevo.com")},
        {preset("mailgun"), user("postmaster@mg.example.net")},
        {preset("sparkpost"), user("SMTP_Injection:X-MSYS-SUBACCOUNT=123")},
        {preset("sendgrid"), user("apikey")},
        {server("smtp.resend.com", 2465, "implicit-tls"), user("resend")},
        {server("mail.smtp2go.com", 2525, "auto")},
        {network("build7.example.test")},
        {network("[192.0.2.1]")},
        {{{"delivery", {{"deadline", "5s"}}}}},
        {{{"network", {{"proxy", "http://proxy.example.test:3128"}, {"source_address", "192.0.2.1"}}}}}};
    for (const auto& patches : ordinary) {
        const Rule rule{patches, "", "", "", password(PasswordShape::app_password)};
        EXPECT_THAT(found_by(rule, "en"), IsEmpty()) << json(patches);
    }
}

TEST(SettingsProblems, TakeNoCompanyForAConsumersMailbox) {
    for (const char* address : {"bob@olive.com", "bob@myoutlook.com", "bob@alive.com"}) {
        const Rule rule{{preset("microsoft365"), account(address)}, "", "", ""};
        EXPECT_THAT(found_by(rule, "en"), ElementsAre(HasSubstr("end of December 2026"))) << address;
    }
}

TEST(SettingsProblems, NeverAdviseInACircle) {
    for (const json& sign_in : {account("alice@outlook.com"), oauth("alice@outlook.com"), no_sign_in}) {
        const Rule rule{{preset("outlook"), sign_in}, "", "", ""};
        EXPECT_THAT(found_by(rule, "en"), Not(Contains(HasSubstr("Write the method")))) << sign_in;
    }
}

TEST(SettingsProblems, OfPresetsPointToMembersThatPresetsHave) {
    for (const char* id : {"ses", "postmark", "mailjet"}) {
        const Rule rule{{preset(id), {{"server", {{"submission", "25"}}}}}, "", "", ""};
        EXPECT_THAT(found_by(rule, "en"), ElementsAre(HasSubstr("warning /server/submission: "))) << id;
    }
}

TEST(SettingsProblems, LeaveAPasswordToServersThatTakeAny) {
    EXPECT_THAT(found({}, password(PasswordShape::other)), IsEmpty());
}

TEST(SettingsProblems, PutErrorsFirst) {
    const auto problems =
        found({no_from, server("mail.example.test", 25, "starttls")}, password(PasswordShape::missing));
    ASSERT_GE(problems.size(), 3U);
    EXPECT_THAT(problems.front(), HasSubstr("error "));
    EXPECT_THAT(problems.back(), HasSubstr("warning "));
}

TEST(SettingsProblems, DoNotReadMarksInWhatWasWritten) {
    const SecretsSeen fault = {PasswordShape::unknown, false, {}, "{0}"};
    EXPECT_THAT(found({certificate}, fault), ElementsAre(HasSubstr("{0}. Store")));
}

}  // namespace
