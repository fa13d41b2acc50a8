#include "operations/explain.hpp"

#include <gmock/gmock.h>

#include "ready_call.hpp"

namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

json said(std::string text) {
    json out = json::object();
    out["reply"] = std::move(text);
    return out;
}

/// One call of `explain`, as MailSend makes it where nobody configured it.
struct Explaining {
    explicit Explaining(const json& input, mailsend::Language language = mailsend::Language::en)
        : call("explain", input.dump()) {
        wfc::Call given(call.table());
        problem = test::problem_of([&] { status = mailsend::explain_pasted(given, language); });
        document = json::parse(call.result(), nullptr, false);
    }
    const json& explained() const { return document.at("explained"); }
    std::string sentence() const { return problem ? problem->what() : ""; }

    wfc::testhost::TestCall call;
    wfc_status status = WFC_INTERNAL;
    std::optional<wfc::Problem> problem;
    json document;
};

const char* const disabled =
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.";

TEST(Explain, SaysWhatAReplyMeansWithoutAnAccount) {
    const Explaining asked(said(disabled));
    EXPECT_EQ(asked.status, WFC_OK);
    EXPECT_EQ(asked.document["outcome"], "succeeded");
    EXPECT_EQ(asked.explained()["id"], "outlook.auth.smtp_disabled_tenant");
    EXPECT_EQ(asked.explained()["stage"], "auth");
    EXPECT_EQ(asked.explained()["class"], "permanent");
    EXPECT_EQ(asked.explained()["smtp"]["code"], 535);
    EXPECT_EQ(asked.explained()["smtp"]["enhanced"], "5.7.139");
    EXPECT_FALSE(asked.explained()["explanation"]["steps"].empty());
    EXPECT_FALSE(asked.document.contains("error"));
    EXPECT_FALSE(asked.document.contains("warnings"));
}

TEST(Explain, SpeaksTheLanguageOfTheInputBeforeAnother) {
    using mailsend::Language;
    const auto title = [](const json& input, Language language) {
        return Explaining(input, language).explained()["explanation"]["title"].get<std::string>();
    };
    const std::string english = title(said(disabled), Language::en);
    const std::string japanese = title(said(disabled), Language::ja);
    EXPECT_NE(english, japanese);
    EXPECT_EQ(title({{"reply", disabled}, {"language", "ja"}}, Language::en), japanese);
    EXPECT_EQ(title({{"reply", disabled}, {"language", "en"}}, Language::ja), english);
}

TEST(Explain, TakesStageAndProviderThatAreGiven) {
    const Explaining asked({{"reply", "535 Authentication Failed"}, {"provider", "zoho"}, {"stage", "auth"}});
    EXPECT_EQ(asked.explained()["id"], "zoho.auth.failed");
    EXPECT_EQ(asked.explained()["provider"], "zoho");
    EXPECT_EQ(Explaining({{"reply", "550 no"}, {"stage", "mail"}}).explained()["stage"], "mail");
}

TEST(Explain, KnowsAProviderByItsHostInTheText) {
    const Explaining asked(
        {{"reply", "connection to smtp.zoho.com:465\n535 Authentication Failed"}, {"stage", "auth"}});
    EXPECT_EQ(asked.explained()["provider"], "zoho");
    EXPECT_EQ(asked.explained()["id"], "zoho.auth.failed");
}

TEST(Explain, ShowsWhatAnAuthorizationServerAndAnApiAnswered) {
    const Explaining token(
        said(R"({"error":"invalid_grant","error_description":"AADSTS50034: x","error_codes":[50034]})"));
    EXPECT_EQ(token.explained()["oauth"]["error"], "invalid_grant");
    EXPECT_EQ(token.explained()["oauth"]["codes"], json({50034}));
    EXPECT_EQ(token.explained()["provider"], "microsoft365");
    const Explaining api(said(R"({"error":{"code":"ErrorSendAsDenied","message":"no","innerError":{}}})"));
    EXPECT_EQ(api.explained()["api"],
              json({{"api", "graph"}, {"codes", {"ErrorSendAsDenied"}}, {"message", "no"}}));
    EXPECT_FALSE(api.explained().contains("oauth"));
}

TEST(Explain, SaysThatNothingLooksLikeAnAnswer) {
    const Explaining asked(said("The weather is fine"));
    EXPECT_EQ(asked.status, WFC_OK);
    EXPECT_EQ(asked.explained()["id"], "explain.unrecognised");
    EXPECT_THAT(asked.explained()["explanation"]["title"], HasSubstr("Nothing in this text"));
}

TEST(Explain, LooksAtTheBeginningOfALongTextAndSaysSo) {
    const Explaining asked(said(std::string(disabled) + "\n" + std::string(1 << 20, 'x')));
    EXPECT_EQ(asked.explained()["id"], "outlook.auth.smtp_disabled_tenant");
    EXPECT_THAT(asked.document["warnings"].at(0), HasSubstr("64 KiB"));
    EXPECT_LT(asked.call.result().size(), 200'000u);
}

TEST(Explain, HidesCredentialsThatWerePastedAlong) {
    // alice@example.test with the password "correct horse", as AUTH PLAIN sends them.
    const Explaining asked(
        said("AUTH PLAIN AGFsaWNlQGV4YW1wbGUudGVzdABjb3JyZWN0IGhvcnNl\n535 5.7.8 Error: "
             "authentication failed: AUTH PLAIN AGFsaWNlQGV4YW1wbGUudGVzdABjb3JyZWN0IGhvcnNl"));
    EXPECT_EQ(asked.explained()["smtp"]["code"], 535);
    EXPECT_THAT(asked.call.result(), Not(HasSubstr("AGFsaWNl")));
}

TEST(Explain, RefusesInputByMember) {
    struct {
        json input;
        const char* pointer;
        const char* words;
    } const rows[] = {
        {json::object(), "/reply", "is missing"},
        {{{"reply", ""}}, "/reply", "nothing that can be read"},
        {{{"reply", " \r\n ... "}}, "/reply", "nothing that can be read"},
        {{{"reply", 535}}, "/reply", "must be a string"},
        {{{"reply", "x"}, {"provider", "gmial"}}, "/provider", "did you mean \"gmail\"?"},
        {{{"reply", "x"}, {"provider", "nobody-knows-it"}}, "/provider", "leave it out"},
        {{{"reply", "x"}, {"stage", "rcptt"}}, "/stage", "did you mean \"rcpt\"?"},
        {{{"reply", "x"}, {"language", "fr"}}, "/language", "must be one of"},
        {{{"reply", "x"}, {"stages", "auth"}}, "/stages", "did you mean \"stage\"?"},
    };
    for (const auto& row : rows) {
        const Explaining asked(row.input);
        ASSERT_TRUE(asked.problem) << row.input;
        EXPECT_EQ(asked.problem->status(), WFC_INVALID_INPUT);
        EXPECT_EQ(asked.problem->pointer(), row.pointer);
        EXPECT_THAT(asked.sentence(), HasSubstr(row.words));
    }
}

}  // namespace
