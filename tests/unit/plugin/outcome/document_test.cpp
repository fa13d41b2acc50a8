#include "outcome/document.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace mailsend {
namespace {

using nlohmann::json;

const char* const tenant =
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit "
    "https://aka.ms/smtp_auth_disabled for more information.";

Facts replied(Stage stage, int code, std::vector<std::string> lines) {
    Facts facts;
    facts.stage = stage;
    facts.reply = Reply{code, std::move(lines)};
    return facts;
}

Error error_of(Facts facts) {
    Diagnosis diagnosis;
    diagnosis.id = "some.id";
    diagnosis.error_class = ErrorClass::permanent;
    diagnosis.advice = Advice::after_fix;
    diagnosis.explanation = {"title", "cause", {"one", "two"}, Actor::tenant_admin, "https://example.test/"};
    return {std::move(facts), std::move(diagnosis)};
}

TEST(Message, IsThePrefixAndTheServersOwnWords) {
    EXPECT_EQ(message_of(replied(Stage::auth, 535, {tenant})),
              "MailSend: failed to send mail: " + std::string(tenant));
}

TEST(Message, IsOurSentenceWhereNoServerSpoke) {
    const Failure failure(Stage::resolve, "dns.nxdomain", "no such host smtp.example.test");
    EXPECT_EQ(message_of(failure.facts()), "MailSend: failed to send mail: no such host smtp.example.test");
}

TEST(Message, IsTheServersRefusalEvenWhenWeHaveASentenceOfOurOwn) {
    Facts facts;
    facts.reply = Reply{535, {"535 5.7.8 no"}};
    facts.condition = "auth.challenge";
    facts.sentence = "the server asked for more than LOGIN has to say";
    EXPECT_EQ(message_of(facts), "MailSend: failed to send mail: 535 5.7.8 no");
}

TEST(Message, IsOurSentenceWhenTheReplyIsNoRefusal) {
    Facts facts = replied(Stage::starttls, 220, {"220 ready"});
    facts.condition = "starttls.injection";
    facts.sentence = "bytes arrived behind the reply to STARTTLS";
    EXPECT_EQ(message_of(facts), "MailSend: failed to send mail: bytes arrived behind the reply to STARTTLS");
}

TEST(Message, IsNeverEmptyBehindThePrefix) {
    Facts facts;
    facts.stage = Stage::tls;
    EXPECT_EQ(message_of(facts), "MailSend: failed to send mail: failure in stage tls");
    facts.condition = "tls.eof";
    EXPECT_EQ(message_of(facts), "MailSend: failed to send mail: tls.eof");
}

TEST(Message, HasAtMostFourKibibytes) {
    std::string line = "550 ";
    while (line.size() < 20000) line += "日";
    const std::string message = message_of(replied(Stage::dot, 550, {line}));
    EXPECT_LE(message.size(), 4096u);
    EXPECT_GT(message.size(), 4080u);
    EXPECT_TRUE(message.ends_with("日…"));
}

TEST(Message, EscapesControlCharactersOfTheServer) {
    EXPECT_EQ(message_of(replied(Stage::auth, 535, {"535 \x1b[2Jno\nway"})),
              "MailSend: failed to send mail: 535 \\x1B[2Jno\\x0Away");
}

TEST(ErrorObject, HasTheShapeOfTheContract) {
    const json error = to_json(error_of(replied(Stage::auth, 535, {tenant})));
    EXPECT_EQ(error, json::parse(
                         R"({"id":"some.id","stage":"auth","class":"permanent","retry":{"advice":"after-fix"},
      "message":"MailSend: failed to send mail: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.",
      "smtp":{"code":535,"enhanced":"5.7.139","text":"Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.",
        "lines":["535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."]},
      "explanation":{"title":"title","cause":"cause","steps":["one","two"],"actor":"tenant-admin","link":"https://example.test/"}})"));
}

TEST(ErrorObject, LeavesOutWhatIsNotKnown) {
    Error error = error_of(Failure(Stage::settings, "settings.invalid", "no host").facts());
    error.diagnosis.explanation.link.clear();
    const json out = to_json(error);
    for (const char* name : {"smtp", "pointer"}) EXPECT_FALSE(out.contains(name)) << name;
    EXPECT_FALSE(out["explanation"].contains("link"));
    EXPECT_FALSE(out["retry"].contains("delay_ms"));
}

TEST(ErrorObject, GivesPointerAndDelayWhenThereAreAny) {
    Error error = error_of(Failure(Stage::input, "input.invalid", "two @").facts());
    error.facts.pointer = "/to/0";
    error.diagnosis.delay = std::chrono::seconds(5);
    const json out = to_json(error);
    EXPECT_EQ(out["pointer"], "/to/0");
    EXPECT_EQ(out["retry"]["delay_ms"], 5000);
}

TEST(ErrorObject, ShowsTheStatusThatTheServerSaidEvenIfItContradictsTheCode) {
    const json out = to_json(error_of(replied(Stage::mail, 451, {"451 5.7.3 STARTTLS is required"})));
    EXPECT_EQ(out["smtp"]["enhanced"], "5.7.3");
    EXPECT_EQ(to_json(error_of(replied(Stage::mail, 451, {"451 later"})))["smtp"].contains("enhanced"),
              false);
}

TEST(ErrorObject, BoundsTheLinesOfTheServer) {
    std::vector<std::string> lines(100, "550-" + std::string(2000, '\xFF'));
    const json out = to_json(error_of(replied(Stage::dot, 550, std::move(lines))));
    std::size_t bytes = 0;
    for (const json& line : out["smtp"]["lines"]) bytes += line.get<std::string>().size();
    EXPECT_LE(bytes, 65536u);
    EXPECT_GT(bytes, 60000u);
}

TEST(SendDocument, OfAnAcceptedMessageHasTheShapeOfTheContract) {
    SendResult result;
    result.verdict = Verdict::accepted;
    result.message_id = "<1@example.test>";
    result.accepted = {"bob@example.test"};
    result.reply = Reply{250, {"250 2.0.0 queued as 4F2"}};
    result.attempts = {{"192.0.2.1", false, {{"connect", 1}}, std::nullopt}};
    result.server = {"mail.example.test", "TLSv1.3", "PLAIN"};
    result.total_ms = 9;
    EXPECT_EQ(
        send_document(result),
        R"({"format":1,"outcome":"accepted","message_id":"<1@example.test>","accepted":["bob@example.test"],)"
        R"("rejected":[],"reply":{"code":250,"enhanced":"2.0.0","text":"queued as 4F2"},)"
        R"("attempts":[{"address":"192.0.2.1","reused":false,"recipients":0,"wait_ms":0,"bytes":{"sent":0,"received":0},"timing_ms":{"connect":1}}],)"
        R"("server":{"host":"mail.example.test","tls":"TLSv1.3","auth":"PLAIN"},"timing_ms":{"total":9,"queue":0,"ledger":0,"retry":0},"warnings":[]})");
}

TEST(SendDocument, ListsRefusedRecipientsEachWithItsError) {
    SendResult result;
    result.verdict = Verdict::partial;
    result.accepted = {"a@example.test"};
    result.rejected = {{"b@example.test", error_of(replied(Stage::rcpt, 550, {"550 5.1.1 no"}))}};
    result.not_attempted = {"c@example.test"};
    result.error = result.rejected.front().error;
    const json out = json::parse(send_document(result));
    EXPECT_EQ(out["rejected"][0]["recipient"], "b@example.test");
    EXPECT_EQ(out["rejected"][0]["error"]["smtp"]["code"], 550);
    EXPECT_EQ(out["error"]["stage"], "rcpt");
    EXPECT_EQ(out["not_attempted"], json::array({"c@example.test"}));
    EXPECT_FALSE(out.contains("reply"));
    EXPECT_FALSE(out.contains("server"));
}

TEST(SendDocument, ShowsWhyAnAttemptWasNotTheLast) {
    SendResult result;
    result.attempts = {
        {"2001:db8::1", false, {}, error_of(Failure(Stage::connect, "conn.refused", "refused").facts())}};
    const json out = json::parse(send_document(result));
    EXPECT_EQ(out["attempts"][0]["error"]["stage"], "connect");
    EXPECT_EQ(out["attempts"][0]["timing_ms"], json::object());
}

TEST(SendDocument, IsJsonWhateverBytesCameFromOutside) {
    std::string garbage;
    for (int i = 0; i < 65536; ++i) garbage += static_cast<char>(i * 7);
    SendResult result;
    result.message_id = garbage;
    result.accepted = {garbage};
    result.server.host = garbage;
    result.warnings = {garbage};
    result.error = error_of(replied(Stage::dot, 550, {"550 " + garbage}));
    const json out = json::parse(send_document(result));
    EXPECT_EQ(out["outcome"], "failed");
    EXPECT_LE(out["error"]["message"].get<std::string>().size(), 4096u);
}

TEST(FailedDocument, CarriesMoreMembersButNeverLosesItsOwn) {
    const Error error = error_of(Failure(Stage::connect, "conn.refused", "refused").facts());
    const json plain = json::parse(failed_document(Verdict::failed, error));
    EXPECT_EQ(plain["format"], 1);
    EXPECT_EQ(plain["outcome"], "failed");
    EXPECT_EQ(plain.size(), 3u);
    const nlohmann::ordered_json extra = {{"report", nlohmann::ordered_json::array()},
                                          {"outcome", "accepted"}};
    const json more = json::parse(failed_document(Verdict::cancelled, error, extra));
    EXPECT_EQ(more["outcome"], "cancelled");
    EXPECT_TRUE(more["report"].is_array());
}

TEST(SendDocument, TellsADuplicateAndWhenItWasFirst) {
    SendResult result;
    result.verdict = Verdict::accepted;
    EXPECT_FALSE(json::parse(send_document(result)).contains("duplicate"));
    EXPECT_FALSE(json::parse(send_document(result)).contains("first_at"));
    result.duplicate = true;
    EXPECT_EQ(json::parse(send_document(result))["duplicate"], true);
    EXPECT_FALSE(json::parse(send_document(result)).contains("first_at")) << "not known";
    result.first_at_unix_ms = 1'795'435'201'999;
    EXPECT_EQ(json::parse(send_document(result))["first_at"], "2026-11-23T12:00:01Z");
    for (const std::int64_t no_time : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
        result.first_at_unix_ms = no_time;
        EXPECT_FALSE(json::parse(send_document(result)).contains("first_at")) << no_time;
    }
}

TEST(SendDocument, TellsWhatEachAttemptCostAndWhatWasWaitedFor) {
    SendResult result;
    result.attempts.resize(1);
    result.attempts[0].address = "192.0.2.1";
    result.attempts[0].recipients = 3;
    result.attempts[0].wait_ms = 250;
    result.attempts[0].bytes_sent = 1200;
    result.attempts[0].bytes_received = 340;
    result.total_ms = 900;
    result.queue_ms = 100;
    result.ledger_ms = 20;
    result.retry_ms = 250;
    const json document = json::parse(send_document(result));
    EXPECT_EQ(document["attempts"][0],
              json::parse(R"({"address":"192.0.2.1","reused":false,"recipients":3,"wait_ms":250,
        "bytes":{"sent":1200,"received":340},"timing_ms":{}})"));
    EXPECT_EQ(document["timing_ms"], json::parse(R"({"total":900,"queue":100,"ledger":20,"retry":250})"));
}

}  // namespace
}  // namespace mailsend
