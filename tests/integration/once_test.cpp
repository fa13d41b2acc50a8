// One message by one key, against an inbox in this process: never twice, and the result says what happened.
#include <gmock/gmock.h>
#include <thread>

#include "support/served_mail_send.hpp"

namespace {

using nlohmann::json;
using test::Sent;
using testing::HasSubstr;

class Once : public test::ServedMailSend {
  protected:
    Once() { serve(); }

    /// `delivery` of the settings, in clear.
    void settle_on(const json& delivery) {
        json settings = test::LoadedMailSend::in_clear(port());
        settings["delivery"] = delivery;
        mail_send_.configure(settings);
    }
    static json message(const std::string& key, const json& change = json::object()) {
        json input = {{"to", {"bob@example.test"}}, {"subject", "Test"}, {"text", "Hello"}};
        if (!key.empty()) input["idempotency_key"] = key;
        input.merge_patch(change);
        return input;
    }
    Sent send(const json& input, const std::string& call_id = "call-1", std::uint64_t deadline_ms = 0) {
        wfc::testhost::TestCall call("send", input.dump());
        call.id(call_id);
        if (deadline_ms != 0) call.deadline_ms(mail_send_.host.now_ms() + deadline_ms);
        const wfc_status status = mail_send_.component.invoke(*call.table());
        return {status, json::parse(call.result())};
    }
};

TEST_F(Once, TheSameKeyAgainReturnsTheFirstResultAndSendsNothing) {
    settle_on(json::object());
    const Sent first = send(message("order-7"), "call-1");
    const Sent again = send(message("order-7"), "call-2");
    EXPECT_EQ(first.document["outcome"], "accepted");
    EXPECT_FALSE(first.document.contains("duplicate"));
    EXPECT_EQ(again.status, WFC_OK);
    EXPECT_EQ(again.document["duplicate"], true);
    for (const char* const member : {"outcome", "message_id", "reply", "accepted"})
        EXPECT_EQ(again.document[member], first.document[member]) << member;
    EXPECT_TRUE(again.document["attempts"].empty());
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(Once, WithoutAKeyTheCallIdIsOne) {
    settle_on(json::object());
    send(message(""), "flow/2026-11-23T09:00:00Z/mail");
    EXPECT_EQ(send(message(""), "flow/2026-11-23T09:00:00Z/mail").document["duplicate"], true);
    EXPECT_FALSE(send(message(""), "flow/2026-11-24T09:00:00Z/mail").document.contains("duplicate"));
    EXPECT_EQ(arrived().size(), 2u);
}

TEST_F(Once, OtherContentUnderTheKeyIsInvalidInput) {
    settle_on(json::object());
    mail_send_.host.file("a.txt", {.bytes = "one"});
    const json with_file = {{"attachments", {{{"path", "a.txt"}}}}};
    ASSERT_EQ(send(message("k", with_file)).document["outcome"], "accepted");
    mail_send_.host.file("a.txt", {.bytes = "two"});
    for (const json& change : {json{{"text", "Other"}}, json{{"to", {"carol@example.test"}}}, with_file}) {
        const Sent other = send(message("k", change));
        EXPECT_EQ(other.status, WFC_INVALID_INPUT) << change;
        EXPECT_EQ(other.id(), "ledger.key_reused");
        EXPECT_EQ(other.document["error"]["pointer"], "/idempotency_key");
    }
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(Once, APartialResultGoesOnWithTheRestAlone) {
    settle_on({{"attempts", 1}});
    const json all = {{"to", {"bob@example.test", "carol@example.test"}}};
    script("rcpt <carol@example.test> reply 450 4.2.0 Mailbox busy\n");
    const Sent first = send(message("k", all));
    EXPECT_EQ(first.document["outcome"], "partial");
    script("");
    const Sent rest = send(message("k", all));
    EXPECT_EQ(rest.document["outcome"], "accepted");
    EXPECT_EQ(rest.document["accepted"], json::array({"bob@example.test", "carol@example.test"}));
    EXPECT_EQ(rest.document["message_id"], first.document["message_id"]);
    ASSERT_EQ(arrived().size(), 2u);
    EXPECT_EQ(send(message("k", all)).document["duplicate"], true);
    std::vector<std::string> reached;
    for (const json& envelope : arrived()) {
        ASSERT_EQ(envelope["to"].size(), 1u) << envelope;
        reached.push_back(envelope["to"][0].value("address", ""));
    }
    EXPECT_THAT(reached, testing::UnorderedElementsAre("bob@example.test", "carol@example.test"));
}

TEST_F(Once, WhatIsUnknownStaysSoUntilAPersonDecides) {
    settle_on({{"attempts", 3}});
    script("dot cut\n");
    const Sent lost = send(message("k"));
    EXPECT_EQ(lost.document["outcome"], "unknown");
    EXPECT_EQ(lost.document["attempts"].size(), 1u);
    script("");
    const Sent again = send(message("k"));
    EXPECT_EQ(again.document["outcome"], "unknown");
    EXPECT_EQ(again.id(), "ledger.unknown");
    EXPECT_EQ(again.document["duplicate"], true);
    EXPECT_THAT(again.document["error"]["explanation"].dump(), HasSubstr("resend"));
    EXPECT_EQ(arrived().size(), 1u);
    const Sent resent = send(message("k", {{"on_unknown", "resend"}}));
    EXPECT_EQ(resent.document["outcome"], "accepted");
    EXPECT_EQ(resent.document["message_id"], lost.document["message_id"]);
    EXPECT_EQ(arrived().size(), 2u);
}

TEST_F(Once, WhatFailedBeforeItWasHandedOverMayBeTriedAgainAndChanged) {
    settle_on({{"attempts", 1}});
    script("rcpt reply 550 5.1.1 No such user\n");
    EXPECT_EQ(send(message("k")).document["outcome"], "rejected");
    script("");
    EXPECT_EQ(send(message("k", {{"to", {"carol@example.test"}}})).document["outcome"], "accepted");
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(Once, WithTheLedgerOffEachCallSendsAndAKeyIsWarnedAbout) {
    settle_on({{"ledger", "off"}});
    EXPECT_TRUE(send(message("")).document["warnings"].empty());
    const Sent warned = send(message("k"));
    EXPECT_FALSE(send(message("k")).document.contains("duplicate"));
    ASSERT_EQ(warned.document["warnings"].size(), 1u);
    EXPECT_THAT(warned.document["warnings"][0].get<std::string>(), HasSubstr("delivery.ledger"));
    EXPECT_EQ(arrived().size(), 3u);
}

TEST_F(Once, NothingIsSentWhereTheStoreDoesNotWork) {
    settle_on(json::object());
    mail_send_.host.state().fail_with(WFC_UNAVAILABLE);
    const Sent refused = send(message("k"));
    EXPECT_EQ(refused.id(), "host.state");
    EXPECT_EQ(refused.stage(), "host");
    mail_send_.host.state().fail_with(WFC_OK);
    EXPECT_TRUE(arrived().empty());
    EXPECT_EQ(send(message("k")).document["outcome"], "accepted");
}

TEST_F(Once, ManyThreadsWithOneKeySendOnce) {
    settle_on(json::object());
    std::vector<json> documents(8);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < documents.size(); ++i)
        threads.emplace_back(
            [&, i] { documents[i] = send(message("k"), "call-" + std::to_string(i)).document; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(arrived().size(), 1u);
    EXPECT_EQ(std::count_if(documents.begin(), documents.end(),
                            [](const json& one) { return one.value("duplicate", false); }),
              7);
    for (const json& one : documents) EXPECT_EQ(one["outcome"], "accepted") << one;
}

TEST_F(Once, ManyRecipientsAreSplitOverMessagesWithOneResult) {
    settle_on({{"limits", {{"recipients_per_message", 2}}}});
    json to = json::array();
    for (int i = 0; i < 5; ++i) to.push_back("user" + std::to_string(i) + "@example.test");
    const Sent sent = send(message("k", {{"to", to}}));
    EXPECT_EQ(sent.document["outcome"], "accepted");
    EXPECT_EQ(sent.document["accepted"], to);
    EXPECT_EQ(sent.document["attempts"].size(), 3u);
    EXPECT_EQ(sent.document["attempts"][2]["reused"], true);
    EXPECT_EQ(arrived().size(), 3u);
    EXPECT_EQ(send(message("k", {{"to", to}})).document["duplicate"], true);
}

TEST_F(Once, AllOrNobodyCannotBeSplit) {
    settle_on({{"on_partial", "fail"}, {"limits", {{"recipients_per_message", 1}}}});
    const Sent refused = send(message("k", {{"to", {"bob@example.test", "carol@example.test"}}}));
    EXPECT_EQ(refused.status, WFC_INVALID_INPUT);
    EXPECT_EQ(refused.document["error"]["pointer"], "/to");
    EXPECT_TRUE(arrived().empty());
}

TEST_F(Once, ALimitThatIsReachedIsAnsweredAtOnceWithTheTime) {
    settle_on({{"limits", {{"messages_per_minute", 2}}}});
    for (const char* const key : {"a", "b"}) EXPECT_EQ(send(message(key)).document["outcome"], "accepted");
    const Sent refused = send(message("c"), "call-1", 5'000);
    EXPECT_EQ(refused.id(), "limit.messages_per_minute");
    EXPECT_EQ(refused.document["error"]["retry"]["advice"], "after");
    EXPECT_GT(refused.document["error"]["retry"]["delay_ms"], 5'000);
    EXPECT_EQ(refused.document["not_attempted"], json::array({"bob@example.test"}));
    EXPECT_EQ(arrived().size(), 2u);
}

TEST_F(Once, TemporaryTroubleIsWaitedOut) {
    settle_on({{"attempts", 4}});
    script("greeting #1 cut\n");  // of each connection: the script is changed once the first was refused
    std::thread repair([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        script("");
    });
    const Sent sent = send(message("k"));
    repair.join();
    EXPECT_EQ(sent.document["outcome"], "accepted");
    ASSERT_GT(sent.document["attempts"].size(), 1u);
    EXPECT_EQ(sent.document["attempts"][0]["error"]["id"], "greet.eof");
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(Once, WhoHasItIsSaidAlsoWhereTheRestIsKeptBackByASecretOrACancelledWait) {
    json settings = this->settings(false);
    settings["delivery"] = {{"attempts", 1}};
    mail_send_.configure(settings);
    const json all = {{"to", {"bob@example.test", "carol@example.test"}}};
    script("rcpt <carol@example.test> reply 450 4.2.0 Mailbox busy\n");
    ASSERT_EQ(send(message("k", all)).document["outcome"], "partial");
    mail_send_.host.secret_status("alice", WFC_NOT_FOUND);
    const Sent kept_back = send(message("k", all));
    EXPECT_EQ(kept_back.document["outcome"], "partial") << kept_back.document;
    EXPECT_EQ(kept_back.id(), "secret.missing");
    EXPECT_EQ(kept_back.document["accepted"], json::array({"bob@example.test"}));
    EXPECT_EQ(kept_back.document["not_attempted"], json::array({"carol@example.test"}));
    EXPECT_EQ(send(message("other", all)).status, WFC_INVALID_SETTINGS) << "nobody has that one";
    mail_send_.host.secret_status("alice", WFC_OK);
    script("");
    EXPECT_EQ(send(message("k", all)).document["outcome"], "accepted");
    EXPECT_EQ(arrived().size(), 2u);
}

TEST_F(Once, ASecondTryThatFailsDoesNotSayThatTheFirstOneDid) {
    settle_on({{"attempts", 1}});
    script("dot cut\n");
    ASSERT_EQ(send(message("k")).document["outcome"], "unknown");
    script("rcpt reply 450 4.2.0 Mailbox busy\n");
    const Sent again = send(message("k", {{"on_unknown", "resend"}}));
    EXPECT_EQ(again.document["outcome"], "unknown");
    EXPECT_EQ(again.document["unknown"], json::array({"bob@example.test"}));
    EXPECT_TRUE(again.document["rejected"].empty());
    EXPECT_EQ(again.stage(), "rcpt") << "what happened now";
    EXPECT_EQ(again.document["error"]["class"], "transient");
}

TEST_F(Once, AnotherAttachmentForTheRestIsInvalidInput) {
    settle_on({{"attempts", 1}});
    mail_send_.host.file("a.txt", {.bytes = "one"});
    const json all = {{"to", {"bob@example.test", "carol@example.test"}},
                      {"attachments", {{{"path", "a.txt"}}}}};
    script("rcpt <carol@example.test> reply 450 4.2.0 Mailbox busy\n");
    ASSERT_EQ(send(message("k", all)).document["outcome"], "partial");
    script("");
    mail_send_.host.file("a.txt", {.bytes = "two"});
    EXPECT_EQ(send(message("k", all)).id(), "ledger.key_reused");
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(Once, AnAttachmentThatChangesBetweenTwoTransactionsEndsItWithWhatIsKnown) {
    settle_on({{"limits", {{"recipients_per_message", 1}}}});
    mail_send_.host.file("a.txt", {.bytes = "one", .after_rewind = "two"});
    const Sent sent = send(message(
        "k", {{"to", {"bob@example.test", "carol@example.test"}}, {"attachments", {{{"path", "a.txt"}}}}}));
    EXPECT_EQ(sent.document["outcome"], "partial") << sent.document;
    EXPECT_EQ(sent.id(), "content.source_failed");
    EXPECT_EQ(sent.document["accepted"], json::array({"bob@example.test"}));
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(Once, ABusyKeyNamesTheMessageAndTheTimeThatWasWaited) {
    settle_on(json::object());
    script("dot delay 3s\n");
    std::thread first([&] { send(message("k"), "call-1"); });
    while (mail_send_.host.state().keys().empty()) std::this_thread::yield();
    const Sent second = send(message("k"), "call-2", 300);
    first.join();
    EXPECT_EQ(second.id(), "ledger.busy");
    EXPECT_EQ(second.document["message_id"], send(message("k")).document["message_id"]);
    EXPECT_GE(second.document["timing_ms"]["ledger"], 100);
    EXPECT_EQ(arrived().size(), 1u);
}

}  // namespace
