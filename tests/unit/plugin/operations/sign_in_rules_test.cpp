#include "settings_cases.hpp"

namespace {

using namespace test;

TEST(SignInRules, TellASignInThatTheServerWillNotTake) {
    expect_said({
        {{preset("outlook"), account("alice@outlook.com")},
         "error /auth/method",
         "since 16 September 2024",
         "2024年9月16日から"},
        {{preset("outlook"), no_sign_in}, "error /auth", "Choose the method \"oauth2\"", "\"oauth2\"にして"},
        {{preset("microsoft365"), account("alice@hotmail.co.jp")},
         "error /auth/method",
         "since 16 September 2024",
         "2024年9月16日から"},
        {{preset("microsoft365"), account("alice@hotmail.ke")},
         "warning /auth/method",
         "looks like a mailbox of Outlook.com",
         "Outlook.comのメールボックスのようです"},
        {{preset("microsoft365")},
         "warning /auth/method",
         "announced in the second half of 2027",
         "2027年後半に発表"},
        {{preset("microsoft365")},
         "warning /auth/method",
         "off unless Microsoft says otherwise",
         "Microsoftが別に案内しない限り無効"},
        {{host("smtp.office365.com")},
         "warning /auth/method",
         "end of December 2026",
         "2026年12月末",
         {},
         february_2027},
        {{preset("microsoft365")},
         "warning /auth/method",
         "announced in the second half of 2027",
         "2027年後半に発表",
         {},
         february_2027},
        {{preset("gmail"), no_sign_in},
         "warning /auth",
         "Write the method \"password\"",
         "サインインしないと"},
        {{preset("gmail"), user("alice")},
         "warning /auth/username",
         "with @ and the domain",
         "@とドメインまで"},
        {{preset("yahoo-jp"), user("alice@yahoo.co.jp")},
         "warning /auth/username",
         "Write \"alice\"",
         "「alice」にして"},
        {{preset("sendgrid")}, "warning /auth/username", "Write \"apikey\"", "「apikey」にして"},
    });
}

json code(const char* provider, const char* address) {
    return {{"auth",
             {{"method", "oauth2"},
              {"provider", provider},
              {"grant", "authorization-code"},
              {"username", address},
              {"password", nullptr},
              {"client_id", "c"},
              {"redirect_uri", "http://localhost:48888/callback"},
              {"tokens", {{"$secret", "tokens"}}}}},
            {"from", address}};
}
json auth(const char* member, const json& value) {
    return {{"auth", {{member, value}}}};
}

TEST(SignInRules, TellOAuthThatCannotWorkBeforeAnybodySignsIn) {
    expect_said({
        {{preset("sendgrid"), code("google", "a@example.test")},
         "error /auth/method",
         "does not take OAuth2",
         "OAuth2を使えません"},
        {{preset("microsoft365"), code("google", "a@example.test")},
         "error /auth/provider",
         "means nothing to it",
         "通用しません"},
        {{preset("gmail"), code("microsoft", "a@example.test")},
         "error /auth/provider",
         "means nothing to it",
         "通用しません"},
        {{preset("microsoft365"), code("microsoft", "a@example.test"),
          auth("redirect_uri", "http://127.0.0.1:48888/callback")},
         "warning /auth/redirect_uri",
         "only its manifest editor does",
         "マニフェストの編集"},
        {{preset("microsoft365"), code("microsoft", "a@example.test"),
          auth("redirect_uri", "http://[::1]:48888/callback")},
         "error /auth/redirect_uri",
         "no redirect URI with an IPv6 address",
         "IPv6"},
        {{preset("microsoft365"), code("microsoft", "a@example.test"),
          auth("scopes", {"https://graph.microsoft.com/Mail.Send", "offline_access"})},
         "error /auth/scopes",
         "SMTP.Send",
         "SMTP.Send"},
        {{preset("gmail"), code("google", "a@example.test"),
          auth("scopes", {"https://www.googleapis.com/auth/gmail.send"})},
         "error /auth/scopes",
         "https://mail.google.com/",
         "https://mail.google.com/"},
        {{preset("outlook"), code("microsoft", "alice@outlook.com"), auth("tenant", "contoso.example")},
         "warning /auth/tenant",
         "\"consumers\"",
         "\"consumers\""},
    });
}

TEST(SignInRules, LeaveOAuthAloneThatFits) {
    for (const auto& [server, provider] :
         {std::pair{"gmail", "google"}, std::pair{"microsoft365", "microsoft"},
          std::pair{"outlook", "microsoft"}}) {
        json all = preset(server);
        all.update(
            code(provider, provider == std::string("google") ? "a@example.test" : "alice@outlook.com"));
        EXPECT_THAT(found({all}), testing::Not(testing::Contains(testing::HasSubstr("/auth")))) << server;
    }
}

}  // namespace
