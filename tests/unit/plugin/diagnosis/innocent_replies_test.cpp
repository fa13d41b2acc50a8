// Replies that hold the words of another verdict, and must not be explained by it.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

struct Row {
    Stage stage;
    const char* reply;
    const char* id;
    const char* provider = "";
};

std::string id_of(const Row& row, const std::string& provider) {
    Facts facts;
    facts.stage = row.stage;
    facts.provider = provider;
    facts.reply = Reply{std::stoi(std::string(row.reply).substr(0, 3)), {row.reply}};
    return diagnose(facts, Language::en).id;
}

void expect_all(std::initializer_list<Row> rows) {
    for (const Row& row : rows) EXPECT_EQ(id_of(row, row.provider), row.id) << row.reply;
}

TEST(InnocentReplies, NameAMailboxThatIsCalledLikeAVerdict) {
    expect_all({{Stage::rcpt, "550 <spam@example.org>: user unknown", "generic.rcpt.unknown_text"},
                {Stage::rcpt, "550 No such user <virus@example.org>", "generic.rcpt.unknown_text"},
                {Stage::rcpt, "550 <dkim@example.org> mailbox not found", "generic.rcpt.unknown_text"},
                {Stage::rcpt, "550 <info@spamhaus.example>: No such user", "generic.rcpt.unknown_text"},
                {Stage::rcpt, "550 5.1.1 <slow.down@throttle.example> user unknown", "generic.rcpt.unknown"},
                {Stage::rcpt, "550 5.1.1 <postmaster@rbl.example>... User unknown", "generic.rcpt.unknown"},
                {Stage::rcpt, "550 <no-such-user@example.org>: refused", "generic.rcpt.refused"},
                {Stage::dot, "550 5.7.1 rejected: http://www.openspf.net/Why?id=a@example.org&spf=fail",
                 "generic.policy.dmarc_spf"}});
}

TEST(InnocentReplies, SpeakOfTheSenderWhereTheRecipientWasGiven) {
    for (const Stage stage : {Stage::mail, Stage::rcpt}) {
        for (const char* reply :
             {"550 Sender verify failed: no such user here", "550 Sender verification failed",
              "550 Verification failed for <a@example.net> No Such User Here Sender verify failed",
              "550 5.1.0 <a@example.net>: Sender address rejected: User unknown in virtual mailbox table",
              "550 5.1.7 <a@example.net>: Sender address rejected: undeliverable address: user unknown"}) {
            EXPECT_EQ(id_of({stage, reply, ""}, ""), "generic.mail.sender_domain") << reply;
        }
    }
    expect_all({{Stage::mail, "550 no such user here", "generic.mail.name_not_allowed"}});
}

TEST(InnocentReplies, SpeakOfSendingAndNotOfAFullMailbox) {
    expect_all(
        {{Stage::mail, "550 5.4.5 Sending quota exceeded", "generic.rate.volume"},
         {Stage::mail, "550 User has exceeded outgoing email quota", "generic.rate.volume"},
         {Stage::auth, "550 5.7.1 Daily sending quota exceeded", "generic.rate.volume"},
         {Stage::rcpt, "452 4.7.1 Quota exceeded: you sent too many messages", "generic.rate.volume"},
         {Stage::dot, "550 Domain example.org has exceeded the max emails per hour (150/100) allowed.",
          "generic.rate.volume"},
         {Stage::rcpt, "552 5.2.2 Quota exceeded (mailbox for user is full)", "generic.rcpt.full_status"},
         {Stage::rcpt, "550 User's mailbox exceeds allowed size", "generic.rcpt.full_text"}});
}

TEST(InnocentReplies, SpeakOfADomainsProofAndNotOfALogin) {
    for (const char* reply : {"550 5.7.1 Email authentication (SPF or DKIM) is required for this sender",
                              "550 5.7.1 Sender not authenticated: SPF fail",
                              "550 5.7.1 DMARC authentication failed; alignment required",
                              "550 5.7.1 Message refused: sender must be authenticated first with DKIM"}) {
        EXPECT_EQ(id_of({Stage::dot, reply, ""}, ""), "generic.policy.dmarc_spf") << reply;
    }
}

TEST(InnocentReplies, SpeakOfSomethingElseThanTheSizeOfTheMessage) {
    expect_all(
        {{Stage::dot, "550 Message line too long", "generic.data.line_too_long"},
         {Stage::dot, "554 5.7.1 The message was rejected because its score exceeds the threshold",
          "generic.fallback.5_7"},
         {Stage::dot, "550 Email has too long a Received chain; mail loop", "generic.loop_text"},
         {Stage::dot, "552 Attachment size exceeds the allowable limit", "generic.data.too_large_text"},
         {Stage::rcpt, "550 HELO name notice: blocked", "generic.rcpt.refused"}});
}

