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

void hide_hunter(std::span<std::string> texts) {
    for (std::string& text : texts) {
        for (std::size_t at = text.find("hunter2"); at != text.npos; at = text.find("hunter2"))
            text.replace(at, 7, "****");
    }
}

TEST(KeptChallenge, IsTheTextItselfWhereNothingIsToBeHidden) {
    for (const char* text : {R"({"status" : "401", "x":[1,{"y":null}]})", "e=invalid", "", "401", "{\"a\":"})
        EXPECT_EQ(kept_challenge(text, hide_hunter), text);
    EXPECT_EQ(kept_challenge("{\r\n\t\"a\": 1}", hide_hunter), "{   \"a\": 1}");
}

TEST(KeptChallenge, HidesWhatAStringMeans) {
    EXPECT_EQ(kept_challenge(R"({"b":"say hun\u0074er2","hunter2":[7,"x"]})", hide_hunter),
              R"({"****":[7,"x"],"b":"say ****"})");
    EXPECT_EQ(kept_challenge(R"(cut: "say hun\u0074er2)", hide_hunter), R"(cut: "say ****)");
    EXPECT_EQ(kept_challenge(R"(cut: "say \u00e9 \u12)", hide_hunter), R"(cut: "say \u00e9 \u12)");
}

TEST(KeptChallenge, KeepsTheStatusOfAnObjectThatIsTooLong) {
    const std::string kept =
        kept_challenge(R"({"extra":")" + std::string(5000, 'x') + R"(","status":"401","scope":")" +
                           std::string(3000, 'y') + R"("})",
                       hide_hunter);
    EXPECT_LE(kept.size(), 4096u);
    EXPECT_EQ(challenge_status(kept), "401");
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
