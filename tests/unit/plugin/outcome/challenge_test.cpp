#include "outcome/challenge.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mailsend {
namespace {

using nlohmann::json;

json value(std::string_view challenge) {
    return challenge_value(challenge);
}

TEST(Challenge, ShowsTheMembersThatAreKnown) {
    EXPECT_EQ(value(R"({"status":"401","schemes":"bearer","scope":"https://mail.google.com/","secret":"x"})"),
              json::parse(R"({"status":"401","schemes":"bearer","scope":"https://mail.google.com/"})"));
    EXPECT_EQ(value(R"({"status":"invalid_token","openid-configuration":"https://a.test/c","error":"e",
                        "error_description":"d"})"),
              json::parse(R"({"status":"invalid_token","openid-configuration":"https://a.test/c","error":"e",
                              "error_description":"d"})"));
}

TEST(Challenge, IsTheTextWhereItIsNoSuchObject) {
    for (const char* text : {"e=invalid", "[1]", "{", R"({"x":1})", R"({"status":"1","status":"2"})",
                             R"({"status":1e999})", "[[[[[[[[[[[[[[[["}) {
        EXPECT_EQ(value(text), json(text));
    }
}

TEST(Challenge, HasPrintableAndBoundedValues) {
    EXPECT_EQ(value(R"({"status":"\u001b[2J"})")["status"], "\\x1B[2J");
    EXPECT_EQ(value("a\nb"), "a\\x0Ab");
    EXPECT_LE(value(R"({"scope":")" + std::string(3000, 'x') + R"("})")["scope"].get<std::string>().size(),
              1024u);
    EXPECT_LE(value(std::string(100000, 'x')).get<std::string>().size(), 4096u);
    EXPECT_EQ(value(R"({"status":{"nested":1},"scope":"s"})"), json::parse(R"({"scope":"s"})"));
}

TEST(ChallengeStatus, IsTheServersWordInLowerCase) {
    EXPECT_EQ(challenge_status(R"({"status":"401"})"), "401");
    EXPECT_EQ(challenge_status(R"({"status":400})"), "400");
    EXPECT_EQ(challenge_status(R"({"status":"Invalid_Token"})"), "invalid_token");
    EXPECT_EQ(challenge_status(R"({"error":"insufficient_scope"})"), "insufficient_scope");
    for (const char* none : {"", "401", "[]", "{}", R"({"status":true})"})
        EXPECT_EQ(challenge_status(none), "") << none;
}

}  // namespace
}  // namespace mailsend
