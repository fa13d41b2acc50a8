#include <gmock/gmock.h>

#include "entry_bench.hpp"

namespace {

using mailsend::SendResult;
using nlohmann::json;
using test::KeyedCall;
using testing::HasSubstr;

class LedgerEntryTest : public test::EntryBench {
  protected:
    SendResult finished(KeyedCall& call) {
        SendResult result;
        call.entry.finish(result, call.account.reader().hidden);
        return result;
    }
    void send_all() {
        KeyedCall first = call();
        first.transaction("aa");
    }
};

TEST_F(LedgerEntryTest, ADuplicateIsToldWhenTheFirstResultWasWrittenAndItsMessageId) {
    const std::int64_t first = wfc::Host(host.table()).clock().unix_ms();
    send_all();
    host.advance(3'600'000);
    KeyedCall again = call();
    EXPECT_FALSE(again.entry.work_left());
    EXPECT_TRUE(again.entry.open().empty());
    const SendResult result = finished(again);
    EXPECT_TRUE(result.duplicate);
    EXPECT_EQ(result.first_at_unix_ms, first);
    EXPECT_EQ(result.message_id, again.composed.message_id);
    EXPECT_TRUE(result.warnings.empty());
}

TEST_F(LedgerEntryTest, ACallThatSentTheRestIsNoDuplicate) {
    {
        KeyedCall first = call();
        first.transaction("ar");
    }
    KeyedCall rest = call();
    EXPECT_EQ(rest.entry.open(), std::vector<std::size_t>{1});
    rest.transaction(" a");
    EXPECT_FALSE(finished(rest).duplicate);
    EXPECT_EQ(state(), "sent ss");
}

TEST_F(LedgerEntryTest, WithTheLedgerOffItStandsAsideAndWarnsAboutAKeyInBothLanguages) {
    settings["delivery"] = {{"ledger", "off"}};
    for (const auto& [language, words] : {std::pair("en", "delivery.ledger"), std::pair("ja", "送信済み")}) {
        settings["language"] = language;
        KeyedCall one = call();
        EXPECT_TRUE(one.entry.work_left());
        EXPECT_EQ(one.entry.open(), (std::vector<std::size_t>{0, 1}));
        EXPECT_FALSE(one.order.ending);
        const SendResult result = finished(one);
        ASSERT_EQ(result.warnings.size(), 1u);
        EXPECT_THAT(result.warnings[0], HasSubstr(words));
        EXPECT_FALSE(result.duplicate);
    }
    EXPECT_EQ(state(), "none");
    input.erase("idempotency_key");
    KeyedCall without = call();
    EXPECT_TRUE(finished(without).warnings.empty());
}

TEST_F(LedgerEntryTest, AResultThatCouldNotBeWrittenDownIsWarnedAboutInBothLanguages) {
    for (const auto& [language, words] :
         {std::pair("en", "could not be written into the ledger"), std::pair("ja", "書き込めませんでした")}) {
        settings["language"] = language;
        input["idempotency_key"] = language;
        KeyedCall one = call();
        one.read();
        one.order.ending({0, 1});
        host.state().fail_with(WFC_UNAVAILABLE);
        one.order.answered(one.reports("aa"));
        const SendResult result = finished(one);
        host.state().fail_with(WFC_OK);
        ASSERT_EQ(result.warnings.size(), 1u);
        EXPECT_THAT(result.warnings[0], HasSubstr(words));
    }
}

TEST_F(LedgerEntryTest, CountsTheTimeItTook) {
    host.state().before_write([&](const std::string&) { host.advance(7); });
    KeyedCall one = call();
    one.transaction("aa");
    EXPECT_EQ(finished(one).ledger_ms, 21u) << "claimed, ending, sent";
}

TEST_F(LedgerEntryTest, AWaitForAnotherRunIsTimeOfTheLedgerAndItsEndSaysBusy) {
    KeyedCall first = call();
    try {
        call(0);
        FAIL() << "two have the claim";
    } catch (const mailsend::Failure& busy) {
        EXPECT_EQ(busy.facts().condition, "ledger.busy");
    }
    EXPECT_EQ(state(), "claimed oo");
}

TEST_F(LedgerEntryTest, KeepsTheReplyWithoutTheAddressesThatAreHidden) {
    for (const bool hidden : {false, true}) {
        settings["privacy"] = {{"hide_addresses", hidden}};
        input["idempotency_key"] = "key";
        KeyedCall one = call();
        auto reports = one.reports("aa");
        for (auto& report : reports)
            report.reply = mailsend::Reply{250, {"250 2.1.5 <bob@example.test> queued"}};
        one.read();
        one.order.ending({0, 1});
        one.order.answered(reports);
        finished(one);
        state();
        EXPECT_EQ(record.dump().find("bob@") == std::string::npos, hidden) << record;
        for (const std::string& key : host.state().keys()) host.state().erase(key);
    }
}

TEST_F(LedgerEntryTest, ABodyThatCanBeReadOnceIsEnoughForAResultAndForADuplicate) {
    input["attachments"] = {{{"path", "a.txt"}}};
    wfc::testhost::Content content{.bytes = "one"};
    content.rewinds = false;
    host.file("a.txt", content);
    send_all();
    EXPECT_EQ(state(), "sent ss");
    KeyedCall again = call();
    EXPECT_FALSE(again.entry.work_left());
    content.bytes = "two";
    host.file("a.txt", content);
    EXPECT_THROW(call(), wfc::Problem);
}

TEST_F(LedgerEntryTest, ABodyThatCannotBeReadSaysSoAndNeverThatItWasADuplicate) {
    input["attachments"] = {{{"path", "a.txt"}}};
    host.file("a.txt", {.bytes = "one"});
    send_all();
    wfc::testhost::Content broken{.bytes = "one"};
    broken.fail_at = 1;
    host.file("a.txt", broken);
    EXPECT_THROW(call(), mailsend::SourceBroken);
    EXPECT_EQ(state(), "sent ss");
}

}  // namespace
