#include "operations/oauth_presets.hpp"

#include <gmock/gmock.h>

namespace {

using mailsend::oauth_endpoints;
using mailsend::oauth_scopes;
using mailsend::OAuthAuth;
using mailsend::scopes_withheld;
using mailsend::oauth::Provider;
using testing::ElementsAre;
using testing::IsEmpty;

OAuthAuth auth(const char* provider, const char* grant) {
    OAuthAuth out{};
    out.provider = provider;
    out.grant = grant;
    return out;
}

TEST(OAuthPresets, KnowGoogleAndMicrosoft) {
    const auto google = oauth_endpoints(auth("google", "authorization-code"));
    EXPECT_EQ(google.authorize, "https://accounts.google.com/o/oauth2/v2/auth");
    EXPECT_EQ(google.token, "https://oauth2.googleapis.com/token");
    EXPECT_EQ(google.revoke, "https://oauth2.googleapis.com/revoke");
    EXPECT_EQ(google.issuer, "https://accounts.google.com");
    const auto microsoft = oauth_endpoints(auth("microsoft", "authorization-code"));
    EXPECT_EQ(microsoft.token, "https://login.microsoftonline.com/common/oauth2/v2.0/token");
    EXPECT_EQ(microsoft.revoke, "");
}

TEST(OAuthPresets, FillInTheTenant) {
    OAuthAuth microsoft = auth("microsoft", "device-code");
    microsoft.tenant = "contoso.example";
    EXPECT_EQ(oauth_endpoints(microsoft).device,
              "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/devicecode");
}

TEST(OAuthPresets, GiveWayToTheEndpointsOfTheSettings) {
    OAuthAuth google = auth("google", "authorization-code");
    google.endpoints.token = "https://idp.example.test/token";
    const auto endpoints = oauth_endpoints(google);
    EXPECT_EQ(endpoints.token, "https://idp.example.test/token");
    EXPECT_EQ(endpoints.revoke, "") << "Google must not see the tokens of another server";
    EXPECT_EQ(endpoints.issuer, "");
    const auto custom = oauth_endpoints(auth("custom", "authorization-code"));
    EXPECT_EQ(custom.token, "");
}

TEST(OAuthPresets, AskForWhatSendingNeedsAndNoMore) {
    EXPECT_THAT(oauth_scopes(auth("google", "authorization-code")),
                ElementsAre("https://mail.google.com/", "openid", "email"));
    EXPECT_THAT(oauth_scopes(auth("microsoft", "authorization-code")),
                ElementsAre("https://outlook.office.com/SMTP.Send", "offline_access", "openid", "profile"));
    EXPECT_THAT(oauth_scopes(auth("microsoft", "refresh-token")),
                ElementsAre("https://outlook.office.com/SMTP.Send", "offline_access"));
    EXPECT_THAT(oauth_scopes(auth("microsoft", "client-credentials")),
                ElementsAre("https://outlook.office365.com/.default"));
    EXPECT_THAT(oauth_scopes(auth("google", "service-account")), ElementsAre("https://mail.google.com/"));
    EXPECT_THAT(oauth_scopes(auth("custom", "authorization-code")), IsEmpty());
    OAuthAuth own = auth("google", "authorization-code");
    own.scopes = {"x"};
    EXPECT_THAT(oauth_scopes(own), ElementsAre("x"));
}

TEST(OAuthPresets, SeeWhichScopesWereUnticked) {
    EXPECT_THAT(scopes_withheld(Provider::google, {"https://mail.google.com/", "openid", "email"},
                                {"openid", "https://www.googleapis.com/auth/userinfo.email"}),
                ElementsAre("https://mail.google.com/"));
    EXPECT_THAT(scopes_withheld(Provider::google, {"https://mail.google.com/", "openid"},
                                {"https://mail.google.com/"}),
                IsEmpty());
}

TEST(OAuthPresets, KnowMicrosoftsScopesByTheirLastPart) {
    const mailsend::oauth::Scopes asked = {"https://outlook.office.com/SMTP.Send", "offline_access"};
    EXPECT_THAT(scopes_withheld(Provider::microsoft, asked, {"https://outlook.office365.com/SMTP.Send"}),
                IsEmpty());
    EXPECT_THAT(scopes_withheld(Provider::microsoft, asked, {"https://graph.microsoft.com/Mail.Send"}),
                ElementsAre("https://outlook.office.com/SMTP.Send"));
    EXPECT_THAT(scopes_withheld(Provider::microsoft, {"https://outlook.office365.com/.default"}, {}),
                IsEmpty());
}

}  // namespace
