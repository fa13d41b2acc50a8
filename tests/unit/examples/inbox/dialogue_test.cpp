#include "inbox/dialogue.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "pair.hpp"
#include "support/scratch.hpp"

namespace inbox {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A dialogue on a thread, a client, and a store that goes away with them.
class DialogueTest : public testing::Test {
  protected:
    DialogueTest() {
        premises_.store = &store_;
        premises_.auth_in_clear = true;
        premises_.log = [this](const std::string& event) {
            const std::lock_guard lock(mutex_);
            log_ += event + "\n";
        };
    }
    ~DialogueTest() override {
        pair_.stop.ask();
        if (thread_.joinable()) thread_.join();
    }

    /// Starts the dialogue and returns the greeting.
    std::string start(std::string_view script = "") {
        script_ = Script::parse(script);
        thread_ = std::thread([this] { Dialogue(pair_.wire, premises_, script_).run(false); });
        return pair_.client.reply();
    }
    std::string ask(const std::string& command) { return pair_.client.ask(command); }
    void in_transaction(std::string_view script = "") {
        start(script);
        ask("EHLO client.example.test");
        ask("MAIL FROM:<alice@example.test>");
        ASSERT_THAT(ask("RCPT TO:<bob@example.test>"), StartsWith("250"));
    }
    std::vector<std::string> stored(const std::string& extension) const {
        std::vector<std::string> out;
        for (const auto& entry : std::filesystem::directory_iterator(scratch_.path())) {
            if (entry.path().extension() != extension) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            out.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        }
        return out;
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(scratch_.path()), {}));
    }

    wfc::test::Scratch scratch_;
    Store store_{scratch_.path()};
    Premises premises_;
    Script script_;
    Pair pair_;
    std::thread thread_;
    std::mutex mutex_;
    std::string log_;
};

TEST_F(DialogueTest, MeetsAChangedScriptWithTheNextMessageOfTheConnection) {
    std::atomic<int> asked = 0;
    premises_.script = [&asked] { return Script::parse(asked++ == 0 ? "" : "mail reply 451 4.3.0 Changed"); };
    in_transaction();
    EXPECT_THAT(ask("RSET"), StartsWith("250"));
    EXPECT_THAT(ask("MAIL FROM:<alice@example.test>"), StartsWith("451 4.3.0 Changed"));
}

TEST_F(DialogueTest, SaysThatAChangedScriptHasAnErrorAndHangsUp) {
    premises_.script = [] { return Script::parse("mail dance"); };
    start();
    ask("EHLO client.example.test");
    EXPECT_THAT(ask("MAIL FROM:<alice@example.test>"),
                StartsWith("421 4.3.0 The script of this inbox has an error: line 1"));
}

TEST_F(DialogueTest, StoresTheBytesAndTheEnvelope) {
    in_transaction();
    EXPECT_THAT(ask("DATA"), StartsWith("354 "));
    EXPECT_THAT(ask("Subject: x\r\n\r\n..dot\r\nend\r\n."), StartsWith("250 2.0.0 Ok: queued as "));
    EXPECT_THAT(ask("QUIT"), StartsWith("221"));
    ASSERT_EQ(stored(".eml").size(), 1u);
    EXPECT_EQ(stored(".eml")[0], "Subject: x\r\n\r\n.dot\r\nend\r\n");
    const auto sidecar = nlohmann::json::parse(stored(".json").at(0));
    EXPECT_EQ(sidecar["from"]["address"], "alice@example.test");
    EXPECT_EQ(sidecar["to"][0]["address"], "bob@example.test");
    EXPECT_EQ(sidecar["ehlo"], "client.example.test");
    EXPECT_EQ(sidecar["size"], 25);
    EXPECT_TRUE(sidecar["tls"].is_null());
}

