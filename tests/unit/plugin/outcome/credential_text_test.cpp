#include "outcome/credential_text.hpp"

#include <gtest/gtest.h>
#include <random>

namespace mailsend {
namespace {

TEST(CredentialsInAText, AreHiddenBehindAuthAndItsMechanism) {
    EXPECT_EQ(without_credentials("503 bad sequence: AUTH PLAIN AGFsaWNlAHNlY3JldA== after MAIL"),
              "503 bad sequence: AUTH PLAIN **** after MAIL");
    EXPECT_EQ(without_credentials("C: auth login YWxpY2U="), "C: auth login ****");
    EXPECT_EQ(without_credentials("AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB5YTI5LmEBAQ=="),
              "AUTH XOAUTH2 ****");
}

TEST(CredentialsInAText, AreNoWordsThatComeAfterAuth) {
    for (const char* text :
         {"535 AUTH LOGIN failed", "504 AUTH PLAIN mechanism not available", "AUTH PLAIN UNAVAILABLE",
          "535 Bearer token expired", "401 Authorization: Bearer", "Invalid password: expired",
          "530 5.7.0 Must issue a STARTTLS command first",
          "AADSTS7000222: The provided client secret keys are expired", "AAMkAGI2TG93AAA=", ""}) {
        EXPECT_EQ(without_credentials(text), text);
    }
}

TEST(CredentialsInAText, AreBase64ThatHoldsAUserNameWithAPasswordOrAToken) {
    EXPECT_EQ(without_credentials("unknown command \"AGFsaWNlAHNlY3JldA==\""), "unknown command \"****\"");
    EXPECT_EQ(
        without_credentials("500 dXNlcj1hbGljZUBleGFtcGxlLnRlc3QBYXV0aD1CZWFyZXIgdG9rZW4tb2YtYWxpY2UBAQ=="),
        "500 ****");
    EXPECT_EQ(without_credentials("cut: dXNlcj1hbGljZUBleGFtcGxlLnRlc3QBYXV0aD1CZWFyZXIgdG9rZW4tb2Y"),
              "cut: ****");
}

TEST(CredentialsInAText, AreTokensByTheirBeginning) {
    EXPECT_EQ(without_credentials("token ya29.a0AfH6SMBxyz-0123456789 refused"), "token **** refused");
    EXPECT_EQ(without_credentials("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl!"), "****!");
    EXPECT_EQ(without_credentials("refresh 1//0gabcdefghijklmnop"), "refresh ****");
    EXPECT_EQ(without_credentials("Authorization: Bearer c29tZS1vcGFxdWUtdG9rZW4x, then"),
              "Authorization: Bearer ****, then");
}

TEST(CredentialsInAText, AreTheValuesOfSecretsInFormsAndJson) {
    EXPECT_EQ(without_credentials("grant_type=refresh_token&client_secret=s3cr%20et&x=1"),
              "grant_type=refresh_token&client_secret=****&x=1");
    EXPECT_EQ(without_credentials(R"({"user": "alice", "password": "hunter22", "ok": 1})"),
              R"({"user": "alice", "password": "****", "ok": 1})");
    EXPECT_EQ(without_credentials(R"({\"access_token\":\"opaque-1\"})"), R"({\"access_token\":\"****\"})");
}

TEST(CredentialsInAText, AreNotTheErrorOfAChallenge) {
    const std::string challenge = "334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=";
    EXPECT_EQ(without_credentials(challenge), challenge);
    const std::string trace =
        "[SG2PEPF000B66CD.apcprd03.prod.outlook.com 2026-11-22T09:00:00.000Z 08DDF1A2B3C4D5E6]";
    EXPECT_EQ(without_credentials(trace), trace);
}

TEST(CredentialsInAText, AreLookedForInAnyBytes) {
    std::mt19937 random(5);
    for (int i = 0; i < 2000; ++i) {
        std::string text(random() % 200, '\0');
        for (char& c : text) c = static_cast<char>(random());
        text.insert(random() % (text.size() + 1), "auth plain ");
        EXPECT_LE(without_credentials(text).size(), text.size() * 2 + 8);
    }
}

}  // namespace
}  // namespace mailsend
