// The AUTH exchange with an access token: long answers, and refusals that come as a challenge.
#include <gmock/gmock.h>

#include "crypto/base64.hpp"
#include "dialogue.hpp"
#include "sasl/oauthbearer.hpp"
#include "sasl/xoauth2.hpp"
#include "smtp/authentication.hpp"

namespace mailsend::smtp {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";

sasl::Credentials alice(std::string_view given = token) {
    return {"alice@example.test", wfc::SecretString(given), sasl::Proof::access_token, "mail.example.test",
            587};
}

Reply reply(int code, const std::string& text) {
    return {code, {std::to_string(code) + " " + text}};
}

Reply challenge(const std::string& said) {
    return reply(334, crypto::base64_encode(said));
}

/// What is known once the server has had its last word.
Facts refused(Authentication& authentication, const Reply& last) {
    try {
        authentication.proceed(last);
    } catch (Failure& failure) {
        authentication.tell(failure.facts(), alice());
        return failure.facts();
    }
    ADD_FAILURE() << "no failure";
    return {};
}

Facts refused_with(const std::string& said) {
    Authentication authentication(sasl::xoauth2(alice()));
    authentication.start();
    EXPECT_EQ(authentication.proceed(challenge(said))->wire(), "\r\n");
    return refused(authentication, reply(535, "5.7.8 no"));
}

TEST(TokenAuthentication, HoldsALongTokenBackUntilItIsAskedFor) {
    for (const std::size_t size : {2048u, 4500u}) {
        const std::string longer(size, 't');
        for (const auto make : {sasl::xoauth2, sasl::oauthbearer}) {
            Authentication authentication(make(alice(longer)));
            const std::string first(authentication.start().wire());
            EXPECT_EQ(first, "AUTH " + std::string(authentication.mechanism()) + "\r\n");
            const auto held_back = authentication.proceed(reply(334, ""));
            ASSERT_TRUE(held_back);
            const auto decoded =
                crypto::base64_decode(held_back->wire().substr(0, held_back->wire().size() - 2));
            ASSERT_TRUE(decoded);
            EXPECT_THAT(*decoded, testing::EndsWith("auth=Bearer " + longer + "\1\1"));
            EXPECT_FALSE(authentication.hopeless()) << "an empty challenge was a request, not a refusal";
            EXPECT_FALSE(authentication.proceed(reply(235, "2.7.0 welcome")));
        }
    }
}

TEST(TokenAuthentication, SendsAShortTokenWithTheCommandInALineOf512OctetsAtMost) {
    for (std::size_t size = 300; size < 400; ++size) {
        Authentication authentication(sasl::xoauth2(alice(std::string(size, 't'))));
        const std::string line(authentication.start().wire());
        EXPECT_LE(line.size(), 512u);
        EXPECT_EQ(line == "AUTH XOAUTH2\r\n", size > 334) << size;
    }
}

TEST(TokenAuthentication, KeepsWhatTheChallengeSaidBesideTheLastReply) {
    const std::string said = R"({"status":"401","schemes":"bearer","scope":"https://mail.google.com/"})";
    const Facts facts = refused_with(said);
    EXPECT_EQ(facts.reply->code, 535);
    EXPECT_EQ(facts.condition, "");
    EXPECT_EQ(facts.challenge, said);
    EXPECT_EQ(facts.details.at("challenge"), said);
    EXPECT_EQ(facts.details.at("mechanism"), "XOAUTH2");
}

TEST(TokenAuthentication, AnswersOauthbearersRefusalWithOneOctet) {
    Authentication authentication(sasl::oauthbearer(alice()));
    authentication.start();
    EXPECT_EQ(authentication.proceed(challenge(R"({"status":"invalid_token"})"))->wire(), "AQ==\r\n");
    EXPECT_EQ(refused(authentication, reply(535, "5.7.8 no")).challenge, R"({"status":"invalid_token"})");
}

TEST(TokenAuthentication, ShowsAChallengeOnlyAsText) {
    EXPECT_EQ(refused_with("{\n\t\"status\": \"400\"\r\n}").challenge, "{  \"status\": \"400\"  }")
        << "line breaks between members are none of its words";
    EXPECT_EQ(refused_with(std::string("\0\x1b[2J", 5)).challenge, "\\x00\\x1B[2J");
    const Facts facts = refused_with(std::string(3000, 'x'));
    EXPECT_EQ(facts.challenge.size(), 3000u);
    EXPECT_LE(facts.details.at("challenge").size(), 1024u);
    EXPECT_LE(refused_with(std::string(9000, 'x')).challenge.size(), 4096u);
    EXPECT_EQ(refused_with("").challenge, "");
}

TEST(TokenAuthentication, TakesAChallengeThatWasNotEncodedAsItStands) {
    Authentication authentication(sasl::xoauth2(alice()));
    authentication.start();
    authentication.proceed(reply(334, R"({"status":"401"})"));
    EXPECT_EQ(refused(authentication, reply(535, "no")).challenge, R"({"status":"401"})");
}

TEST(TokenAuthentication, CancelsWhenTheServerGoesOnAskingAndKeepsTheFirstChallenge) {
    Authentication authentication(sasl::xoauth2(alice()));
    authentication.start();
    authentication.proceed(challenge("first"));
    EXPECT_EQ(authentication.proceed(challenge("second"))->wire(), "*\r\n");
    const Facts facts = refused(authentication, reply(501, "5.7.0 cancelled"));
    EXPECT_EQ(facts.condition, "auth.refused_in_challenge");
    EXPECT_EQ(facts.challenge, "first");
    EXPECT_EQ(facts.reply->code, 501);
}

TEST(TokenAuthentication, HidesTheTokenInRepliesHoweverTheServerRepeatsIt) {
    Authentication authentication(sasl::xoauth2(alice()));
    const std::string sent(authentication.start().wire());
    for (std::size_t before = 0; before < 4; ++before) {
        Reply echo = reply(500, "what? " + token + " / " + sent.substr(13, 60) + " / " +
                                    crypto::base64_encode(std::string(before, '{') + token + "}"));
        authentication.hide_credentials(echo, alice());
        for (const std::string& kept : {token.substr(20, 12), sent.substr(20, 12)})
            EXPECT_THAT(echo.lines.front(), Not(HasSubstr(kept)));
        const std::string& line = echo.lines.front();
        EXPECT_LT(line.size() - line.rfind('/'), 40u) << line;
    }
}

TEST(TokenAuthentication, HidesTheTokenInTheChallenge) {
    EXPECT_EQ(refused_with(R"({"status":"401","token":")" + token + R"("})").challenge,
              R"({"status":"401","token":"****"})");
}

TEST(TokenAuthentication, KeepsTheStatusOfTheChallengeBesideItsText) {
    EXPECT_EQ(refused_with(R"({"status":401})").details.at("challenge_status"), "401");
    EXPECT_EQ(refused_with(R"({"error":"Invalid_Token"})").details.at("challenge_status"), "invalid_token");
    EXPECT_FALSE(refused_with("no").details.contains("challenge_status"));
}

TEST(TokenSession, SaysWhyItDoesNotSignInInClear) {
    const sasl::Credentials credentials = alice();
    SessionOptions options = in_clear();
    options.credentials = &credentials;
    Dialogue dialogue(options);
    dialogue.reply("220 hello");
    const Facts facts = dialogue.fails_on("250-hello\r\n250 AUTH XOAUTH2\r\n");
    EXPECT_EQ(facts.condition, "auth.cleartext_forbidden");
    EXPECT_EQ(facts.sentence, "an access token is not sent without TLS");
}

class TokenDialogue : public testing::Test {
  protected:
    SessionOptions options() {
        SessionOptions out = in_clear();
        out.credentials = &credentials;
        out.allow_cleartext_auth = true;
        return out;
    }
    sasl::Credentials credentials = alice();
    Dialogue dialogue{options()};
};

TEST_F(TokenDialogue, NamesWhatIsOfferedWhereNothingTakesAToken) {
    dialogue.reply("220 hello");
    const Facts facts = dialogue.fails_on("250-hello\r\n250 AUTH PLAIN LOGIN\r\n");
    EXPECT_EQ(facts.condition, "auth.no_mechanism");
    EXPECT_EQ(facts.sentence,
              "the server offers no AUTH mechanism that takes an access token, only PLAIN LOGIN");
}

TEST_F(TokenDialogue, ReportsTheChallengeOfAServerThatHangsUp) {
    dialogue.reply("220 hello");
    dialogue.reply("250-hello\r\n250 AUTH XOAUTH2");
    dialogue.reply("334 " + crypto::base64_encode(R"({"status":"400"})"));
    try {
        dialogue.session.closed_by_peer();
        FAIL() << "no failure";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.facts().condition, "auth.refused_in_challenge");
        EXPECT_EQ(failure.facts().challenge, R"({"status":"400"})");
        EXPECT_EQ(failure.facts().reply->code, 334);
    }
}

