// XOAUTH2 and OAUTHBEARER, and when they are chosen.
#include <gmock/gmock.h>

#include "sasl/oauthbearer.hpp"
#include "sasl/xoauth2.hpp"

namespace mailsend::sasl {
namespace {

using namespace std::string_literals;

Credentials alice(std::string_view token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGE") {
    return {"alice@example.test", wfc::SecretString(token), Proof::access_token, "mail.example.test", 587};
}

std::string refusal(const Credentials& given) {
    std::string sentences;
    for (const auto make : {xoauth2, oauthbearer}) {
        try {
            make(given);
            sentences += "none;";
        } catch (const std::invalid_argument& refused) {
            sentences += refused.what() + ";"s;
        }
    }
    return sentences;
}

TEST(Xoauth2, SendsUserAndTokenAsGoogleAndMicrosoftWriteThem) {
    const auto mechanism = xoauth2(alice());
    EXPECT_EQ(mechanism->name(), "XOAUTH2");
    EXPECT_EQ(mechanism->initial_response()->reveal(),
              "user=alice@example.test\1auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGE\1\1");
}

TEST(Oauthbearer, SendsMailboxServerAndTokenAsTheRfcWritesThem) {
    const auto mechanism = oauthbearer(alice());
    EXPECT_EQ(mechanism->name(), "OAUTHBEARER");
    EXPECT_EQ(mechanism->initial_response()->reveal(),
              "n,a=alice@example.test,\1host=mail.example.test\1port=587\1"
              "auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGE\1\1");
}

TEST(Oauthbearer, LeavesOutAServerThatIsNotKnown) {
    const auto mechanism = oauthbearer({"alice", wfc::SecretString("t0ken"), Proof::access_token});
    EXPECT_EQ(mechanism->initial_response()->reveal(), "n,a=alice,\1auth=Bearer t0ken\1\1");
}

TEST(Oauthbearer, EscapesWhatWouldEndTheName) {
    Credentials odd = alice("t0ken");
    odd.username = "a,b=c@example.test";
    const auto mechanism = oauthbearer(odd);
    EXPECT_TRUE(mechanism->initial_response()->reveal().starts_with("n,a=a=2Cb=3Dc@example.test,\1"));
}

TEST(TokenExchange, TakesAnEmptyChallengeForTheRequestWhereThereWasNoInitialResponse) {
    for (const auto make : {xoauth2, oauthbearer}) {
        const auto mechanism = make(alice());
        EXPECT_TRUE(mechanism->next("")->reveal().ends_with("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGE\1\1"));
        EXPECT_FALSE(mechanism->refusal());
        EXPECT_TRUE(mechanism->satisfied());
    }
}

TEST(TokenExchange, AnswersTheRefusalOnceAsEachMechanismWantsIt) {
    const auto google = xoauth2(alice());
    google->initial_response();
    EXPECT_FALSE(google->refusal());
    EXPECT_EQ(google->next(R"({"status":"401"})")->reveal(), "");
    const auto standard = oauthbearer(alice());
    standard->initial_response();
    EXPECT_EQ(standard->next(R"({"status":"invalid_token"})")->reveal(), "\1");
    for (const auto* mechanism : {google.get(), standard.get()}) {
        ASSERT_TRUE(mechanism->refusal());
        EXPECT_EQ(mechanism->refusal()->condition(), "auth.refused_in_challenge");
    }
    EXPECT_FALSE(google->next("more")) << "one answer is all there is";
    EXPECT_FALSE(standard->next("more"));
}

TEST(TokenExchange, RefusesATokenThatCannotBeOne) {
    for (const char* token : {"with blank", "with\1separator", "line\nbreak", "t\xc3\xb6ken", "\x7f"}) {
        EXPECT_EQ(refusal(alice(token)),
                  "the access token holds characters that no token has;"
                  "the access token holds characters that no token has;");
    }
    EXPECT_EQ(refusal(alice("")), "the access token is empty;the access token is empty;");
    EXPECT_EQ(refusal(alice("b64-token._~+/==")), "none;none;");
}

TEST(TokenExchange, RefusesNamesThatWouldShiftTheFields) {
    Credentials odd = alice();
    odd.username = "alice\1auth=Bearer other";
    EXPECT_EQ(refusal(odd), "the user name holds control characters;the user name holds control characters;");
    odd = alice();
    odd.host = "mail\1port=1";
    EXPECT_THAT(refusal(odd), testing::HasSubstr("the server's name holds control characters"));
}

TEST(ChooseForAToken, PrefersTheStandardAndNeverTakesAMechanismForPasswords) {
    EXPECT_THAT(supported(true, Proof::access_token), testing::ElementsAre("OAUTHBEARER", "XOAUTH2"));
    EXPECT_THAT(supported(false, Proof::access_token), testing::ElementsAre("OAUTHBEARER", "XOAUTH2"));
    EXPECT_EQ(choose({"PLAIN", "XOAUTH2", "OAUTHBEARER"}, "", alice(), true)->name(), "OAUTHBEARER");
    EXPECT_EQ(choose({"LOGIN", "XOAUTH2"}, "", alice(), true)->name(), "XOAUTH2");
    EXPECT_EQ(choose({"SCRAM-SHA-256", "PLAIN", "LOGIN", "CRAM-MD5"}, "", alice(), true), nullptr);
}

TEST(ChooseForAToken, IsTheOnlyUseOfTheMechanismsForTokens) {
    const Credentials password = {"alice", wfc::SecretString("secret")};
    EXPECT_EQ(choose({"XOAUTH2", "OAUTHBEARER"}, "", password, true), nullptr);
    EXPECT_EQ(choose({"XOAUTH2"}, "XOAUTH2", password, true), nullptr);
    EXPECT_EQ(choose({"XOAUTH2", "LOGIN"}, "", password, true)->name(), "LOGIN");
}

TEST(ChooseForAToken, RefusesAnEmptyUserNameOrToken) {
    Credentials nobody = alice();
    nobody.username.clear();
    EXPECT_THROW(choose({"XOAUTH2"}, "", nobody, true), std::invalid_argument);
    try {
        choose({"XOAUTH2"}, "", alice(""), true);
        FAIL() << "an empty token was taken";
    } catch (const std::invalid_argument& refused) {
        EXPECT_EQ(refused.what(), "the access token is empty"s);
    }
}

}  // namespace
}  // namespace mailsend::sasl
