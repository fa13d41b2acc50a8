#include "oauth/token_endpoint.hpp"

#include <gmock/gmock.h>

#include "answers.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TokenAnswer read(const std::string& body) {
    return read_token_answer(test::answer(200, body), test::asked(), {});
}

/// A whole answer with `member` besides what is needed.
std::string with(const std::string& member) {
    return R"({"access_token":"at","token_type":"Bearer",)" + member + "}";
}

TEST(TokenAnswer, HoldsWhatTheServerSaid) {
    const TokenAnswer tokens = read(R"({"access_token":"ya29.a-b_c~+/=","token_type":"bEaReR",
        "refresh_token":"1//x y","expires_in":3599,"refresh_token_expires_in":604799,
        "scope":"https://mail.google.com/ openid","unknown":{"a":[1]}})");
    EXPECT_EQ(tokens.access_token.reveal(), "ya29.a-b_c~+/=");
    EXPECT_EQ(tokens.refresh_token.reveal(), "1//x y");
    EXPECT_EQ(tokens.expires_in_s, 3599);
    EXPECT_EQ(tokens.refresh_expires_in_s, 604799);
    ASSERT_TRUE(tokens.scopes);
    EXPECT_THAT(*tokens.scopes, ElementsAre("https://mail.google.com/", "openid"));
    EXPECT_EQ(tokens.id_claims, "");
}

TEST(TokenAnswer, LeavesOutWhatTheServerDidNotSay) {
    const TokenAnswer tokens = read(R"({"access_token":"at","token_type":"Bearer","refresh_token":null})");
    EXPECT_TRUE(tokens.refresh_token.empty());
    EXPECT_FALSE(tokens.scopes);
    EXPECT_FALSE(tokens.expires_in_s);
    EXPECT_FALSE(tokens.refresh_expires_in_s);
}

TEST(TokenAnswer, ReadsTheClaimsOfAnIdTokenWithoutAProof) {
    // {"alg":"none"} . {"email":"a@example.test"} . x
    const TokenAnswer tokens =
        read(with(R"("id_token":"eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImFAZXhhbXBsZS50ZXN0In0.eA")"));
    EXPECT_EQ(tokens.id_claims, R"({"email":"a@example.test"})");
    EXPECT_EQ(read(with(R"("id_token":"opaque")")).id_claims, "");
}

TEST(TokenAnswer, TakesLifetimesInEveryShapeAndIgnoresNonsense) {
    constexpr std::int64_t ten_years_s = 315'360'000;
    const auto life = [](const std::string& value) {
        return read(with("\"expires_in\":" + value)).expires_in_s;
    };
    EXPECT_EQ(life("0"), 0);
    EXPECT_EQ(life("\"3600\""), 3600);
    EXPECT_EQ(life("3600.9"), 3600);
    EXPECT_EQ(life("1e300"), ten_years_s);
    EXPECT_EQ(life("18446744073709551615"), ten_years_s);
    EXPECT_EQ(life("\"99999999999999999999999\""), ten_years_s);
    for (const char* nonsense : {"-1", "-1e300", "\"-5\"", "\"\"", "\"1 h\"", "true", "[]", "{}", "null"})
        EXPECT_EQ(life(nonsense), std::nullopt) << nonsense;
}

TEST(TokenAnswer, TakesAListOfScopesInEveryShape) {
    EXPECT_THAT(*read(with(R"("scope":"  a   b ")")).scopes, ElementsAre("a", "b"));
    EXPECT_THAT(*read(with(R"("scope":["a","b",3])")).scopes, ElementsAre("a", "b"));
    EXPECT_FALSE(read(with(R"("scope":"")")).scopes);
    EXPECT_FALSE(read(with(R"("scope":7)")).scopes);
}

