#include "governor/admission.hpp"

#include <gtest/gtest.h>

namespace mailsend::governor {
namespace {

constexpr std::uint64_t now_ms = 500'000'000;

WindowRecord after(int messages, std::uint64_t recipients_each) {
    WindowRecord record;
    record.time_ms = now_ms;
    for (int i = 0; i < messages; ++i) record.count(now_ms, recipients_each);
    return record;
}

TEST(Admission, IsGrantedWhileEveryWindowHasRoom) {
    const Limits limits{.messages_per_minute = 30, .messages_per_day = 100, .recipients_per_day = 1'000};
    EXPECT_TRUE(asked(after(29, 10), now_ms, limits, 710).granted());
    EXPECT_FALSE(asked(after(29, 10), now_ms, limits, 711).granted());
    EXPECT_FALSE(asked(after(30, 1), now_ms, limits, 1).granted());
    EXPECT_TRUE(asked(after(30, 1), now_ms, {}, 1).granted()) << "without limits";
}

TEST(Admission, NamesTheLimitThatTakesLongest) {
    const Limits limits{.messages_per_minute = 2, .messages_per_day = 2, .recipients_per_day = 1'000};
    const Admission answer = asked(after(2, 1), now_ms, limits, 1);
    EXPECT_STREQ(answer.limit, "messages_per_day");
    EXPECT_EQ(answer.allowed, 2u);
    EXPECT_GT(answer.wait_ms, 86'000'000u);
}

TEST(Admission, TellsWhoCannotWaitWhenItMayGo) {
    const Admission answer = asked(after(30, 1), now_ms, {.messages_per_minute = 30}, 1);
    const Facts facts =
        refused(answer, 1, 1'800'000'000'001 - static_cast<std::int64_t>(answer.wait_ms)).facts();
    EXPECT_EQ(facts.stage, Stage::mail);
    EXPECT_EQ(facts.condition, "limit.messages_per_minute");
    EXPECT_EQ(facts.sentence,
              "this account may send 30 messages a minute, and the next one may go at 2027-01-15T08:00:01Z");
    EXPECT_EQ(facts.details.at("limit"), "30");
    EXPECT_EQ(facts.details.at("at"), "2027-01-15T08:00:01Z");
    EXPECT_EQ(facts.details.at("retry_after_ms"), std::to_string(answer.wait_ms));
    EXPECT_EQ(facts.details.at("seconds"), std::to_string((answer.wait_ms + 999) / 1'000));
}

TEST(Admission, GivesNoTimeToAMessageThatNeverFits) {
    const Admission answer = asked(after(0, 0), now_ms, {.recipients_per_day = 100}, 101);
    EXPECT_TRUE(answer.never);
    const Facts facts = refused(answer, 101, 0).facts();
    EXPECT_EQ(facts.condition, "limit.recipients_per_day");
    EXPECT_EQ(facts.details.count("retry_after_ms"), 0u);
    EXPECT_EQ(facts.details.at("recipients"), "101");
    EXPECT_EQ(facts.details.at("alone"), "yes");
    EXPECT_EQ(facts.sentence,
              "this account may send 100 recipients a day, and this message alone has 101 recipients");
}

}  // namespace
}  // namespace mailsend::governor
