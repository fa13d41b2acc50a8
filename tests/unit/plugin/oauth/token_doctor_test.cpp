#include "oauth/token_doctor.hpp"

#include <gtest/gtest.h>

#include "crypto/base64url.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::int64_t now = 1'700'000'000;
constexpr const char* tenant = "11111111-2222-3333-4444-55555555aaaa";
constexpr const char* signature = "c2lnbmF0dXJlLXRoYXQtbXVzdC1uZXZlci1zaG93";

std::string jwt(const std::string& claims) {
    return crypto::base64url_encode(R"({"alg":"RS256","typ":"JWT"})") + "." +
           crypto::base64url_encode(claims) + "." + signature;
}

TokenNeeds microsoft() {
    TokenNeeds needs;
    needs.provider = Provider::microsoft;
    needs.username = "shared@example.test";
    needs.tenant = tenant;
    needs.scopes = {"https://outlook.office.com/SMTP.Send", "offline_access"};
    needs.now_unix_s = now;
    return needs;
}

TokenNeeds custom() {
    TokenNeeds needs;
    needs.username = "alice@example.test";
    needs.scopes = {"openid", "offline_access", "smtp"};
    needs.now_unix_s = now;
    return needs;
}

/// The details of the finding, empty where there is none; fails when the token shows in them.
std::map<std::string, std::string> details(const std::string& claims, const TokenNeeds& needs) {
    const std::string token = jwt(claims);
    const auto finding = examine(token, needs);
    if (!finding) return {};
    EXPECT_EQ(finding->details.at("token_fault"), finding->fault);
    for (const auto& [name, value] : finding->details) {
        EXPECT_EQ(value.find(signature), std::string::npos) << name;
        EXPECT_EQ(value.find(token.substr(0, 20)), std::string::npos) << name;
        EXPECT_LE(value.size(), 200u) << name;
    }
    return finding->details;
}

std::string fault(const std::string& claims, const TokenNeeds& needs) {
    const auto all = details(claims, needs);
    return all.empty() ? "" : all.at("token_fault");
}

const std::string good =
    R"({"aud":"https://outlook.office.com","scp":"IMAP.AccessAsUser.All SMTP.Send","exp":1700003600,)"
    R"("nbf":1699999900,"tid":"11111111-2222-3333-4444-55555555AAAA","upn":"Shared@example.test"})";

TEST(TokenDoctor, FindsNothingWhereNoClaimContradicts) {
    EXPECT_EQ(fault(good, microsoft()), "");
    EXPECT_EQ(fault("{}", microsoft()), "");
    EXPECT_EQ(fault("{}", custom()), "");
    EXPECT_EQ(fault(R"({"aud":7,"scp":7,"roles":{},"exp":"x","nbf":null,"tid":[],"upn":1})", microsoft()),
              "");
}

TEST(TokenDoctor, SaysNothingOfAnOpaqueToken) {
    for (const char* const token : {"", "ya29.opaque", "EwB4A8l6BAAU", "a.b.c", "..", "e30.W10.x"}) {
        EXPECT_FALSE(examine(token, microsoft())) << token;
        EXPECT_FALSE(examine(token, custom())) << token;
    }
}

