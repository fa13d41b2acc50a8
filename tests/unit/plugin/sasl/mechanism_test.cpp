#include "sasl/mechanism.hpp"

#include <gmock/gmock.h>

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

TEST(Choose, GoesOnToAMechanismThatCanExpressTheCredentials) {
    for (const char* password : {"horse \xf0\x9f\x98\x80", "\xe3\x8b\xbf", "caf\xe9", "tab\there"}) {
        const Credentials given = {"alice", wfc::SecretString(password)};
        const std::vector<std::string> all = {"LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"};
        EXPECT_EQ(choose(all, "", given, true)->name(), "PLAIN") << password;
        EXPECT_EQ(choose(all, "", given, false)->name(), "CRAM-MD5") << password;
    }
}

std::string refusal(const std::vector<std::string>& offered, std::string_view wanted,
                    const Credentials& given) {
    try {
        choose(offered, wanted, given, true);
    } catch (const std::invalid_argument& refused) {
        return refused.what();
    }
    return "none";
}

TEST(Choose, SaysWhyTheBestCannotBeUsedWhereNoneCan) {
    const Credentials given = {"alice", wfc::SecretString("\xf0\x9f\x98\x80")};
    EXPECT_EQ(refusal({"SCRAM-SHA-1", "SCRAM-SHA-256"}, "", given),
              "the password is empty or holds characters that SCRAM-SHA-256 cannot express");
}

TEST(Choose, DoesNotTakeAnotherThanTheOneAskedFor) {
    const Credentials given = {"\xf0\x9f\x98\x80", wfc::SecretString("secret")};
    EXPECT_EQ(refusal({"SCRAM-SHA-1", "PLAIN"}, "SCRAM-SHA-1", given),
              "the user name is empty or holds characters that SCRAM-SHA-1 cannot express");
}

TEST(Choose, RefusesAnEmptyUserNameOrPasswordForEveryMechanism) {
    for (const char* name : {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"}) {
        EXPECT_EQ(refusal({name}, "", {"", wfc::SecretString("x")}), "the user name is empty") << name;
        EXPECT_EQ(refusal({name}, name, {"alice", wfc::SecretString()}), "the password is empty") << name;
    }
}

TEST(Choose, KnowsTheSameMechanismsInClearAsUnderTls) {
    EXPECT_THAT(supported(true, Proof::password),
                testing::ElementsAre("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN", "CRAM-MD5"));
    EXPECT_THAT(supported(false, Proof::password),
                testing::ElementsAre("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"));
}

TEST(Choose, MakesNothingOfANameItDoesNotKnow) {
    EXPECT_EQ(choose({"GSSAPI", "PLAIN"}, "GSSAPI", alice(), true), nullptr);
}

}  // namespace
}  // namespace mailsend::sasl
