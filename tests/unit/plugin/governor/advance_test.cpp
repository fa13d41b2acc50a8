/// How much leave is taken for others, and who may use it.
#include "governor/advance.hpp"

#include <gtest/gtest.h>

namespace mailsend::governor {
namespace {

constexpr std::uint64_t now = 90'000'000, slice = 600;
constexpr Limits wide{
    .messages_per_minute = 1'600, .messages_per_day = 100'000, .recipients_per_day = 100'000};

class AdvanceTest : public ::testing::Test {
  protected:
    WindowRecord record;

    Leave take(const Limits& limits, std::size_t recipients, std::uint64_t others) {
        Leave leave = taken_in_advance(record, now, limits, recipients, others);
        leave.counted.monotonic_ms = now;
        return leave;
    }
    std::uint64_t messages() const { return record.minute.counted(now); }
    std::uint64_t recipients() const { return record.recipients.counted(now); }
};

TEST_F(AdvanceTest, IsNothingForALoneSender) {
    EXPECT_TRUE(take(wide, 1, 0).none());
    EXPECT_EQ(messages(), 0u);
}

TEST_F(AdvanceTest, IsEightForEachThatIsInFlightAndIsCountedAtOnce) {
    const Leave leave = take(wide, 3, 12);
    EXPECT_EQ(leave.messages, 96u);
    EXPECT_EQ(messages(), 96u);
    EXPECT_EQ(record.day.counted(now), 96u);
    EXPECT_EQ(recipients(), 288u);
}

TEST_F(AdvanceTest, IsAtMostASixteenthOfWhatEachLimitLeaves) {
    record.count(now, 100, 800);
    EXPECT_EQ(take(wide, 1, 1'000).messages, 50u) << "800 of the minute were left";
    EXPECT_EQ(take({.messages_per_day = 1'010}, 1, 1'000).messages, 10u) << "160 of the day";
    EXPECT_EQ(take({.recipients_per_day = 480}, 5, 1'000).messages, 4u) << "320 recipients, 20 for others";
    EXPECT_TRUE(take({.messages_per_minute = 860}, 1, 1'000).none()) << "near the end there is none";
    EXPECT_TRUE(take({.messages_per_minute = 30}, 1, 1'000).none()) << "nor beyond it";
}

TEST_F(AdvanceTest, LeavesTheRecordAsItWasWhenItIsGivenBack) {
    record.count(now, 7, 5);
    const auto before = encoded(record);
    const Leave leave = take(wide, 2, 10);
    EXPECT_NE(encoded(record), before);
    give_back(record, leave);
    EXPECT_EQ(encoded(record), before);
}

TEST_F(AdvanceTest, ThatIsForgottenAlreadyIsNotTakenFromOthers) {
    const Leave leave = take(wide, 1, 10);
    record.count(now + 61'000, 1, 4);
    give_back(record, leave);
    EXPECT_EQ(record.minute.counted(now + 61'000), 4u);
}

TEST_F(AdvanceTest, GivesEachMessageItsPartUntilNothingIsLeft) {
    Advance advance;
    advance.put(take(wide, 2, 1));
    for (int i = 0; i < 8; ++i) {
        const auto counted = advance.take(wide, 2, now);
        ASSERT_TRUE(counted);
        EXPECT_EQ(counted->at_ms, now);
        EXPECT_EQ(counted->recipients, 2u);
    }
    EXPECT_FALSE(advance.take(wide, 2, now));
    EXPECT_TRUE(advance.withdraw().none());
}

TEST_F(AdvanceTest, IsOnlyForThoseWithTheSameLimits) {
    Advance advance;
    advance.put(take(wide, 1, 2));
    EXPECT_FALSE(advance.take({.messages_per_minute = 1'600}, 1, now));
    EXPECT_TRUE(advance.take(wide, 1, now));
}

TEST_F(AdvanceTest, GivesNobodyMoreRecipientsThanWereCounted) {
    Advance advance;
    advance.put(take(wide, 1, 1));
    EXPECT_FALSE(advance.take(wide, 9, now));
    EXPECT_TRUE(advance.take(wide, 8, now));
    EXPECT_FALSE(advance.take(wide, 1, now)) << "its recipients went with the one before";
    EXPECT_EQ(advance.withdraw().messages, 7u);
}

TEST_F(AdvanceTest, EndsWithTheSliceInWhichItIsCounted) {
    Advance advance;
    advance.put(take(wide, 1, 2));
    ASSERT_EQ(now % slice, 0u);
    EXPECT_TRUE(advance.take(wide, 1, now + slice - 10));
    EXPECT_FALSE(advance.take(wide, 1, now + slice));
    EXPECT_EQ(advance.withdraw().messages, 15u) << "and can still be given back";
}

TEST_F(AdvanceTest, IsToBeGivenBackByTheLastThatIsInFlight) {
    Advance advance;
    advance.enter();
    advance.enter();
    EXPECT_EQ(advance.others(), 1u);
    advance.put(take(wide, 1, 1));
    EXPECT_FALSE(advance.leave());
    EXPECT_TRUE(advance.leave());
    advance.enter();
    EXPECT_FALSE(advance.withdraw().none());
    EXPECT_FALSE(advance.leave()) << "there is nothing to give back";
}

}  // namespace
}  // namespace mailsend::governor