TEST(TokenAnswer, ThatIsNoneIsGarbageAndSaysWhy) {
    struct Case {
        std::string body;
        std::string why;
    };
    const Case cases[] = {
        {"", "is not valid JSON"},
        {"<html>ya29.secretsecret</html>", "is not valid JSON"},
        {"[]", "is no JSON object"},
        {"\"at\"", "is no JSON object"},
        {R"({"access_token":"at","access_token":"at2","token_type":"Bearer"})", "a member stands twice"},
        {std::string(40, '[') + std::string(40, ']'), "nests deeper than 16 levels"},
        {"{\"a\":\"\xff\"}", "is not valid JSON"},
        {R"({"token_type":"Bearer"})", "has no access_token"},
        {R"({"access_token":"","token_type":"Bearer"})", "has no access_token"},
        {R"({"access_token":7,"token_type":"Bearer"})", "has no access_token"},
        {R"({"access_token":"at"})", "has no token_type"},
        {R"({"access_token":"at","token_type":"mac"})", "has a token_type other than Bearer"},
        {R"({"access_token":"at","token_type":"Bearer2"})", "has a token_type other than Bearer"},
        {R"({"access_token":"a\u0001b","token_type":"Bearer"})", "has characters in access_token"},
        {R"({"access_token":"a b","token_type":"Bearer"})", "has characters in access_token"},
        {R"({"access_token":"a\r\nb","token_type":"Bearer"})", "has characters in access_token"},
        {R"({"access_token":"aé","token_type":"Bearer"})", "has characters in access_token"},
        {with(R"("refresh_token":"a\nb")"), "has characters in refresh_token"},
    };
    for (const Case& one : cases) {
        const Facts facts = test::refusal_of(test::answer(200, one.body));
        EXPECT_EQ(facts.condition, "token.garbage") << one.body;
        EXPECT_EQ(facts.stage, Stage::token);
        EXPECT_THAT(facts.sentence,
                    HasSubstr("the token endpoint oauth2.example.test answered with something that"));
        EXPECT_THAT(facts.sentence, HasSubstr(one.why));
        EXPECT_THAT(facts.sentence, Not(HasSubstr("secret")));
        EXPECT_EQ(test::detail(facts, "http_status"), "200");
    }
}

TEST(TokenAnswer, WithAnotherStatusThan200IsGarbage) {
    for (const int status : {201, 202, 204}) {
        const Facts facts =
            test::refusal_of(test::answer(status, R"({"access_token":"at","token_type":"Bearer"})"));
        EXPECT_EQ(facts.condition, "token.garbage");
        EXPECT_THAT(facts.sentence, HasSubstr("HTTP status " + std::to_string(status)));
    }
}

TEST(TokenAnswer, MayHoldTokensOf16KiBAndNoLonger) {
    const auto body = [](std::size_t size, const char* name) {
        const std::string other = std::string(name) == "access_token" ? "" : R"("access_token":"at",)";
        return "{" + other + "\"" + name + "\":\"" + std::string(size, 'x') + R"(","token_type":"Bearer"})";
    };
    EXPECT_EQ(read(body(16384, "access_token")).access_token.size(), 16384U);
    EXPECT_EQ(read(body(16384, "refresh_token")).refresh_token.size(), 16384U);
    for (const char* name : {"access_token", "refresh_token"}) {
        const Facts facts = test::refusal_of(test::answer(200, body(16385, name)));
        EXPECT_EQ(facts.condition, "token.too_large");
        EXPECT_THAT(facts.sentence, HasSubstr(name));
        EXPECT_THAT(facts.sentence, Not(HasSubstr("xxx")));
    }
}

TEST(Grant, IsDeadOnlyWhereTheServerSaysThatItIs) {
    const auto dead = [](int status, const std::string& error) {
        return grant_is_dead(test::refusal_of(test::answer(status, R"({"error":")" + error + "\"}")));
    };
    for (const char* error : {"invalid_grant", "interaction_required", "consent_required", "login_required"})
        EXPECT_TRUE(dead(400, error)) << error;
    for (const char* error : {"invalid_client", "unauthorized_client", "invalid_request", "invalid_scope",
                              "unsupported_grant_type", "access_denied", "temporarily_unavailable",
                              "server_error", "invalid_resource", "Invalid_grant", ""})
        EXPECT_FALSE(dead(400, error)) << error;
    EXPECT_FALSE(dead(503, "invalid_grant")) << "a broken server's word is not final";
    EXPECT_FALSE(dead(429, "invalid_grant"));

    Facts network;
    network.condition = "conn.refused";
    EXPECT_FALSE(grant_is_dead(network));
    Facts microsoft;
    microsoft.condition = "token.refused";
    microsoft.details = {{"oauth_error", "invalid_grant"}, {"aadsts", "50000"}};
    EXPECT_FALSE(grant_is_dead(microsoft)) << "a fault of Microsoft's own";
    microsoft.details["aadsts"] = "50196";
    EXPECT_FALSE(grant_is_dead(microsoft)) << "asked too often";
    microsoft.details["aadsts"] = "700082";
    EXPECT_TRUE(grant_is_dead(microsoft));
}

}  // namespace
}  // namespace mailsend::oauth