TEST_F(DialogueTest, OffersOnlyWhatItWasTold) {
    premises_.offers = Offers::parse("SIZE=1000,DSN");
    start();
    EXPECT_EQ(ask("EHLO a.test"), "250-mail.example.test\r\n250-DSN\r\n250 SIZE 1000\r\n");
    EXPECT_THAT(ask("MAIL FROM:<a@b.test> SMTPUTF8"), StartsWith("555 Parameter"));
    EXPECT_THAT(ask("MAIL FROM:<a@b.test> SIZE=1001"), StartsWith("552 "));
    EXPECT_THAT(ask("BDAT 0 LAST"), StartsWith("502 "));
    EXPECT_THAT(ask("STARTTLS"), StartsWith("502 "));
    EXPECT_THAT(ask("AUTH PLAIN AGEAYg=="), StartsWith("502 "));
}

TEST_F(DialogueTest, RefusesCommandsOutOfOrderOrMisspelt) {
    start();
    EXPECT_THAT(ask("MAIL FROM:<a@b.test>"), StartsWith("503 5.5.1 Send EHLO"));
    EXPECT_THAT(ask("EHLO"), StartsWith("501 5.5.4"));
    EXPECT_THAT(ask("FOO"), StartsWith("500 5.5.2"));
    ask("EHLO a.test");
    EXPECT_THAT(ask("RCPT TO:<a@b.test>"), StartsWith("503"));
    EXPECT_THAT(ask("DATA"), StartsWith("503"));
    EXPECT_THAT(ask("MAIL FROM: <a@b.test>"), StartsWith("501"));
    EXPECT_THAT(ask("MAIL FROM:<\xe5@b.test>"), StartsWith("553 5.6.7"));
    EXPECT_THAT(ask("MAIL FROM:<a@b.test> BODY=BINARYMIME"), StartsWith("501"));
    EXPECT_THAT(ask("MAIL FROM:<a@b.test>"), StartsWith("250"));
    EXPECT_THAT(ask("MAIL FROM:<a@b.test>"), StartsWith("503 5.5.1 Nested"));
    EXPECT_THAT(ask("DATA"), StartsWith("554"));
    EXPECT_THAT(ask("RCPT TO:<>"), StartsWith("501"));
    EXPECT_THAT(ask("RSET now"), StartsWith("501"));
    EXPECT_THAT(ask("RSET"), StartsWith("250"));
    EXPECT_THAT(ask("RCPT TO:<a@b.test>"), StartsWith("503"));
    EXPECT_THAT(ask(std::string(3000, 'x')), StartsWith("500 5.5.2 Line too long"));
}

TEST_F(DialogueTest, EndsAfterTooManyErrors) {
    start();
    std::string last;
    for (int i = 0; i < 30 && last.rfind("421", 0) != 0; ++i) last = ask("FOO");
    EXPECT_THAT(last, StartsWith("421 4.7.0"));
    EXPECT_EQ(pair_.client.reply(), "");
}

TEST_F(DialogueTest, TakesChunksOfAnyBytes) {
    in_transaction();
    pair_.client.send("BDAT 5\r\na\r\n.\rBDAT 4 LAST\r\n\n..\n");
    EXPECT_THAT(pair_.client.reply(), StartsWith("250 2.0.0 5 octets"));
    EXPECT_THAT(pair_.client.reply(), StartsWith("250 2.0.0 Ok: queued"));
    EXPECT_EQ(stored(".eml").at(0), "a\r\n.\r\n..\n");
    EXPECT_EQ(nlohmann::json::parse(stored(".json").at(0))["transfer"], "BDAT");
}

TEST_F(DialogueTest, SwallowsAChunkThatCannotBe) {
    start();
    pair_.client.send("BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n");
    EXPECT_THAT(pair_.client.reply(), StartsWith("503"));
    EXPECT_THAT(pair_.client.reply(), StartsWith("250"));
}

TEST_F(DialogueTest, RefusesAMessageOverTheLimitAndLeavesNothing) {
    premises_.offers.size_limit = 100;
    in_transaction();
    ask("DATA");
    EXPECT_THAT(ask(std::string(200, 'x') + "\r\n."), StartsWith("552 5.3.4"));
    EXPECT_EQ(files(), 0u);
    EXPECT_THAT(ask("MAIL FROM:<a@b.test>"), StartsWith("250"));
}

