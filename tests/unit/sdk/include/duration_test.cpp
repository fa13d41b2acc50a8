#include "wfc/duration.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace {

using namespace std::chrono_literals;
using wfc::DurationBounds;
using wfc::parse_duration;

std::string refusal(std::string_view text, DurationBounds bounds = {}) {
    try {
        parse_duration(text, bounds);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Duration, IsAWholeNumberAndItsUnit) {
    EXPECT_EQ(parse_duration("250ms"), 250ms);
    EXPECT_EQ(parse_duration("10s"), 10s);
    EXPECT_EQ(parse_duration("5m"), 5min);
    EXPECT_EQ(parse_duration("1h"), 1h);
    EXPECT_EQ(parse_duration("007s"), 7s);
}

TEST(Duration, WhatIsNoneIsRefusedWithWhatToWrite) {
    for (const char* wrong : {"", "30", "s", "-1s", "+1s", "1.5s", "30 s", "30sec", " 1s", "1s ", "1d", "1S",
                              "1h30m", "99999999999999999999", "\xE7\xA7\x92"}) {
        EXPECT_EQ(refusal(wrong), "is no duration; write a whole number and its unit: 500ms, 10s, 5m or 1h")
            << wrong;
    }
    EXPECT_EQ(refusal(std::string_view("1s\0", 3)).substr(0, 14), "is no duration");
}

TEST(Duration, ItsBoundsAreTheCallersAndBothAllowed) {
    EXPECT_EQ(refusal("0s"), "must be longer than nothing");
    EXPECT_EQ(parse_duration("1ms"), 1ms);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("86400000ms"), 24h);
    EXPECT_EQ(refusal("86400001ms"), "is longer than 24h");
    EXPECT_EQ(refusal("86401s"), "is longer than 24h");
    EXPECT_EQ(refusal("25h"), "is longer than 24h");
    EXPECT_EQ(refusal("59s", {1min, 90s}), "is shorter than 1m");
    EXPECT_EQ(refusal("0ms", {1min, 90s}), "is shorter than 1m");
    EXPECT_EQ(parse_duration("1m", {1min, 90s}), 1min);
    EXPECT_EQ(parse_duration("90s", {1min, 90s}), 90s);
    EXPECT_EQ(refusal("91s", {1min, 90s}), "is longer than 90s");
}

TEST(Duration, ANumberOfAnyLengthIsTooLongAndNoOverflow) {
    for (const char* unit : {"ms", "s", "m", "h"}) {
        EXPECT_EQ(refusal(std::string(100'000, '9') + unit), "is longer than 24h");
        EXPECT_EQ(refusal(std::string("18446744073709551617") + unit), "is longer than 24h");
    }
    EXPECT_EQ(parse_duration(std::string(1000, '0') + "1h"), 1h);
    const DurationBounds widest{1ms, std::chrono::milliseconds::max() - 7ms};
    EXPECT_EQ(parse_duration("9223372036854775800ms", widest), widest.longest);
    EXPECT_NE(refusal("9223372036854775801ms", widest), "accepted");
    EXPECT_NE(refusal("2562047788016h", widest), "accepted");
}

TEST(Duration, IsSaidInTheLargestUnitThatFits) {
    EXPECT_EQ(wfc::duration_words(250ms), "250ms");
    EXPECT_EQ(wfc::duration_words(1500ms), "1500ms");
    EXPECT_EQ(wfc::duration_words(90s), "90s");
    EXPECT_EQ(wfc::duration_words(5min), "5m");
    EXPECT_EQ(wfc::duration_words(8760h), "8760h");
}

}  // namespace
