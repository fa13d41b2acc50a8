#include "sasl/mechanism.hpp"

#include <gtest/gtest.h>

#include "sasl/login.hpp"
#include "sasl/plain.hpp"

namespace mailsend::sasl {
namespace {

Credentials alice() {
    return {"alice@example.test", wfc::SecretString("böb s3cret")};
}

TEST(Plain, SendsUserAndPasswordSeparatedByNulAsInitialResponse) {
    const auto mechanism = plain(alice());
    const auto response = mechanism->initial_response();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->reveal(), std::string_view("\0alice@example.test\0böb s3cret", 31));
}

TEST(Plain, AnswersTheEmptyChallengeWhenThereWasNoInitialResponse) {
    const auto mechanism = plain(alice());
    ASSERT_TRUE(mechanism->next(""));
    EXPECT_FALSE(mechanism->next("")) << "a second challenge is one too many";
}

TEST(Plain, HasNothingToSayAfterItsInitialResponse) {
    const auto mechanism = plain(alice());
    ASSERT_TRUE(mechanism->initial_response());
    EXPECT_FALSE(mechanism->next("more?"));
}

TEST(Plain, RefusesNulWhichWouldShiftTheFields) {
    EXPECT_THROW(plain({std::string("a\0b", 3), wfc::SecretString("x")}), std::invalid_argument);
    EXPECT_THROW(plain({"a", wfc::SecretString(std::string_view("x\0y", 3))}), std::invalid_argument);
}

TEST(Login, WaitsForTheFirstPrompt) {
    EXPECT_FALSE(login(alice())->initial_response());
}

TEST(Login, AnswersByOrderWhateverThePromptsSay) {
    const auto mechanism = login(alice());
    EXPECT_EQ(mechanism->next("Passwort bitte")->reveal(), "alice@example.test");
    EXPECT_EQ(mechanism->next("???")->reveal(), "böb s3cret");
    EXPECT_FALSE(mechanism->next("Username:")) << "a third prompt is never answered";
}

TEST(Choose, TakesTheBestThatTheServerOffers) {
    EXPECT_EQ(choose({"PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"}, "", alice(), true)->name(),
              "SCRAM-SHA-256");
    EXPECT_EQ(choose({"PLAIN", "CRAM-MD5", "SCRAM-SHA-1"}, "", alice(), true)->name(), "SCRAM-SHA-1");
    EXPECT_EQ(choose({"LOGIN", "PLAIN", "XOAUTH2"}, "", alice(), true)->name(), "PLAIN");
    EXPECT_EQ(choose({"LOGIN", "NTLM"}, "", alice(), true)->name(), "LOGIN");
}

TEST(Choose, KeepsThePasswordBackWhereTheConnectionIsInClear) {
    EXPECT_EQ(choose({"PLAIN", "CRAM-MD5"}, "", alice(), false)->name(), "CRAM-MD5");
    EXPECT_EQ(choose({"PLAIN", "CRAM-MD5"}, "", alice(), true)->name(), "PLAIN");
}

TEST(Choose, TakesOnlyTheOneThatWasAskedFor) {
    for (const char* name : {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"}) {
        const std::vector<std::string> all = {"LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"};
        EXPECT_EQ(choose(all, name, alice(), true)->name(), name);
    }
    EXPECT_EQ(choose({"PLAIN"}, "LOGIN", alice(), true), nullptr);
}

TEST(Choose, FindsNothingWhenNothingIsInCommon) {
    EXPECT_EQ(choose({"NTLM", "GSSAPI"}, "", alice(), true), nullptr);
}

}  // namespace
}  // namespace mailsend::sasl
