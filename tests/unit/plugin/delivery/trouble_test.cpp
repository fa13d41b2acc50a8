#include "delivery/trouble.hpp"

#include <gtest/gtest.h>

namespace mailsend::delivery {
namespace {

Route route(std::uint16_t port, smtp::Protection protection) {
    Route out;
    out.endpoint = {"mail.example.test", port, {}};
    out.protection = protection;
    return out;
}

TEST(TimedOut, SaysWhatItWasWaitingForAndHowLong) {
    const Facts facts = timed_out(Stage::rcpt, false, route(587, smtp::Protection::starttls));
    EXPECT_EQ(facts.condition, "idle.timeout");
    EXPECT_EQ(facts.sentence, "timed out after 60 s while waiting for the reply to RCPT TO");
    EXPECT_EQ(facts.details.at("seconds"), "60");
}

TEST(TimedOut, SuspectsATlsPortWhen465IsSilent) {
    EXPECT_EQ(timed_out(Stage::greeting, false, route(465, smtp::Protection::starttls)).condition,
              "greet.timeout_465");
    EXPECT_EQ(timed_out(Stage::greeting, false, route(465, smtp::Protection::implicit_tls)).condition,
              "greet.timeout");
    EXPECT_EQ(timed_out(Stage::greeting, false, route(587, smtp::Protection::starttls)).condition,
              "greet.timeout");
}

TEST(TimedOut, TellsTheDeadlineFromAStagesTimeOut) {
    const Facts facts = timed_out(Stage::auth, true, route(587, smtp::Protection::starttls));
    EXPECT_EQ(facts.condition, "deadline.passed");
    EXPECT_EQ(facts.stage, Stage::auth);
}

TEST(Placed, NamesAResetByWhereItHappened) {
    Facts reset;
    reset.condition = "conn.reset";
    EXPECT_EQ(placed(reset, Stage::greeting).condition, "greet.reset");
    EXPECT_EQ(placed(reset, Stage::data).condition, "data.reset");
    EXPECT_EQ(placed(reset, Stage::auth).condition, "conn.reset");
    EXPECT_EQ(placed(reset, Stage::auth).stage, Stage::auth);
}

TEST(Placed, LeavesOtherFailuresAlone) {
    Facts facts;
    facts.stage = Stage::tls;
    facts.condition = "cert.expired";
    facts.sentence = "it expired";
    EXPECT_EQ(placed(facts, Stage::greeting).stage, Stage::tls);
    EXPECT_EQ(placed(facts, Stage::greeting).sentence, "it expired");
}

TEST(HungUpOn, MentionsTheCertificateThatWasAskedForWhereThePeerJustWent) {
    net::TlsFacts missed;
    missed.certificate_missed = true;
    const std::string mention = "; it had asked for a client certificate and was shown none";
    Facts facts;
    facts.sentence = "it went";
    for (const char* condition : {"conn.reset", "conn.closed", "greet.reset", "greet.eof"}) {
        facts.condition = condition;
        EXPECT_EQ(hung_up_on(facts, missed).sentence, "it went" + mention);
        EXPECT_EQ(hung_up_on(facts, missed).condition, condition);
        EXPECT_EQ(hung_up_on(facts, net::TlsFacts{}).sentence, "it went");
        EXPECT_EQ(hung_up_on(facts, std::nullopt).sentence, "it went");
    }
    facts.condition = "greet.timeout";
    EXPECT_EQ(hung_up_on(facts, missed).sentence, "it went");
}

TEST(Located, NamesHostPortAndUserWithoutOverwriting) {
    Route there = route(587, smtp::Protection::starttls);
    there.credentials.emplace();
    there.credentials->username = "alice";
    Facts facts;
    facts.details["host"] = "other.example.test";
    const Facts out = located(facts, there);
    EXPECT_EQ(out.details.at("host"), "other.example.test");
    EXPECT_EQ(out.details.at("port"), "587");
    EXPECT_EQ(out.details.at("user"), "alice");
}

TEST(Located, SaysWhoseServerItIsUnlessTheReplySaidSo) {
    Route there = route(587, smtp::Protection::starttls);
    there.provider = "gmail";
    EXPECT_EQ(located({}, there).provider, "gmail");
    Facts known;
    known.provider = "outlook";
    EXPECT_EQ(located(known, there).provider, "outlook");
}

TEST(LostAfterEndOfData, IsUnknownAndSaysWhy) {
    Facts cause;
    cause.stage = Stage::dot;
    cause.condition = "conn.reset";
    cause.sentence = "the server reset the connection";
    const Facts facts = lost_after_end_of_data(cause);
    EXPECT_EQ(facts.condition, "outcome.unknown");
    EXPECT_EQ(facts.stage, Stage::dot);
    EXPECT_NE(facts.sentence.find("the server reset the connection"), std::string::npos);
    EXPECT_NE(facts.sentence.find("may or may not"), std::string::npos);
}

TEST(LostAfterEndOfData, KeepsTheServersTimeOutWithItsSecondsButNotOneOfTheCall) {
    Route slow = route(587, smtp::Protection::starttls);
    slow.timeouts.data = 2000;
    const Facts silent = lost_after_end_of_data(timed_out(Stage::dot, false, slow));
    EXPECT_EQ(silent.condition, "data.timeout_final");
    EXPECT_EQ(silent.details.at("seconds"), "2");
    EXPECT_NE(silent.sentence.find("may or may not"), std::string::npos);
    EXPECT_EQ(lost_after_end_of_data(timed_out(Stage::dot, true, slow)).condition, "outcome.unknown");
}

TEST(WithProtocol, NamesAProtocolThatTheFirstWordsTell) {
    Facts facts;
    facts.condition = "greet.not_smtp";
    facts.sentence = "as it was";
    facts.details["said"] = "* OK ready\r\nand more";
    const Facts named = with_protocol(facts);
    EXPECT_EQ(named.sentence, "the server sent what is not an SMTP reply but IMAP: * OK ready");
    EXPECT_EQ(named.details.at("protocol"), "IMAP");
    facts.details["said"] = "+OK " + std::string(250, 'x');
    EXPECT_LT(with_protocol(facts).sentence.size(), 200u);
    for (const char* said : {"whatever", "220 broken", ""}) {
        facts.details["said"] = said;
        EXPECT_EQ(with_protocol(facts).sentence, "as it was");
        EXPECT_FALSE(with_protocol(facts).details.contains("protocol"));
    }
    facts.details["said"] = "SSH-2.0";
    facts.condition = "tls.plaintext_server";
    EXPECT_EQ(with_protocol(facts).sentence, "as it was");
}

TEST(Located, NamesATokenAndHowLongItIsWhereThatMayMatter) {
    Route with_token = route(587, smtp::Protection::starttls);
    with_token.credentials.emplace(
        sasl::Credentials{"alice", wfc::SecretString(std::string(1400, 't')), sasl::Proof::access_token});
    EXPECT_EQ(located({}, with_token).details.at("token_bytes"), "1400");
    EXPECT_EQ(located({}, with_token).details.at("proof"), "access_token");
    with_token.credentials->password = wfc::SecretString(std::string(1399, 't'));
    EXPECT_FALSE(located({}, with_token).details.contains("token_bytes"));
    with_token.credentials.emplace(sasl::Credentials{"alice", wfc::SecretString(std::string(5000, 'p'))});
    EXPECT_FALSE(located({}, with_token).details.contains("token_bytes"));
    EXPECT_FALSE(located({}, with_token).details.contains("proof"));
}

}  // namespace
}  // namespace mailsend::delivery