TEST_F(DialogueTest, ChecksCredentialsAndNeverWritesThemDown) {
    premises_.users.emplace()["alice"] = "s3cret-canary";
    start();
    ask("EHLO a.test");
    EXPECT_THAT(ask("AUTH PLAIN AGFsaWNlAHdyb25n"), StartsWith("535 5.7.8"));
    EXPECT_THAT(ask("AUTH CRAM-MD5"), StartsWith("504"));
    EXPECT_THAT(ask("AUTH PLAIN !"), StartsWith("501"));
    EXPECT_EQ(ask("AUTH LOGIN"), "334 VXNlcm5hbWU6\r\n");
    EXPECT_THAT(ask("*"), StartsWith("501"));
    EXPECT_EQ(ask("AUTH LOGIN YWxpY2U="), "334 UGFzc3dvcmQ6\r\n");
    EXPECT_THAT(ask("czNjcmV0LWNhbmFyeQ=="), StartsWith("235"));
    EXPECT_THAT(ask("AUTH PLAIN AGFsaWNlAHdyb25n"), StartsWith("503"));
    EXPECT_THAT(ask("czNjcmV0LWNhbmFyeQ=="), StartsWith("500"));
    ask("MAIL FROM:<a@b.test>");
    ask("RCPT TO:<a@b.test>");
    ask("DATA");
    ask("x\r\n.");
    EXPECT_THAT(stored(".json").at(0), HasSubstr("\"user\": \"alice\""));
    EXPECT_THAT(stored(".json").at(0), testing::Not(HasSubstr("canary")));
    const std::lock_guard lock(mutex_);
    EXPECT_THAT(log_, testing::Not(testing::AnyOf(HasSubstr("canary"), HasSubstr("czNjcmV0"))));
}

TEST_F(DialogueTest, TakesAccessTokensWhereTheyAreOfferedAndSaysWhyItRefusesOne) {
    premises_.offers = Offers::parse("AUTH=XOAUTH2,AUTH=OAUTHBEARER");
    premises_.users.emplace()["alice"] = "canary-token";
    start();
    EXPECT_THAT(ask("EHLO a.test"), HasSubstr("AUTH XOAUTH2 OAUTHBEARER\r\n"));
    EXPECT_THAT(ask("AUTH PLAIN AGEAYg=="), StartsWith("504"));
    EXPECT_THAT(ask("AUTH XOAUTH2 AGEAYg=="), StartsWith("501"));
    EXPECT_EQ(ask("AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB3cm9uZwEB"),
              "334 eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJtYWlsLnNlbmQifQ==\r\n");
    EXPECT_EQ(ask(""), "535 Authentication credentials invalid\r\n");
    EXPECT_EQ(ask("AUTH OAUTHBEARER bixhPWFsaWNlLAFhdXRoPUJlYXJlciB3cm9uZwEB"),
              "334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJtYWlsLnNlbmQifQ==\r\n");
    EXPECT_EQ(ask("AQ=="), "535 Authentication credentials invalid\r\n");
    EXPECT_EQ(ask("AUTH OAUTHBEARER"), "334 \r\n");
    EXPECT_THAT(ask("bixhPWFsaWNlLAFob3N0PWgBcG9ydD0xAWF1dGg9QmVhcmVyIGNhbmFyeS10b2tlbgEB"),
                StartsWith("235"));
    ask("MAIL FROM:<a@b.test>");
    ask("RCPT TO:<a@b.test>");
    ask("DATA");
    ask("x\r\n.");
    EXPECT_THAT(stored(".json").at(0), HasSubstr("\"mechanism\": \"OAUTHBEARER\""));
    EXPECT_THAT(stored(".json").at(0), HasSubstr("\"user\": \"alice\""));
    EXPECT_THAT(stored(".json").at(0), testing::Not(HasSubstr("canary")));
    const std::lock_guard lock(mutex_);
    EXPECT_THAT(log_, testing::Not(testing::AnyOf(HasSubstr("canary"), HasSubstr("dXNlcj"))));
}