TEST(InnocentReplies, SpeakOfOtherListsThanThatOfTheSendingAddress) {
    expect_all(
        {{Stage::dot, "550 5.7.1 Message contains 3 blacklisted URLs", "generic.policy.bad_link"},
         {Stage::dot, "550 the message contains a link on a URI block list", "generic.policy.bad_link"},
         {Stage::rcpt, "550 5.7.1 recipient has blacklisted you", "generic.policy.by_recipient"},
         {Stage::rcpt,
          "554 5.7.1 Client host [203.0.113.5] blocked using zen.spamhaus.org; see https://a.test/?url=x",
          "generic.policy.dnsbl"},
         {Stage::dot, "554 5.7.0 Reject, id=12345-01 - BANNED: .exe", "generic.policy.attachment"},
         {Stage::dot, "554 5.7.0 Reject, id=1234-01 - INFECTED: Eicar", "generic.policy.virus"}});
}

TEST(InnocentReplies, OfAPauseAreNotCalledAFaultOfTheProvider) {
    expect_all(
        {{Stage::greeting, "421 Too many concurrent SMTP connections; please try again later.",
          "outlook.limit.connections_text", "microsoft365"},
         {Stage::ehlo, "421 4.7.0 Too many connections, try again later", "gmail.connect.too_many", "gmail"},
         {Stage::auth, "421 Too many failed logins, try again later", "outlook.auth.too_many",
          "microsoft365"}});
}

/// RFC 5321 section 4.2.3, RFC 4954, RFC 3463 and RFC 3207: anybody's words.
constexpr Row standard[] = {
    {Stage::auth, "535 Authentication credentials invalid", ""},
    {Stage::auth, "535 5.7.8 Authentication credentials invalid", ""},
    {Stage::auth, "454 4.7.0 Temporary authentication failure", ""},
    {Stage::auth, "534 5.7.9 Authentication mechanism is too weak", ""},
    {Stage::auth, "538 5.7.11 Encryption required for requested authentication mechanism", ""},
    {Stage::auth, "500 5.5.6 Authentication Exchange line is too long", ""},
    {Stage::auth, "432 4.7.12 A password transition is needed", ""},
    {Stage::auth, "535 Authentication failure", ""},
    {Stage::auth, "504 5.5.4 Unrecognized authentication type", ""},
    {Stage::mail, "530 5.7.0 Authentication required", ""},
    {Stage::mail, "530 5.7.0 Must issue a STARTTLS command first", ""},
    {Stage::starttls, "454 TLS not available due to temporary reason", ""},
    {Stage::mail, "421 Service not available, closing transmission channel", ""},
    {Stage::rcpt, "450 Requested mail action not taken: mailbox unavailable", ""},
    {Stage::dot, "451 Requested action aborted: local error in processing", ""},
    {Stage::mail, "452 Requested action not taken: insufficient system storage", ""},
    {Stage::mail, "455 Server unable to accommodate parameters", ""},
    {Stage::mail, "500 Syntax error, command unrecognized", ""},
    {Stage::mail, "501 Syntax error in parameters or arguments", ""},
    {Stage::mail, "502 Command not implemented", ""},
    {Stage::mail, "503 Bad sequence of commands", ""},
    {Stage::mail, "504 Command parameter not implemented", ""},
    {Stage::rcpt, "550 Requested action not taken: mailbox unavailable", ""},
    {Stage::rcpt, "551 User not local; please try <forward-path>", ""},
    {Stage::rcpt, "552 Requested mail action aborted: exceeded storage allocation", ""},
    {Stage::mail, "553 Requested action not taken: mailbox name not allowed", ""},
    {Stage::dot, "554 Transaction failed", ""},
    {Stage::mail, "555 MAIL FROM/RCPT TO parameters not recognized or not implemented", ""},
    {Stage::rcpt, "550 5.1.1 Bad destination mailbox address", ""},
    {Stage::rcpt, "550 5.1.3 Bad destination mailbox address syntax", ""},
    {Stage::mail, "501 5.1.7 Bad sender's mailbox address syntax", ""},
    {Stage::rcpt, "552 5.2.2 Mailbox full", ""},
    {Stage::dot, "552 5.3.4 Message too big for system", ""},
    {Stage::rcpt, "550 5.4.1 No answer from host", ""},
    {Stage::dot, "554 5.4.6 Routing loop detected", ""},
    {Stage::rcpt, "452 4.5.3 Too many recipients", ""},
    {Stage::rcpt, "550 5.7.1 Delivery not authorized, message refused", ""},
    {Stage::dot, "554 5.7.5 Cryptographic failure", ""}};

TEST(InnocentReplies, OfTheStandardsAreNeverCalledAnotherProvidersWords) {
    const json catalogue = json::parse(std::ifstream(BINARY_DIR "/plugin/diagnosis/errors.json"));
    const json presets = json::parse(std::ifstream(SOURCE_DIR "/manifests/providers.json"))["providers"];
    ASSERT_GE(presets.size(), 20u);
    for (const json& preset : presets) {
        for (const Row& row : standard) {
            const std::string name = preset["id"];
            const std::string id = id_of(row, name);
            for (const json& provider : catalogue["providers"]) {
                if (!id.starts_with(provider["id"].get<std::string>() + ".")) continue;
                const json& own = provider["presets"];
                EXPECT_NE(std::find(own.begin(), own.end(), name), own.end())
                    << name << ": " << row.reply << " is explained by " << id;
            }
        }
    }
}

}  // namespace
}  // namespace mailsend
