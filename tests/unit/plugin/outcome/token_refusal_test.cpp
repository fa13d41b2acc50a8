// What the document says of an access token that was refused, and of an authorization server that refused
// one.
#include "outcome/token_refusal.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "outcome/document.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

Facts token_failure() {
    return Failure(Stage::token, "token.refused", "the token endpoint refused: invalid_grant: expired")
        .with("oauth_error", "invalid_grant")
        .with("oauth_description", "AADSTS50173: expired")
        .with("oauth_uri", "https://login.example.test/error?code=50173")
        .with("aadsts", "50173")
        .with("trace_id", "t-1")
        .with("correlation_id", "c-1")
        .with("oauth_timestamp", "2026-11-22 09:00:00Z")
        .with("http_status", "400")
        .with("endpoint", "token")
        .facts();
}

Error error_of(Facts facts) {
    Diagnosis diagnosis;
    diagnosis.id = "some.id";
    return {std::move(facts), std::move(diagnosis)};
}

TEST(OAuthObject, SaysWhatTheAuthorizationServerSaid) {
    EXPECT_EQ(json(oauth_object(token_failure())),
              json::parse(R"({"error":"invalid_grant","description":"AADSTS50173: expired",
                "uri":"https://login.example.test/error?code=50173","codes":[50173],"trace_id":"t-1",
                "correlation_id":"c-1","timestamp":"2026-11-22 09:00:00Z","http_status":400,"endpoint":"token"})"));
}

TEST(OAuthObject, IsThereOnlyWhereAnAuthorizationServerAnswered) {
    EXPECT_TRUE(oauth_object(Failure(Stage::connect, "conn.refused", "no").with("endpoint", "token").facts())
                    .is_null());
    EXPECT_EQ(json(oauth_object(
                  Failure(Stage::token, "token.unavailable", "no").with("http_status", "503").facts())),
              json::parse(R"({"http_status":503})"));
}

TEST(OAuthObject, LeavesOutWhatDoesNotFitItsPlace) {
    const json out = oauth_object(Failure(Stage::token, "token.refused", "no")
                                      .with("oauth_error", std::string("\x1b") + std::string(9000, 'x'))
                                      .with("aadsts", "50173, 99999999999999999999 x70008")
                                      .with("http_status", "many")
                                      .with("endpoint", "elsewhere")
                                      .facts());
    EXPECT_EQ(out["codes"], json::parse("[50173,70008]"));
    EXPECT_TRUE(out["error"].get<std::string>().starts_with("\\x1Bxxx"));
    EXPECT_LE(out["error"].get<std::string>().size(), 2048u);
    EXPECT_EQ(out.size(), 2u);
}

TEST(ErrorObject, HasTheChallengeBesideTheReplyItLedTo) {
    Facts facts;
    facts.stage = Stage::auth;
    facts.reply = Reply{535, {"535 5.7.8 no"}};
    facts.challenge = R"({"status":"401"})";
    EXPECT_EQ(json(to_json(error_of(facts)))["smtp"]["challenge"], json::parse(R"({"status":"401"})"));
    facts.challenge = "no JSON";
    EXPECT_EQ(json(to_json(error_of(facts)))["smtp"]["challenge"], "no JSON");
    facts.challenge.clear();
    EXPECT_FALSE(to_json(error_of(facts))["smtp"].contains("challenge"));
}

TEST(ErrorObject, ChainsWhatHadGoneWrongBefore) {
    Facts facts;
    facts.stage = Stage::auth;
    facts.reply = Reply{535, {"535 5.7.8 no"}};
    Error error = error_of(facts);
    error.cause = std::make_shared<const Error>(error_of(token_failure()));
    const json out = to_json(error);
    EXPECT_EQ(out["message"], "MailSend: failed to send mail: 535 5.7.8 no");
    EXPECT_EQ(out["cause"]["stage"], "token");
    EXPECT_EQ(out["cause"]["oauth"]["error"], "invalid_grant");
    EXPECT_EQ(out["cause"]["message"],
              "MailSend: failed to send mail: the token endpoint refused: invalid_grant: expired");
    EXPECT_FALSE(out.contains("oauth"));
    EXPECT_FALSE(out["cause"].contains("cause"));
}

}  // namespace
}  // namespace mailsend
