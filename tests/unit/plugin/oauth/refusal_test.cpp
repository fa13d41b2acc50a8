#include "oauth/refusal.hpp"

#include <gmock/gmock.h>

#include "answers.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* microsoft_body =
    R"({"error":"invalid_grant","error_description":)"
    R"("AADSTS700082: The refresh token has expired due to inactivity.\r\n)"
    R"(Trace ID: 0000-aa\r\nCorrelation ID: 1111-bb\r\nTimestamp: 2026-11-01 10:00:00Z",)"
    R"("error_codes":[700082],"timestamp":"2026-11-01 10:00:00Z","trace_id":"0000-aa",)"
    R"("correlation_id":"1111-bb","error_uri":"https://login.example.test/error?code=700082"})";

TEST(Refusal, SaysWhoRefusedAndWhyInOneSentence) {
    const Facts facts = test::refusal_of(
        test::answer(400,
                     R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})"),
        Provider::google);
    EXPECT_EQ(facts.stage, Stage::token);
    EXPECT_EQ(facts.condition, "token.refused");
    EXPECT_EQ(facts.provider, "gmail");
    EXPECT_EQ(
        facts.sentence,
        "the token endpoint oauth2.example.test refused: invalid_grant: Token has been expired or revoked");
    const std::map<std::string, std::string> details = {
        {"endpoint", "token"},
        {"host", "oauth2.example.test"},
        {"http_status", "400"},
        {"provider", "google"},
        {"oauth_error", "invalid_grant"},
        {"oauth_description", "Token has been expired or revoked."}};
    EXPECT_EQ(facts.details, details);
}

TEST(Refusal, KeepsTheNumbersThatMicrosoftsSupportAsksFor) {
    const Facts facts = test::refusal_of(test::answer(400, microsoft_body), Provider::microsoft);
    EXPECT_EQ(facts.provider, "microsoft365");
    EXPECT_EQ(
        facts.sentence,
        "the token endpoint oauth2.example.test refused: invalid_grant: AADSTS700082: The refresh token has "
        "expired due to inactivity");
    EXPECT_EQ(test::detail(facts, "aadsts"), "700082");
    EXPECT_EQ(test::detail(facts, "trace_id"), "0000-aa");
    EXPECT_EQ(test::detail(facts, "correlation_id"), "1111-bb");
    EXPECT_EQ(test::detail(facts, "oauth_timestamp"), "2026-11-01 10:00:00Z");
    EXPECT_EQ(test::detail(facts, "oauth_uri"), "https://login.example.test/error?code=700082");
    EXPECT_THAT(test::detail(facts, "oauth_description"),
                HasSubstr("inactivity. Trace ID: 0000-aa Correlation"));
}

TEST(Refusal, FindsThoseNumbersInTheTextWhereTheyStandNowhereElse) {
    const Facts facts = test::refusal_of(
        test::answer(
            401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret. )"
                 R"(Trace ID: t-1 Correlation ID: c-2 Timestamp: 2026-11-01 10:00:00Z","error_codes":[]})"),
        Provider::microsoft);
    EXPECT_EQ(test::detail(facts, "aadsts"), "7000215");
    EXPECT_EQ(test::detail(facts, "trace_id"), "t-1");
    EXPECT_EQ(test::detail(facts, "correlation_id"), "c-2");
    EXPECT_EQ(test::detail(facts, "oauth_timestamp"), "2026-11-01 10:00:00Z");
}

