#include "sign_in_bench.hpp"

namespace {

using test::json;
using test::SignInBench;
using test::tokens;
using testing::HasSubstr;
using testing::Not;

TEST(SignIn, KeepsWhatThePersonConsentedTo) {
    SignInBench bench({tokens()});
    EXPECT_EQ(bench.run(), WFC_OK);
    const auto record = bench.stored();
    EXPECT_EQ(record.refresh_token.reveal(), "rt-1");
    EXPECT_EQ(record.access_token.reveal(), "at-1");
    EXPECT_EQ(record.signed_in_as, "alice@example.test");
    EXPECT_GE(record.issued_at, bench.now_s() - 60);
    EXPECT_EQ(record.basis.at("/auth/client_id"), "client-1");
    EXPECT_EQ(record.basis.at("/auth/client_secret").find("app-secret"), std::string::npos);
    const json& account = bench.ready.document.at("account");
    EXPECT_EQ(bench.ready.document["outcome"], "succeeded");
    EXPECT_EQ(account["signed_in"], true);
    EXPECT_EQ(account["signed_in_as"], "alice@example.test");
    EXPECT_EQ(account["scopes"], json({test::mail_scope, "openid"}));
    EXPECT_TRUE(account["warnings"].empty()) << account;
    EXPECT_THAT(bench.server.form(), HasSubstr("code=the-code"));
}

TEST(SignIn, AsksForTheRedirectWithAllThatAHostNeeds) {
    SignInBench bench({tokens()});
    bench.ready.with({{"language", "ja"}});
    bench.auth({{"sign_in_as", "bob@example.test"}});
    bench.run();
    const json question = bench.asked("redirect").at(0);
    EXPECT_EQ(question["redirect_uri"], "http://127.0.0.1:48888/callback");
    EXPECT_EQ(question["setting"], "/auth/redirect_uri");
    EXPECT_EQ(question["language"], "ja");
    EXPECT_EQ(question["account"], "bob@example.test");
    EXPECT_GT(question["expires_in_s"], 60);
    EXPECT_THAT(question["url"], HasSubstr("login_hint=bob%40example.test"));
    EXPECT_THAT(question["url"], HasSubstr("code_challenge_method=S256"));
}

TEST(SignIn, TellsThePersonInBothLanguagesThatItWentWell) {
    SignInBench bench({tokens()});
    bench.run();
    const json outcome = bench.asked("outcome").at(0);
    EXPECT_EQ(outcome["succeeded"], true);
    EXPECT_THAT(outcome["pages"]["en"]["title"], HasSubstr("Signed in as alice@example.test"));
    EXPECT_THAT(outcome["pages"]["ja"]["title"], HasSubstr("サインインしました"));
}

TEST(SignIn, PutsNeitherVerifierNorSecretIntoAQuestionOrTheDocument) {
    SignInBench bench({tokens()});
    bench.run();
    const std::string form = bench.server.form();
    const std::size_t begin = form.find("code_verifier=") + 14;
    const std::string verifier = form.substr(begin, form.find('&', begin) - begin);
    ASSERT_GE(verifier.size(), 43U);
    std::vector<std::string> seen = bench.ready.host.questions_asked();
    seen.push_back(bench.ready.document.dump());
    for (const auto& event : bench.ready.host.events()) seen.push_back(event.fields);
    for (const std::string& text : seen) {
        for (const std::string& secret : {verifier, std::string("app-secret-value"), std::string("rt-1"),
                                          std::string("at-1"), std::string("the-code")})
            EXPECT_THAT(text, Not(HasSubstr(secret)));
    }
}

TEST(SignIn, ThatThePersonRefusedKeepsNothingAndSaysSoAtTheBrowser) {
    SignInBench bench({});
    bench.person = {{"code", nullptr}, {"error", "access_denied"}};
    const auto facts = bench.failure();
    EXPECT_EQ(facts.condition, "token.refused");
    EXPECT_EQ(test::detail(facts, "oauth_error"), "access_denied");
    EXPECT_EQ(test::detail(facts, "endpoint"), "authorize");
    EXPECT_EQ(test::detail(facts, "user"), "alice@example.test");
    const json outcome = bench.asked("outcome").at(0);
    EXPECT_EQ(outcome["succeeded"], false);
    for (const char* language : {"en", "ja"}) {
        EXPECT_NE(outcome["pages"][language]["title"], "");
        EXPECT_NE(outcome["pages"][language]["text"], "");
        EXPECT_FALSE(outcome["pages"][language]["steps"].empty());
    }
    EXPECT_NE(outcome["pages"]["en"]["title"], outcome["pages"]["ja"]["title"]);
    EXPECT_TRUE(bench.nothing_stored());
}

TEST(SignIn, RefusesAnAnswerThatBelongsToAnotherSignInOrServer) {
    const std::pair<json, const char*> wrong[] = {
        {{{"state", "another"}}, "token.state"},
        {{{"state", nullptr}}, "token.state"},
        {{{"iss", "https://evil.example.test"}}, "token.issuer"},
        {{{"code", nullptr}}, "token.no_code"},
    };
    for (const auto& [came, condition] : wrong) {
        SignInBench bench({});
        bench.person = came;
        EXPECT_EQ(bench.failure().condition, condition) << came;
        EXPECT_TRUE(bench.server.requests().empty()) << "no code is traded";
        EXPECT_TRUE(bench.nothing_stored());
    }
    SignInBench named({tokens()});
    named.person = {{"iss", "https://accounts.google.com"}};
    EXPECT_EQ(named.run(), WFC_OK);
}

TEST(SignIn, KeepsNothingWhereTheBoxOfSendingWasUnticked) {
    SignInBench bench({tokens({{"scope", "openid email"}})});
    const auto facts = bench.failure();
    EXPECT_EQ(facts.condition, "token.scope_missing");
    EXPECT_EQ(test::detail(facts, "needed_scope"), test::mail_scope);
    EXPECT_EQ(bench.asked("outcome").at(0)["succeeded"], false);
    EXPECT_TRUE(bench.nothing_stored());
}

TEST(SignIn, NeedsARefreshToken) {
    SignInBench bench({tokens({{"refresh_token", nullptr}})});
    EXPECT_EQ(bench.failure().condition, "token.no_refresh_token");
    EXPECT_TRUE(bench.asked_for_consent());
    EXPECT_EQ(bench.asked("redirect").size(), 1U) << "more than a consent cannot be asked for";
    EXPECT_TRUE(bench.nothing_stored());
}

TEST(SignIn, WarnsWhenSomebodyElseSignedIn) {
    SignInBench bench({tokens({{"id_token", test::jwt({{"email", "bob@example.test"}})}})});
    EXPECT_EQ(bench.run(), WFC_OK);
    EXPECT_EQ(bench.ready.document["account"]["signed_in_as"], "bob@example.test");
    EXPECT_THAT(bench.ready.document["warnings"].dump(), HasSubstr("bob@example.test signed in"));
}

TEST(SignIn, ThatNobodyFinishesInTimeIsToldAsThat) {
    SignInBench bench({});
    bench.ready.host.on_prompt([](std::string_view question, std::string& answer) {
        answer = R"({"problem":"no-time-left"})";
        return question.find("redirect_uri") == question.npos ? WFC_OK : WFC_UNAVAILABLE;
    });
    EXPECT_EQ(bench.failure().condition, "signin.no_time_left");
    EXPECT_TRUE(bench.nothing_stored());
}

TEST(SignIn, NeedsNobodyWhereTheApplicationSignsInByItself) {
    SignInBench bench({tokens({{"refresh_token", nullptr}, {"id_token", nullptr}})});
    bench.auth({{"provider", "custom"},
                {"grant", "client-credentials"},
                {"scopes", {"smtp"}},
                {"redirect_uri", nullptr},
                {"tokens", nullptr},
                {"endpoints", {{"authorize", nullptr}, {"device", nullptr}}}});
    EXPECT_EQ(bench.run(), WFC_OK);
    EXPECT_TRUE(bench.ready.host.questions_asked().empty());
    EXPECT_THAT(bench.server.form(), HasSubstr("grant_type=client_credentials"));
    EXPECT_EQ(bench.ready.document["account"]["signed_in"], true);
}

TEST(SignIn, IsForAccountsOfOAuthOnly) {
    test::ReadyCall ready("sign-in");
    EXPECT_EQ(test::facts_of([&] { ready.run(mailsend::sign_in); }).condition, "account.no_oauth");
}

TEST(SignIn, SaysWhichSecretOfTheApplicationIsMissingBeforeAnybodyIsAsked) {
    SignInBench bench({});
    bench.ready.host.secret_status("app", WFC_NOT_FOUND);
    const auto problem = test::problem_of([&] { bench.run(); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/auth/client_secret");
    EXPECT_TRUE(bench.asked("redirect").empty());
}

}  // namespace
