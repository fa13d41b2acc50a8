// A server that repeats the access token in its challenge: nobody gets to see it, however it is written.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "crypto/base64.hpp"
#include "dialogue.hpp"
#include "outcome/challenge.hpp"
#include "outcome/document.hpp"
#include "sasl/xoauth2.hpp"
#include "smtp/authentication.hpp"

namespace mailsend::smtp {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string token = "ya29/a0AfB+token_of~alice";

const sasl::Credentials& alice() {
    static const sasl::Credentials credentials{"alice@example.test", wfc::SecretString(token),
                                               sasl::Proof::access_token, "mail.example.test", 587};
    return credentials;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        out += {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

/// Ways to write the token inside a JSON string.
std::vector<std::string> writings() {
    return {token, "\\u0079" + token.substr(1), "ya29\\/" + token.substr(5), escaped(token),
            token.substr(0, 12) + escaped(token.substr(12))};
}

std::vector<std::string> challenges_with(const std::string& written) {
    return {R"({"status":"401","error_description":"unknown )" + written + R"("})",
            R"({"status":")" + written + R"("})", R"({"scope":{"deep":["x",")" + written + R"("]}})",
            R"({")" + written + R"(":"401"})", R"([")" + written + R"("])", R"(")" + written + R"(")",
            // No JSON, as it comes; it may become some when it is tidied or cut.
            "{\"scope\":\"a\nb " + written + "\"}",
            R"({"scope":")" + written + R"("})" + std::string(5'000, ' ') + "x"};
}

Facts facts_after(const std::string& said) {
    Authentication authentication(sasl::xoauth2(alice()));
    authentication.start();
    authentication.proceed({334, {"334 " + crypto::base64_encode(said)}});
    Facts facts;
    facts.stage = Stage::auth;
    authentication.tell(facts, alice());
    return facts;
}

void expect_nothing_of_it(const std::string& shown, const std::string& said) {
    for (std::size_t at = 0; at + 8 <= token.size(); ++at) {
        EXPECT_THAT(shown, Not(HasSubstr(token.substr(at, 8)))) << said;
        EXPECT_THAT(shown, Not(HasSubstr(escaped(token.substr(at, 8))))) << said;
    }
}

TEST(TokenEcho, IsBlottedOutHoweverTheChallengeWritesIt) {
    for (const std::string& written : writings()) {
        for (const std::string& said : challenges_with(written)) {
            const Facts facts = facts_after(said);
            const auto value = challenge_value(facts.challenge);
            expect_nothing_of_it(value.dump(), said);
            if (value.is_string()) expect_nothing_of_it(value.get<std::string>(), said);
            expect_nothing_of_it(challenge_status(facts.challenge), said);
            for (const auto& [name, detail] : facts.details) expect_nothing_of_it(detail, said + name);
        }
    }
}

TEST(TokenEcho, LeavesTheRestOfTheChallengeReadable) {
    for (const std::string& written : writings()) {
        const Facts facts = facts_after(challenges_with(written).front());
        EXPECT_EQ(challenge_value(facts.challenge)["error_description"], "unknown ****");
        EXPECT_EQ(facts.details.at("challenge_status"), "401");
    }
}

TEST(TokenEcho, IsBlottedOutInTheReplyThatHoldsTheChallenge) {
    for (const std::string& written : writings()) {
        for (const std::string& said : challenges_with(written)) {
            const Facts facts = facts_after(said);
            for (const std::string& line : facts.reply->lines) {
                const auto decoded = crypto::base64_decode(line.substr(4));
                expect_nothing_of_it(decoded.value_or(line), said);
            }
        }
    }
    const Facts harmless = facts_after(R"({"status":"401"})");
    EXPECT_EQ(harmless.reply->lines.front(), "334 " + crypto::base64_encode(R"({"status":"401"})"));
}

TEST(TokenEcho, IsBlottedOutInTheLog) {
    std::vector<std::string> log;
    SessionOptions options = in_clear();
    options.credentials = &alice();
    options.allow_cleartext_auth = true;
    options.replied = [&](Stage, const Reply& reply) { log = reply.lines; };
    Dialogue dialogue(options);
    dialogue.reply("220 hello");
    dialogue.reply("250-hello\r\n250 AUTH XOAUTH2");
    const std::string said = R"({"status":"401","error_description":")" + escaped(token) + R"("})";
    EXPECT_EQ(dialogue.reply("334 " + crypto::base64_encode(said)), "");
    expect_nothing_of_it(crypto::base64_decode(log.front().substr(4)).value_or(log.front()), said);
}

}  // namespace
}  // namespace mailsend::smtp