TEST(Refusal, TakesEveryErrorOfTheStandardsByItsName) {
    struct Case {
        const char* error;
        int status;
        const char* condition;
    };
    const Case cases[] = {
        {"invalid_request", 400, "token.refused"},
        {"invalid_client", 401, "token.refused"},
        {"invalid_grant", 400, "token.refused"},
        {"unauthorized_client", 400, "token.refused"},
        {"unsupported_grant_type", 400, "token.refused"},
        {"invalid_scope", 400, "token.refused"},
        {"unsupported_response_type", 400, "token.refused"},
        {"access_denied", 403, "token.refused"},
        {"authorization_pending", 400, "token.refused"},
        {"expired_token", 400, "token.refused"},
        {"invalid_token", 401, "token.refused"},
        {"insufficient_scope", 403, "token.refused"},
        {"interaction_required", 400, "token.refused"},
        {"consent_required", 400, "token.refused"},
        {"login_required", 400, "token.refused"},
        {"invalid_resource", 400, "token.refused"},
        {"deleted_client", 401, "token.refused"},
        {"admin_policy_enforced", 400, "token.refused"},
        {"org_internal", 403, "token.refused"},
        {"redirect_uri_mismatch", 400, "token.refused"},
        {"temporarily_unavailable", 400, "token.unavailable"},
        {"server_error", 400, "token.unavailable"},
        {"slow_down", 400, "token.unavailable"},
        {"rate_limit_exceeded", 403, "token.unavailable"},
        {"internal_failure", 400, "token.unavailable"},
        {"invalid_grant", 500, "token.unavailable"},
        {"invalid_request", 429, "token.unavailable"},
        {"invalid_grant", 200, "token.refused"},
    };
    for (const Case& one : cases) {
        const std::string body = R"({"error":")" + std::string(one.error) + "\"}";
        const Facts facts = test::refusal_of(test::answer(one.status, body));
        EXPECT_EQ(facts.condition, one.condition) << one.error << " " << one.status;
        EXPECT_EQ(test::detail(facts, "oauth_error"), one.error);
        EXPECT_EQ(test::detail(facts, "http_status"), std::to_string(one.status));
        EXPECT_THAT(facts.sentence, HasSubstr(one.error));
    }
}

TEST(Refusal, ReadsAnErrorAsGooglesApisSayIt) {
    const Facts facts = test::refusal_of(test::answer(
        403,
        R"({"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}})"));
    EXPECT_EQ(facts.condition, "token.refused");
    EXPECT_EQ(test::detail(facts, "oauth_error"), "PERMISSION_DENIED");
    EXPECT_EQ(test::detail(facts, "oauth_description"), "The caller does not have permission");
}

TEST(Refusal, WithoutJsonSpeaksOfItsStatus) {
    for (const char* body :
         {"", "Forbidden", "<html></html>", "[1]", "{}", R"({"error":null})", R"({"error":""})"}) {
        const Facts facts = test::refusal_of(test::answer(403, body));
        EXPECT_EQ(facts.condition, "token.refused") << body;
        EXPECT_EQ(facts.sentence, "the token endpoint oauth2.example.test refused with HTTP status 403");
        EXPECT_EQ(test::detail(facts, "oauth_error"), "(none)");
        EXPECT_EQ(test::detail(facts, "http_status"), "403");
    }
}

TEST(Refusal, ThatMayPassIsUnavailability) {
    for (const int status : {408, 429, 500, 502, 503, 504, 599}) {
        const Facts facts = test::refusal_of(test::answer(status, "<html>busy</html>"));
        EXPECT_EQ(facts.condition, "token.unavailable") << status;
        EXPECT_EQ(facts.sentence,
                  "the token endpoint oauth2.example.test is not available: it answered HTTP status " +
                      std::to_string(status));
        EXPECT_EQ(test::detail(facts, "retry_after_s"), "(none)");
    }
}

TEST(Refusal, SaysWhenToComeBack) {
    // test::now_unix_ms is 08:00:00.
    const std::pair<const char*, const char*> cases[] = {
        {"30", "30"},
        {"0", "0"},
        {"99999999999999999999", "86400"},
        {"86401", "86400"},
        {"Fri, 15 Jan 2027 08:01:30 GMT", "90"},
        {"Fri, 15 Jan 2027 07:00:00 GMT", "0"},
        {"Fri, 15 Jan 2038 07:00:00 GMT", "86400"},
        {"Fri, 31 Feb 2027 07:00:00 GMT", "(none)"},
        {"Fri, 15 Foo 2027 08:01:30 GMT", "(none)"},
        {"-5", "(none)"},
        {"soon", "(none)"},
        {"", "(none)"},
    };
    for (const auto& [header, seconds] : cases) {
        const Facts facts = test::refusal_of(test::answer(429, "", {{"retry-after", header}}));
        EXPECT_EQ(test::detail(facts, "retry_after_s"), seconds) << header;
    }
}