TEST_F(DialogueTest, RefusesATokenAsTheScriptSaysWithOrWithoutAChallenge) {
    premises_.offers = Offers::parse("AUTH=XOAUTH2");
    start(
        "auth #1 reply 535 5.7.3 Authentication unsuccessful\n"
        "challenge #1 reply 334 e30=\n"
        "auth #2 reply 535 5.7.3 Again\n");
    ask("EHLO a.test");
    EXPECT_EQ(ask("AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBjYW5hcnktdG9rZW4BAQ=="), "334 e30=\r\n");
    EXPECT_EQ(ask(""), "535 5.7.3 Authentication unsuccessful\r\n");
    EXPECT_EQ(ask("AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBjYW5hcnktdG9rZW4BAQ=="),
              "535 5.7.3 Again\r\n");
    EXPECT_THAT(ask("AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBjYW5hcnktdG9rZW4BAQ=="), StartsWith("235"));
}

TEST_F(DialogueTest, AnswersAsTheScriptSaysAndGoesOnAccordingly) {
    start(
        "auth reply 535 5.7.139 Authentication unsuccessful\\n5.7.139 Visit us\n"
        "rcpt <eve@example.test> reply 550 5.1.1 No such user\n"
        "rcpt #3 reply 452 4.5.3 Enough\n"
        "dot reply 451 4.3.0 Later\n");
    ask("EHLO a.test");
    EXPECT_EQ(ask("AUTH PLAIN AGEAYg=="),
              "535-5.7.139 Authentication unsuccessful\r\n535 5.7.139 Visit us\r\n");
    ask("MAIL FROM:<a@b.test>");
    EXPECT_EQ(ask("RCPT TO:<eve@example.test>"), "550 5.1.1 No such user\r\n");
    EXPECT_THAT(ask("DATA"), StartsWith("554"));
    EXPECT_THAT(ask("RCPT TO:<bob@example.test>"), StartsWith("250"));
    EXPECT_THAT(ask("RCPT TO:<carol@example.test>"), StartsWith("452"));
    ask("DATA");
    EXPECT_EQ(ask("x\r\n."), "451 4.3.0 Later\r\n");
    EXPECT_EQ(files(), 0u);
}

TEST_F(DialogueTest, KeepsAMessageWhoseAcknowledgementIsCutOff) {
    in_transaction("dot cut\n");
    ask("DATA");
    EXPECT_EQ(ask("x\r\n."), "");
    EXPECT_EQ(stored(".eml").size(), 1u);
}

TEST_F(DialogueTest, DelaysDripsFloodsAndCloses) {
    const std::string greeting = start(
        "greeting drip 2ms reply 220 slow\n"
        "noop #1 delay 60ms\n"
        "noop #2 garbage 00ff0d0a\n"
        "noop #3 raw \"250-a\\r\\n\" raw \"250 b\\r\\n\"\n"
        "noop #4 flood 250\n"
        "|       reply 250 at last\n"
        "noop #5 close-after reply 421 enough\n");
    EXPECT_EQ(greeting, "220 slow\r\n");
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(ask("NOOP"), "250 2.0.0 Ok\r\n");
    EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(60));
    EXPECT_EQ(ask("NOOP"), std::string("\0\xff\r\n", 4));
    EXPECT_EQ(ask("NOOP"), "250-a\r\n250 b\r\n");
    const std::string flood = ask("NOOP");
    EXPECT_EQ(std::count(flood.begin(), flood.end(), '\n'), 251);
    EXPECT_EQ(ask("NOOP"), "421 enough\r\n");
    EXPECT_EQ(pair_.client.reply(), "");
}

TEST_F(DialogueTest, StaysSilentUntilTheClientGoes) {
    start("ehlo silence\n");
    pair_.client.send("EHLO a.test\r\nNOOP\r\n");
    std::this_thread::sleep_for(milliseconds(50));
    pair_.client.close();
    thread_.join();  // returns because the client went
    const std::lock_guard lock(mutex_);
    EXPECT_THAT(log_, HasSubstr("connection over"));
}

}  // namespace
}  // namespace inbox