TEST(TokenDoctor, SaysNothingOfGooglesTokens) {
    TokenNeeds needs = microsoft();
    needs.provider = Provider::google;
    EXPECT_EQ(fault(R"({"aud":"https://graph.microsoft.com","exp":1})", needs), "");
}

TEST(TokenDoctor, NamesAnAudienceThatIsNotTheMailServer) {
    for (const char* const graph : {"https://graph.microsoft.com", "https://graph.microsoft.com/",
                                    "00000003-0000-0000-c000-000000000000"}) {
        const auto all = details(std::string(R"({"exp":1,"aud":")") + graph + "\"}", microsoft());
        EXPECT_EQ(all.at("token_fault"), "audience") << "comes before the others";
        EXPECT_EQ(all.at("token_audience"), "Microsoft Graph");
        EXPECT_EQ(all.at("needed_scope"), "https://outlook.office.com/SMTP.Send");
    }
    EXPECT_EQ(details(R"({"aud":"api://mine\n"})", microsoft()).at("token_audience"), "api://mine?");
    EXPECT_EQ(fault(R"({"aud":")" + std::string(5000, 'a') + "\"}", microsoft()), "audience");
    for (const char* const right : {"https://outlook.office.com/", "https://outlook.office365.com",
                                    "00000002-0000-0ff1-ce00-000000000000", "https://partner.outlook.cn"})
        EXPECT_EQ(fault(std::string(R"({"aud":")") + right + "\"}", microsoft()), "") << right;
    EXPECT_EQ(fault(R"({"aud":["https://graph.microsoft.com","https://outlook.office.com"]})", microsoft()),
              "");
}

TEST(TokenDoctor, MissesThePermissionOfAPerson) {
    const auto all =
        details(R"({"aud":"https://outlook.office.com","scp":"Mail.Send User.Read"})", microsoft());
    EXPECT_EQ(all.at("token_fault"), "scope");
    EXPECT_EQ(all.at("token_scopes"), "Mail.Send User.Read");
    EXPECT_EQ(all.at("needed_scope"), "https://outlook.office.com/SMTP.Send");
    TokenNeeds other = microsoft();
    other.scopes = {"offline_access", "https://outlook.office365.com/SMTP.Send"};
    EXPECT_EQ(details(R"({"scp":""})", other).at("needed_scope"), "https://outlook.office365.com/SMTP.Send");
}

TEST(TokenDoctor, MissesTheRoleOfAnApplicationUnlessItHasNoneAtAll) {
    TokenNeeds application = microsoft();
    application.application = true;
    application.scopes = {"https://outlook.office365.com/.default"};
    const auto all = details(R"({"roles":["Mail.Send","full_access_as_app"]})", application);
    EXPECT_EQ(all.at("token_fault"), "role");
    EXPECT_EQ(all.at("token_scopes"), "Mail.Send full_access_as_app");
    EXPECT_EQ(all.at("needed_scope"), "SMTP.SendAsApp");
    EXPECT_EQ(fault(R"({"roles":["SMTP.SendAsApp"]})", application), "");
    EXPECT_EQ(fault(R"({"roles":[]})", application), "");
    EXPECT_EQ(fault(R"({"aud":"https://outlook.office365.com"})", application), "");
    EXPECT_EQ(details(R"({"aud":"https://graph.microsoft.com"})", application).at("needed_scope"),
              "https://outlook.office365.com/.default");
    EXPECT_EQ(fault(R"({"roles":["Mail.Send"]})", microsoft()), "role")
        << "a supplied token of an application";
}

TEST(TokenDoctor, BearsClocksThatDifferByFiveMinutes) {
    EXPECT_EQ(fault(R"({"exp":1699999700})", custom()), "");
    const auto expired = details(R"({"exp":1699999699})", custom());
    EXPECT_EQ(expired.at("token_fault"), "expired");
    EXPECT_EQ(expired.at("token_time"), "2023-11-14T22:08:19Z");
    EXPECT_EQ(fault(R"({"nbf":1700000300})", custom()), "");
    EXPECT_EQ(fault(R"({"nbf":1700000301.5})", custom()), "not_yet_valid");
    EXPECT_EQ(fault(R"({"exp":1e300})", custom()), "");
    EXPECT_EQ(fault(R"({"exp":-1})", custom()), "");
}

TEST(TokenDoctor, ComparesDirectoriesOnlyByTheirIds) {
    const std::string elsewhere = R"({"tid":"99999999-2222-3333-4444-555555555555","upn":"x@example.test"})";
    const auto all = details(elsewhere, microsoft());
    EXPECT_EQ(all.at("token_fault"), "tenant");
    EXPECT_EQ(all.at("token_tenant"), "99999999-2222-3333-4444-555555555555");
    for (const char* const name : {"", "common", "example.onmicrosoft.com"}) {
        TokenNeeds needs = microsoft();
        needs.tenant = name;
        EXPECT_EQ(fault(elsewhere, needs), "user") << name;
    }
}

TEST(TokenDoctor, NamesTheUserOfTheTokenLast) {
    for (const char* const claim : {"upn", "unique_name", "preferred_username"}) {
        const auto all = details(std::string(R"({")") + claim + R"(":"alice@example.test"})", microsoft());
        EXPECT_EQ(all.at("token_fault"), "user") << claim;
        EXPECT_EQ(all.at("token_user"), "alice@example.test");
    }
    EXPECT_EQ(fault(R"({"exp":1,"upn":"alice@example.test"})", microsoft()), "expired");
    TokenNeeds nobody = microsoft();
    nobody.username.clear();
    EXPECT_EQ(fault(R"({"upn":"alice@example.test"})", nobody), "");
}

TEST(TokenDoctor, LetsSomebodyElseSignInForASharedMailbox) {
    TokenNeeds needs = microsoft();
    needs.sign_in_as = "Alice@example.test";
    EXPECT_EQ(fault(R"({"upn":"alice@example.test"})", needs), "");
    EXPECT_EQ(fault(R"({"upn":"shared@example.test"})", needs), "");
    EXPECT_EQ(fault(R"({"upn":"bob@example.test"})", needs), "user");
}

TEST(TokenDoctor, JudgesNoAudienceAndNoUserOfOtherServers) {
    EXPECT_EQ(fault(R"({"aud":"x","upn":"bob@example.test","tid":"y","scope":"smtp"})", custom()), "");
    const auto all = details(R"({"scope":"imap openid"})", custom());
    EXPECT_EQ(all.at("token_fault"), "scope");
    EXPECT_EQ(all.at("needed_scope"), "smtp") << "not those of the authorization server itself";
    EXPECT_EQ(all.at("token_scopes"), "imap openid");
    EXPECT_EQ(fault(R"({"scp":["imap","smtp"]})", custom()), "");
    EXPECT_EQ(fault(R"({"scp":["imap"]})", custom()), "scope");
}

TEST(TokenDoctor, BearsClaimsThatAreNoObjectOrTooDeep) {
    EXPECT_FALSE(examine(jwt("[1]"), custom()));
    EXPECT_FALSE(examine(jwt(std::string(40, '[') + std::string(40, ']')), custom()));
    EXPECT_FALSE(examine(jwt(R"({"exp":1,"exp":2})"), custom()));
}

}  // namespace
}  // namespace mailsend::oauth