TEST(Refusal, NamesWhereARedirectPointsButNotItsQuery) {
    const std::pair<const char*, const char*> cases[] = {
        {"https://user:pw@other.example.test:99/login?ticket=t0psecret#f", "other.example.test"},
        {"//other.example.test/login", "other.example.test"},
        {"https://[::1]:4/x", "::1"},
        {"/login?next=https://evil.example.test/", "another place"},
        {"login", "another place"},
        {"", "another place"},
    };
    for (const int status : {301, 302, 303, 307, 308}) {
        for (const auto& [location, host] : cases) {
            const Facts facts = test::refusal_of(test::answer(status, "{}", {{"location", location}}));
            EXPECT_EQ(facts.condition, "token.redirected");
            EXPECT_EQ(facts.sentence, "the token endpoint oauth2.example.test points to " +
                                          std::string(host) + ", and redirects are not followed");
        }
    }
    EXPECT_EQ(test::refusal_of(test::answer(302, "")).condition, "token.redirected");
}

TEST(Refusal, BoundsWhatTheServerSaysAndKeepsItPrintable) {
    const Facts facts = test::refusal_of(
        test::answer(400, R"({"error":"a\u0007b","error_description":"x\u001b[31m\nsecond \u202eline )" +
                              std::string(20'000, 'y') + R"(","error_uri":"javascript:alert",
                     "trace_id"
                     : ")" + std::string(9'000, 'z') +
                              "\"}"));
    EXPECT_EQ(test::detail(facts, "oauth_error"), "a\\x07b");
    EXPECT_THAT(test::detail(facts, "oauth_description"), HasSubstr("x\\x1B[31m second \\u202Eline yyy"));
    EXPECT_LE(test::detail(facts, "oauth_description").size(), 1024U);
    EXPECT_LE(test::detail(facts, "trace_id").size(), 200U);
    EXPECT_LE(facts.sentence.size(), 1400U);
    EXPECT_EQ(test::detail(facts, "oauth_uri"), "(none)");
}

TEST(Refusal, RepeatsNoSecretOfTheRequest) {
    Form form;
    form.add("grant_type", "refresh_token").add("client_id", "public-client-id");
    for (const char* name : {"refresh_token", "code", "client_secret", "client_assertion", "assertion",
                             "code_verifier", "device_code", "token", "whatever_comes_next"})
        form.add(name, std::string("S3cr3t/of+") + name);
    form.add("password", "pin42");
    const Scrub scrub = Scrub::of_form(form.encoded());
    for (const char* name : {"refresh_token", "code", "client_secret", "client_assertion", "assertion",
                             "code_verifier", "device_code", "token", "whatever_comes_next"}) {
        const std::string value = std::string("S3cr3t/of+") + name;
        const Facts facts = test::refusal_of(
            test::answer(400, R"({"error":")" + value + R"(","error_description":"public-client-id sent )" +
                                  value + " or S3cr3t%2Fof%2B" + name +
                                  R"( or S3cr3t/of and pin42","trace_id":")" + value +
                                  R"(","error_uri":"https://example.test/)" + value + "\"}"),
            Provider::custom, scrub);
        EXPECT_THAT(facts.sentence, Not(HasSubstr("cr3t")));
        EXPECT_THAT(facts.sentence, Not(HasSubstr("pin42")));
        EXPECT_THAT(facts.sentence, HasSubstr("public-client-id sent ****"));
        for (const auto& [detail, text] : facts.details) EXPECT_THAT(text, Not(HasSubstr("cr3t"))) << detail;
    }
}

TEST(Refusal, RepeatsNothingThatLooksLikeSomebodysToken) {
    const Scrub scrub;
    EXPECT_EQ(
        scrub.applied(
            "got eyJhbGciOiJSUzI1NiJ9.e30.c2ln, id=ya29.a0AfH6SMBx_yz-12345 and 1//0gabcdefghijklmnop!"),
        "got ****, id=**** and ****!");
    EXPECT_EQ(scrub.applied("eyJ is how JSON begins; see https://example.test/1//x and keyJar"),
              "eyJ is how JSON begins; see https://example.test/1//x and keyJar");
}

}  // namespace
}  // namespace mailsend::oauth
