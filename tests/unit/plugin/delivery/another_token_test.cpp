// Which refusals of a login another access token may cure.
#include <gtest/gtest.h>

#include "delivery/sign_in.hpp"

namespace mailsend::delivery {
namespace {

Facts reply_to_auth(const std::string& line, const std::string& challenge = {}) {
    Facts facts;
    facts.stage = Stage::auth;
    facts.reply = Reply{std::stoi(line), {line}};
    facts.challenge = challenge;
    return facts;
}

TEST(AnotherToken, HelpsWhereTheTokenItselfIsRefused) {
    for (const char* line :
         {"535 5.7.8 no", "535 5.7.3 Authentication unsuccessful", "535 no", "550 5.7.1 no", "554 no"})
        EXPECT_TRUE(another_token_may_help(reply_to_auth(line))) << line;
    for (const char* status :
         {R"({"status":"400"})", R"({"status":"401"})", R"({"status":"invalid_token"})",
          R"({"error":"invalid_token"})", R"({"status":401})", R"({"status":"invalid_request"})"})
        EXPECT_TRUE(another_token_may_help(reply_to_auth("535 no", status))) << status;
    Facts given_up = reply_to_auth("501 cancelled", R"({"status":"401"})");
    given_up.condition = "auth.refused_in_challenge";
    EXPECT_TRUE(another_token_may_help(given_up)) << "the challenge was the refusal, 501 only ends it";
}

TEST(AnotherToken, HelpsWhereTheChallengeRefusedTheTokenHoweverTheServerLeaves) {
    for (const char* line : {"421 4.7.0 bye", "454 4.7.0 Temporary authentication failure"}) {
        for (const char* status : {R"({"status":"401"})", R"({"status":"invalid_token"})"})
            EXPECT_TRUE(another_token_may_help(reply_to_auth(line, status))) << line;
    }
}

TEST(AnotherToken, DoesNotHelpWhereSomethingElseIsWrong) {
    for (const char* line :
         {"454 4.7.0 busy", "432 later", "421 bye", "530 5.7.0 STARTTLS first", "534 5.7.9 too weak",
          "538 5.7.11 encrypt", "504 5.5.4 unknown", "500 5.5.2 Line too long", "501 5.5.2 what",
          "502 5.5.1 no", "503 5.5.1 no",
          "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
          "550 5.7.30 Basic authentication is not supported",
          "535 5.7.8 Error: authentication failed: Invalid base64 data in continued response"})
        EXPECT_FALSE(another_token_may_help(reply_to_auth(line))) << line;
    for (const char* status : {R"({"status":"insufficient_scope"})", R"({"status":"403"})"})
        EXPECT_FALSE(another_token_may_help(reply_to_auth("535 no", status))) << status;
    EXPECT_FALSE(another_token_may_help(reply_to_auth("454 4.7.0 busy", R"({"status":"busy"})")));
    EXPECT_FALSE(another_token_may_help(reply_to_auth("454 4.7.0 busy", "no object")));
    for (const char* condition :
         {"auth.no_mechanism", "auth.cleartext_forbidden", "conn.closed", "tls.timeout"})
        EXPECT_FALSE(another_token_may_help(Failure(Stage::auth, condition, "no").facts())) << condition;
    Facts at_mail = reply_to_auth("530 5.7.0 sign in first");
    at_mail.stage = Stage::mail;
    at_mail.reply = Reply{535, {"535 no"}};
    EXPECT_FALSE(another_token_may_help(at_mail)) << "nothing is done twice once MAIL was said";
}

}  // namespace
}  // namespace mailsend::delivery