TEST_F(TokenDialogue, ReadsAChallengeAsLongAsALineOfTheExchangeMayBe) {
    const std::string said = R"({"status":"401","scope":")" + std::string(9'120, 's') + R"("})";
    dialogue.reply("220 hello");
    dialogue.reply("250-hello\r\n250 AUTH XOAUTH2");
    const std::string line = "334 " + crypto::base64_encode(said);
    ASSERT_GT(line.size(), 12'000u);
    dialogue.session.received(line.substr(0, 7'000));  // it does not come in one piece
    EXPECT_EQ(dialogue.reply(line.substr(7'000)), "");
    const Facts facts = dialogue.fails_on("535 5.7.8 no\r\n");
    EXPECT_EQ(facts.reply->code, 535);
    EXPECT_EQ(facts.details.at("challenge_status"), "401");
    EXPECT_LE(facts.challenge.size(), 4096u);
}

TEST_F(TokenDialogue, ReadsNoLongerLine) {
    dialogue.reply("220 hello");
    dialogue.reply("250-hello\r\n250 AUTH XOAUTH2");
    EXPECT_EQ(dialogue.fails_on("334 " + std::string(12'300, 'A')).condition, "protocol.line_too_long");
}

TEST_F(TokenDialogue, ReadsOrdinaryLinesOnlyOnceItIsSignedIn) {
    dialogue.reply("220 hello");
    dialogue.reply("250-hello\r\n250 AUTH XOAUTH2");
    dialogue.reply("235 welcome");
    ASSERT_TRUE(dialogue.session.ready());
    dialogue.session.quit();
    dialogue.said();
    EXPECT_EQ(dialogue.fails_on("221 " + std::string(2'100, 'x')).condition, "protocol.line_too_long");
}

TEST_F(TokenDialogue, ReportsTheChallengeBesideTheRefusal) {
    dialogue.reply("220 hello");
    dialogue.reply("250-hello\r\n250 AUTH OAUTHBEARER");
    EXPECT_EQ(dialogue.reply("334 " + crypto::base64_encode(R"({"status":"invalid_token"})")), "AQ==");
    const Facts facts = dialogue.fails_on("535 5.7.8 no\r\n");
    EXPECT_EQ(facts.reply->code, 535);
    EXPECT_EQ(facts.details.at("challenge"), R"({"status":"invalid_token"})");
    EXPECT_TRUE(dialogue.session.in_step()) << "there is a leave to take";
}

}  // namespace
}  // namespace mailsend::smtp
