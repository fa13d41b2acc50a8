#include "ledger/record.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace mailsend::ledger {
namespace {

Record partial() {
    Record record;
    record.phase = Phase::partial;
    record.owner = "owner";
    record.at_unix_ms = 1'700'000'000'000;
    record.first_at_unix_ms = 1'700'000'000'001;
    record.draft_digest = "draft1:aa";
    record.body_digest = "body1:aa";
    record.message_id = "<id@example.test>";
    record.standings = {Standing::sent, Standing::open};
    record.reply = Reply{250, {"250-one \"two\"", "250 \xe4\xb8\x89"}};
    return record;
}

TEST(LedgerRecord, IsReadAsItWasWritten) {
    const Record record = partial();
    const Record again = read_record(written(record));
    EXPECT_EQ(written(again), written(record));
    EXPECT_EQ(again.phase, Phase::partial);
    EXPECT_EQ(again.standings, record.standings);
    ASSERT_TRUE(again.reply);
    EXPECT_EQ(again.reply->lines, record.reply->lines);
    EXPECT_EQ(written(record).find('\n'), std::string::npos);
}

TEST(LedgerRecord, IsRefusedWhereAnythingInItIsNotOurs) {
    const nlohmann::json good = nlohmann::json::parse(written(partial()));
    const nlohmann::json long_reply = {{"code", 250}, {"lines", {std::string(4097, 'x')}}};
    const std::vector<std::pair<const char*, nlohmann::json>> faults = {{"/format", nullptr},
                                                                        {"/format", 0},
                                                                        {"/format", -1},
                                                                        {"/format", "1"},
                                                                        {"/format", 1.5},
                                                                        {"/state", "done"},
                                                                        {"/state", "sent"},
                                                                        {"/state", "failed"},
                                                                        {"/state", "unknown"},
                                                                        {"/state", "ending"},
                                                                        {"/state", 1},
                                                                        {"/recipients", ""},
                                                                        {"/recipients", "sx"},
                                                                        {"/recipients", "se"},
                                                                        {"/recipients", "su"},
                                                                        {"/recipients", "ss"},
                                                                        {"/recipients", 7},
                                                                        {"/at", -1},
                                                                        {"/at", 1e30},
                                                                        {"/at", 253'402'300'800'000},
                                                                        {"/at", "1"},
                                                                        {"/first_at", nullptr},
                                                                        {"/owner", ""},
                                                                        {"/owner", "a b"},
                                                                        {"/owner", std::string(2000, 'x')},
                                                                        {"/draft", ""},
                                                                        {"/body", ""},
                                                                        {"/body", "a\nb"},
                                                                        {"/message_id", "\xc3\xa4"},
                                                                        {"/reply", "250 ok"},
                                                                        {"/reply/code", 199},
                                                                        {"/reply/code", 600},
                                                                        {"/reply/code", "250"},
                                                                        {"/reply/lines", "ok"},
                                                                        {"/reply/lines/0", 1},
                                                                        {"/reply/lines/0", "a\r\nb"},
                                                                        {"/reply", long_reply},
                                                                        {"/reply/more", 1},
                                                                        {"/more", 1}};
    for (const auto& [pointer, value] : faults) {
        nlohmann::json bad = good;
        bad[nlohmann::json::json_pointer(pointer)] = value;
        EXPECT_THROW(read_record(bad.dump()), std::invalid_argument) << pointer << ' ' << value;
    }
    for (const auto& [member, value] : good.items()) {
        if (member == "reply") continue;
        nlohmann::json bad = good;
        bad.erase(member);
        EXPECT_THROW(read_record(bad.dump()), std::invalid_argument) << "without " << member;
    }
    const std::string text = good.dump();
    for (std::size_t end = 0; end < text.size(); ++end)
        EXPECT_THROW(read_record(text.substr(0, end)), std::invalid_argument) << end;
}

TEST(LedgerRecord, OfANewerMailSendIsToldFromADamagedOne) {
    nlohmann::json newer = nlohmann::json::parse(written(partial()));
    newer["format"] = 2;
    newer["news"] = "yes";
    try {
        read_record(newer.dump());
        FAIL() << "read";
    } catch (const std::invalid_argument& why) {
        EXPECT_STREQ(why.what(), "was written by a newer MailSend");
    }
}

TEST(LedgerRecord, KeepsOfAReplyWhatIsPrintableAndNotTooLong) {
    const Reply one = kept({250, {"250-\x1b[31mred", std::string(5000, 'x'), "250 end"}});
    EXPECT_EQ(one.lines.at(0), "250-\\x1B[31mred");
    std::size_t length = 0;
    for (const std::string& line : one.lines) length += line.size();
    EXPECT_LE(length, 4096U);
    EXPECT_EQ(kept({250, std::vector<std::string>(1000, "")}).lines.size(), 32U);
    Record record = partial();
    record.reply = one;
    EXPECT_EQ(written(read_record(written(record))), written(record));
}

}  // namespace
}  // namespace mailsend::ledger
