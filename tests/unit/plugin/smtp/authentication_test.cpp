#include "smtp/authentication.hpp"

#include <gtest/gtest.h>
#include <string>

#include "outcome/failure.hpp"
#include "sasl/cram_md5.hpp"
#include "sasl/login.hpp"
#include "sasl/plain.hpp"
#include "sasl/scram.hpp"

namespace mailsend::smtp {
namespace {

sasl::Credentials alice(std::string_view password = "secret") {
    return {"alice", wfc::SecretString(password)};
}

Reply reply(int code, std::string text) {
    return {code, {std::to_string(code) + " " + std::move(text)}};
}

Facts failure_of(Authentication& authentication, const Reply& last) {
    try {
        authentication.proceed(last);
    } catch (const Failure& failure) {
        return failure.facts();
    }
    ADD_FAILURE() << "no failure";
    return {};
}

TEST(Authentication, SucceedsOnlyOn235) {
    for (const int code : {200, 250, 252, 334}) {
        Authentication authentication(sasl::plain(alice()));
        authentication.start();
        if (code == 334) {
            EXPECT_EQ(authentication.proceed(reply(334, ""))->wire(), "*\r\n") << "PLAIN has said everything";
        } else {
            EXPECT_EQ(failure_of(authentication, reply(code, "fine")).condition, "protocol.garbage");
        }
    }
    Authentication authentication(sasl::plain(alice()));
    authentication.start();
    EXPECT_FALSE(authentication.proceed(reply(235, "2.7.0 ok")));
}

TEST(Authentication, SendsTheInitialResponseWhereTheLineFits512Octets) {
    Authentication fits(sasl::plain(alice()));
    EXPECT_EQ(fits.start().wire(), "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
    Authentication long_one(sasl::plain(alice(std::string(500, 'x'))));
    EXPECT_EQ(long_one.start().wire(), "AUTH PLAIN\r\n");
    const auto held_back = long_one.proceed(reply(334, ""));
    ASSERT_TRUE(held_back);
    EXPECT_GT(held_back->wire().size(), 600u);
    EXPECT_FALSE(long_one.proceed(reply(235, "ok")));
}

TEST(Authentication, FillsALineOfExactly512OctetsAndNotOneMore) {
    // 3n octets become 4n characters: "AUTH PLAIN " + 500 - 1 … the border lies between 372 and 375 octets of
    // response.
    const auto line = [](std::size_t response) {
        Authentication authentication(sasl::plain(alice(std::string(response - 7, 'x'))));
        return authentication.start().wire().size();
    };
    EXPECT_EQ(line(372), 11 + 496 + 2u);
    EXPECT_EQ(line(375), std::string_view("AUTH PLAIN\r\n").size());
}

TEST(Authentication, AnswersLoginPromptsInAnyLanguage) {
    Authentication authentication(sasl::login(alice()));
    EXPECT_EQ(authentication.start().wire(), "AUTH LOGIN\r\n");
    EXPECT_EQ(authentication.proceed(reply(334, "VXRpbGlzYXRldXI6"))->wire(), "YWxpY2U=\r\n");
    EXPECT_EQ(authentication.proceed(reply(334, "not base64!"))->wire(), "c2VjcmV0\r\n");
    EXPECT_FALSE(authentication.proceed(reply(235, "ok")));
}

TEST(Authentication, GivesUpWhenAskedOnceTooOften) {
    Authentication authentication(sasl::login(alice()));
    authentication.start();
    authentication.proceed(reply(334, ""));
    authentication.proceed(reply(334, ""));
    EXPECT_EQ(authentication.proceed(reply(334, ""))->wire(), "*\r\n");
    EXPECT_EQ(failure_of(authentication, reply(501, "cancelled")).condition, "auth.challenge");
}

TEST(Authentication, IsNotFooledBy235AfterGivingUp) {
    Authentication authentication(sasl::plain(alice()));
    authentication.start();
    authentication.proceed(reply(334, ""));
    EXPECT_EQ(failure_of(authentication, reply(235, "ok")).condition, "auth.challenge");
}

TEST(Authentication, DoesNotBelieve235BeforeTheServerHasProvenItself) {
    Authentication authentication(sasl::scram(sasl::ScramHash::sha256, alice(), true));
    EXPECT_EQ(authentication.start().wire().substr(0, 19), "AUTH SCRAM-SHA-256 ");
    const Facts facts = failure_of(authentication, reply(235, "2.7.0 welcome"));
    EXPECT_EQ(facts.condition, "auth.server_unproven");
    EXPECT_FALSE(facts.reply) << "the server's words are no refusal";
}

TEST(Authentication, BreaksOffWithAStarWhereTheChallengeIsHostile) {
    Authentication authentication(sasl::cram_md5(alice()));
    EXPECT_EQ(authentication.start().wire(), "AUTH CRAM-MD5\r\n");
    EXPECT_EQ(authentication.proceed(reply(334, ""))->wire(), "*\r\n");
    const Facts facts = failure_of(authentication, reply(501, "5.7.0 cancelled"));
    EXPECT_EQ(facts.condition, "auth.challenge");
    EXPECT_EQ(facts.sentence, "CRAM-MD5 came with an empty challenge");
}

TEST(Authentication, BlotsOutCredentialsThatTheServerRepeats) {
    Authentication authentication(sasl::login(alice("hunter2")));
    authentication.start();
    authentication.proceed(reply(334, ""));
    authentication.proceed(reply(334, ""));
    Reply echo = reply(500, "what is aHVudGVyMg== or hunter2 or hunter2?");
    authentication.hide_credentials(echo, alice("hunter2"));
    EXPECT_EQ(echo.lines.front(), "500 what is **** or **** or ****?");
}

TEST(Authentication, BlotsOutWhatTheServerRepeatsCutOff) {
    const auto plain = alice("correct horse battery");
    Authentication authentication(sasl::plain(plain));
    const std::string sent(authentication.start().wire());
    Reply echo = reply(500, "unrecognized: " + sent.substr(0, 35) + "... (correct hors?)");
    authentication.hide_credentials(echo, plain);
    EXPECT_EQ(echo.lines.front(), "500 unrecognized: AUTH PLAIN ****... (****?)");
}

TEST(Authentication, BlotsOutEveryAnswerAndNotOnlyTheLast) {
    Authentication authentication(sasl::login(alice("hunter2")));
    authentication.start();
    authentication.proceed(reply(334, ""));
    authentication.proceed(reply(334, ""));
    Reply echo = reply(500, "YWxpY2U= aHVudGVyMg== alice");
    authentication.hide_credentials(echo, alice("hunter2"));
    EXPECT_EQ(echo.lines.front(), "500 **** **** alice") << "a user name is no secret";
}

TEST(Authentication, LeavesTheCodeOfAReplyAlone) {
    const auto odd = alice("535 5.7.8 Error");
    const Authentication authentication(sasl::plain(odd));
    Reply echo = reply(535, "5.7.8 Error: authentication failed");
    authentication.hide_credentials(echo, odd);
    EXPECT_EQ(echo.lines.front(), "535 ****: authentication failed");
}

TEST(Authentication, LetsAServerThatRefusesInAChallengeSpeakItsLastWord) {
    Authentication authentication(sasl::scram(sasl::ScramHash::sha256, alice(), true));
    authentication.start();
    EXPECT_FALSE(authentication.hopeless());
    EXPECT_EQ(authentication.proceed(reply(334, "ZT1pbnZhbGlkLXByb29m"))->wire(), "\r\n");
    ASSERT_TRUE(authentication.hopeless());
    EXPECT_EQ(authentication.hopeless()->condition(), "auth.refused_in_challenge");
    const Facts facts = failure_of(authentication, reply(535, "5.7.8 wrong"));
    EXPECT_EQ(facts.reply->code, 535);
    EXPECT_EQ(facts.condition, "") << "the reply is what is explained";
}

TEST(Authentication, ReportsARefusalInAChallengeWhereNoReplyRefuses) {
    Authentication authentication(sasl::scram(sasl::ScramHash::sha256, alice(), true));
    authentication.start();
    authentication.proceed(reply(334, "ZT1pbnZhbGlkLXByb29m"));
    EXPECT_EQ(authentication.proceed(reply(334, "more"))->wire(), "*\r\n");
    EXPECT_EQ(failure_of(authentication, reply(501, "cancelled")).condition, "auth.refused_in_challenge");
}

TEST(Authentication, ReportsTheServersRefusal) {
    Authentication authentication(sasl::plain(alice()));
    authentication.start();
    const Facts facts = failure_of(authentication, reply(535, "5.7.8 no"));
    EXPECT_EQ(facts.stage, Stage::auth);
    EXPECT_EQ(facts.reply->code, 535);
    EXPECT_TRUE(facts.condition.empty());
}

}  // namespace
}  // namespace mailsend::smtp
