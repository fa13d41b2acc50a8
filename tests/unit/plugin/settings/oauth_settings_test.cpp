// What the settings of OAuth 2.0 become; which grant takes which member is in cases.json.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/settings.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using testing::ElementsAre;

Settings with_auth(const std::string& members) {
    return parse_settings(
        R"({"server":{"kind":"custom","host":"mail.example.test"},"auth":{"method":"oauth2",)" + members +
        "}}");
}

OAuthAuth oauth(const std::string& members) {
    return with_auth(members).oauth.value_or(OAuthAuth{});
}

/// Empty: there is none.
std::string name_of(const std::optional<SecretRef>& secret) {
    return secret.value_or(SecretRef{}).name;
}

TEST(OAuthSettings, StandInsteadOfAPassword) {
    const Settings settings = with_auth(
        R"("provider":"google","grant":"access-token","username":"mailbox@example.test","access_token":{"$secret":"access"})");
    EXPECT_FALSE(settings.auth);
    ASSERT_TRUE(settings.oauth);
    EXPECT_EQ(settings.oauth->provider, "google");
    EXPECT_EQ(settings.oauth->grant, "access-token");
    EXPECT_EQ(settings.oauth->username, "mailbox@example.test");
    EXPECT_EQ(name_of(settings.oauth->access_token), "access");
    EXPECT_FALSE(settings.oauth->expires_at);
    EXPECT_FALSE(settings.oauth->tokens);
    EXPECT_FALSE(settings.oauth->allow_cleartext);
    EXPECT_THAT(settings.oauth->scopes, ElementsAre());
}

TEST(OAuthSettings, CarryEveryMemberOfASignIn) {
    const OAuthAuth auth = oauth(R"("provider":"google","grant":"authorization-code",
        "username":"shared@example.test","sign_in_as":"alice@example.test","client_id":"id",
        "client_secret":{"$secret":"client"},"client_secret_expires":"2027-05-01",
        "redirect_uri":"http://LOCALHOST:48888/Callback","tokens":{"$secret":"sign-in"},
        "scopes":["https://mail.google.com/","openid"],"publishing":"production","allow_cleartext":true,
        "endpoints":{"authorize":"https://a.test/1","token":"https://a.test/2","device":"https://a.test/3",
                     "revoke":"https://a.test/4","issuer":"https://a.test"})");
    EXPECT_EQ(auth.sign_in_as, "alice@example.test");
    EXPECT_EQ(auth.client_id, "id");
    EXPECT_EQ(name_of(auth.client_secret), "client");
    EXPECT_FALSE(auth.certificate);
    using namespace std::chrono;
    EXPECT_EQ(auth.client_secret_expires, sys_days(year(2027) / May / 1));
    EXPECT_EQ(auth.redirect_uri, "http://LOCALHOST:48888/Callback");
    EXPECT_EQ(name_of(auth.tokens), "sign-in");
    EXPECT_THAT(auth.scopes, ElementsAre("https://mail.google.com/", "openid"));
    EXPECT_EQ(auth.publishing, "production");
    EXPECT_TRUE(auth.allow_cleartext);
    EXPECT_EQ(auth.endpoints.authorize, "https://a.test/1");
    EXPECT_EQ(auth.endpoints.token, "https://a.test/2");
    EXPECT_EQ(auth.endpoints.device, "https://a.test/3");
    EXPECT_EQ(auth.endpoints.revoke, "https://a.test/4");
    EXPECT_EQ(auth.endpoints.issuer, "https://a.test");
}

TEST(OAuthSettings, CarryWhatOtherGrantsNeed) {
    const OAuthAuth application = oauth(R"("provider":"microsoft","grant":"client-credentials",
        "username":"a@example.test","client_id":"id","certificate":{"$secret":"cert"},"tenant":"example.test")");
    EXPECT_EQ(name_of(application.certificate), "cert");
    EXPECT_EQ(application.tenant, "example.test");

    const OAuthAuth service =
        oauth(R"("provider":"google","grant":"service-account","username":"a@example.test",
        "service_client":"mailer@project.iam.gserviceaccount.com","private_key":{"$secret":"key"})");
    EXPECT_EQ(service.service_client, "mailer@project.iam.gserviceaccount.com");
    EXPECT_EQ(name_of(service.private_key), "key");

    const OAuthAuth supplied =
        oauth(R"("provider":"google","grant":"refresh-token","username":"a@example.test",
        "client_id":"id","refresh_token":{"$secret":"refresh"},"access_token":{"$secret":"access"},
        "expires_at":"1970-01-02T09:00:00+09:00")");
    EXPECT_EQ(name_of(supplied.refresh_token), "refresh");
    EXPECT_EQ(name_of(supplied.access_token), "access");
    EXPECT_EQ(supplied.expires_at, 86'400);
}

}  // namespace
}  // namespace mailsend
