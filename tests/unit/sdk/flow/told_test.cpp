#include "flow/told.hpp"

#include <gmock/gmock.h>

#include "flow/journal.hpp"
#include "world.hpp"

namespace wfc::flow::test {
namespace {

constexpr std::int64_t now = 1'800'000'000'000;

TEST(Told, WhatWasToldIsNoNewsForSixAndAHalfDays) {
    MemoryRecords records;
    Told told(records, "f");
    EXPECT_TRUE(told.claim("a", {"1", "2"}, now));
    EXPECT_FALSE(Told(records, "f").claim("b", {"2"}, now + 6 * day)) << "whoever finds it";
    EXPECT_TRUE(Told(records, "g").claim("a", {"2"}, now)) << "each flow has its own";
    EXPECT_TRUE(told.claim("a", {"2"}, now + 6 * day + 12 * hour));
    EXPECT_FALSE(told.claim("a", {}, now));
}

TEST(Told, OneThatIsNewBringsTheOthersAlong) {
    MemoryRecords records;
    Told told(records, "f");
    told.claim("a", {"1"}, now);
    EXPECT_TRUE(told.claim("a", {"1", "2"}, now + day));
    EXPECT_FALSE(told.claim("a", {"1"}, now + 7 * day));
}

TEST(Told, WhatIsTakenBackIsNewsAgainAndWhatWasToldBeforeIsNot) {
    MemoryRecords records;
    Told told(records, "f");
    told.claim("a", {"1"}, now);
    const auto claim = told.claim("a", {"1", "2"}, now + day);
    ASSERT_TRUE(claim);
    told.take_back(*claim);
    EXPECT_FALSE(told.claim("a", {"1"}, now + day));
    EXPECT_TRUE(told.claim("a", {"2"}, now + day));
    EXPECT_TRUE(told.claim("a", {"1"}, now + 6 * day + 12 * hour)) << "told when it was told first";
}

TEST(Told, WhatIsMendedIsNewsWhenItBreaksAgain) {
    MemoryRecords records;
    Told told(records, "f");
    told.claim("a", {"1", "2"}, now);
    told.claim("b", {"3"}, now);
    told.mended("a", {"2"});
    EXPECT_FALSE(told.claim("a", {"2", "3"}, now));
    EXPECT_TRUE(told.claim("a", {"1"}, now));
}

TEST(Told, AClockThatWasSetBackSilencesNothing) {
    MemoryRecords records;
    Told told(records, "f");
    told.claim("a", {"1"}, now + 365 * day);
    EXPECT_TRUE(told.claim("a", {"1"}, now));
}

TEST(Told, OfTwoProcessesOneClaims) {
    MemoryRecords records;
    bool between = false;
    records.refuses = [&](const std::string&) {
        if (!std::exchange(between, true)) {
            EXPECT_TRUE(Told(records, "f").claim("a", {"1"}, now));
        }
        return WFC_OK;
    };
    EXPECT_FALSE(Told(records, "f").claim("a", {"1"}, now));
}

TEST(Told, IsBoundedAndWhatCannotBeReadCountsAsNothing) {
    MemoryRecords records;
    Told told(records, "f");
    std::vector<std::string> many;
    for (int i = 0; i < 2000; ++i) many.push_back(std::to_string(i));
    told.claim("a", many, now);
    EXPECT_LT(records.values.begin()->second.bytes.size(), 100'000u);
    EXPECT_FALSE(told.claim("a", {"1999"}, now));
    records.values.begin()->second.bytes = "[]";
    EXPECT_TRUE(told.claim("a", {"1999"}, now));
}

TEST(Told, OfAStoreThatFailsThrows) {
    MemoryRecords records;
    records.trouble = WFC_UNAVAILABLE;
    EXPECT_THROW(Told(records, "f").claim("a", {"1"}, now), JournalUnusable);
    records.trouble = WFC_OK;
    records.refuses = [](const std::string&) { return WFC_CONFLICT; };
    EXPECT_THROW(Told(records, "f").claim("a", {"1"}, now), JournalUnusable) << "not for ever";
}

}  // namespace
}  // namespace wfc::flow::test
