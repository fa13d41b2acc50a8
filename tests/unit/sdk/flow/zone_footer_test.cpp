#include "flow/zone_footer.hpp"

#include <chrono>
#include <fstream>
#include <gmock/gmock.h>
#include <limits>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <vector>

#include "flow/zone_rules.hpp"
#include "support/scratch.hpp"

namespace wfc::flow {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Seconds since 1970 of a time in UTC.
std::int64_t utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
    const std::chrono::sys_days date(std::chrono::year(year) / static_cast<int>(month) /
                                     static_cast<int>(day));
    return date.time_since_epoch().count() * std::int64_t{86'400} + hour * 3600 + minute * 60;
}

void expect_span(const Footer& footer, std::int64_t at, std::int64_t begin, std::int64_t end,
                 std::int64_t offset) {
    for (const std::int64_t time : {at, begin, end - 1}) {
        const Span span = footer.at(time);
        EXPECT_EQ(span.begin, begin) << time;
        EXPECT_EQ(span.end, end) << time;
        EXPECT_EQ(span.offset, offset) << time;
    }
}

std::string refusal(std::string_view rule) {
    try {
        const Footer footer(rule);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Footer, WithoutSummerTimeIsOneOffsetForEver) {
    EXPECT_EQ(Footer("JST-9").at(0).offset, 9 * 3600);
    EXPECT_EQ(Footer("<-0930>9:30").at(0).offset, -34'200);
    EXPECT_EQ(Footer("<+01>-1").at(0).offset, 3600);
    EXPECT_EQ(Footer("LMT0:00:01").at(0).offset, -1);
    EXPECT_EQ(Footer("UTC0").at(0).end, std::numeric_limits<std::int64_t>::max());
}

TEST(Footer, ChangesTwiceAYearInTheNorth) {
    const Footer berlin("CET-1CEST,M3.5.0,M10.5.0/3");
    expect_span(berlin, utc(2040, 7, 1), utc(2040, 3, 25, 1), utc(2040, 10, 28, 1), 7200);
    expect_span(berlin, utc(2041, 1, 1), utc(2040, 10, 28, 1), utc(2041, 3, 31, 1), 3600);
    expect_span(berlin, utc(2040, 12, 31, 23, 59), utc(2040, 10, 28, 1), utc(2041, 3, 31, 1), 3600);
}

TEST(Footer, SummerIsOverTheNewYearInTheSouth) {
    const Footer lord_howe("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
    expect_span(lord_howe, utc(2041, 1, 1), utc(2040, 10, 6, 15, 30), utc(2041, 4, 6, 15), 39'600);
    expect_span(lord_howe, utc(2040, 7, 1), utc(2040, 3, 31, 15), utc(2040, 10, 6, 15, 30), 37'800);
}

TEST(Footer, TheExceptionMayBeWinter) {
    const Footer dublin("IST-1GMT0,M10.5.0,M3.5.0/1");
    expect_span(dublin, utc(2040, 7, 1), utc(2040, 3, 25, 1), utc(2040, 10, 28, 1), 3600);
    expect_span(dublin, utc(2041, 1, 1), utc(2040, 10, 28, 1), utc(2041, 3, 31, 1), 0);
}

TEST(Footer, ATimeMayLieOnAnotherDay) {
    const Footer nuuk("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");  // Saturday at 23
    expect_span(nuuk, utc(2040, 7, 1), utc(2040, 3, 25, 1), utc(2040, 10, 28, 1), -3600);
    const Footer gaza("EET-2EEST,M3.4.4/50,M10.4.4/50");  // two days after the fourth Thursday
    expect_span(gaza, utc(2040, 7, 1), utc(2040, 3, 24), utc(2040, 10, 26, 23), 10'800);
    const Footer new_year(
        "AAA0BBB,M12.5.0/167,M6.1.0/-167:59:59");  // 2045-12-31 and 167 hours: 2046-01-06T23
    expect_span(new_year, utc(2046, 2, 1), utc(2046, 1, 6, 23), utc(2046, 5, 26, 23) + 1, 3600);
}

TEST(Footer, DaysOfTheYearAreCountedWithAndWithoutTheLeapDay) {
    const Footer julian("AAA0BBB,J60/0,J300/1");  // 1 March in each year
    EXPECT_EQ(julian.at(utc(2040, 4, 1)).begin, utc(2040, 3, 1));
    EXPECT_EQ(julian.at(utc(2041, 4, 1)).begin, utc(2041, 3, 1));
    const Footer counted("AAA0BBB,59/0,300/1");  // the sixtieth day
    EXPECT_EQ(counted.at(utc(2040, 4, 1)).begin, utc(2040, 2, 29));
    EXPECT_EQ(counted.at(utc(2041, 4, 1)).begin, utc(2041, 3, 1));
}

TEST(Footer, SummerTimeMayLastAllYear) {
    const Footer always("XXX3EDT4,0/0,J365/23");  // RFC 8536 section 3.3.1
    for (const std::int64_t time : {utc(2040, 1, 1, 3), utc(2040, 7, 1), utc(2041, 1, 1, 2, 59)}) {
        EXPECT_EQ(always.at(time).offset, -4 * 3600) << time;
        EXPECT_LT(time, always.at(time).end);
    }
}

TEST(Footer, WhatIsNoRuleIsRefused) {
    for (const char* wrong : {"",
                              "C",
                              "CET",
                              "CE-1",
                              "CET-1 ",
                              "CET-1CEST",
                              "CET-1CEST,",
                              "CET-1CEST,M3.5.0",
                              "CET-1CEST,M3.5.0,",
                              "CET-1CEST,M13.5.0,M10.5.0",
                              "CET-1CEST,M0.5.0,M10.5.0",
                              "CET-1CEST,M3.6.0,M10.5.0",
                              "CET-1CEST,M3.5.7,M10.5.0",
                              "CET-1CEST,M3.5.0,M10.5.0/168",
                              "CET-1CEST,J0,J365",
                              "CET-1CEST,J366,J1",
                              "CET-1CEST,366,1",
                              "CET-25",
                              "<CET-1",
                              "CET-1:60",
                              "CET-1CEST,M3.5.0,M10.5.0/3x",
                              "CET--1",
                              "<>1"}) {
        EXPECT_THAT(refusal(wrong), HasSubstr("ends with a rule that is not understood here: \"")) << wrong;
    }
}

class FooterOfAFile : public testing::Test {
  protected:
    fs::path with(const std::string& content) const { return scratch_.write("zone", content); }
    std::string refusal(const std::string& content) const {
        try {
            read_footer(with(content));
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "accepted";
    }

    wfc::test::Scratch scratch_;
};

/// A file with one kind of time and changes to it at the given instants, and its last line.
std::string zone_file(const std::vector<std::int64_t>& changes, const std::string& rule, char version = '2') {
    const auto big_endian = [](std::int64_t value, int bytes) {
        std::string out;
        while (bytes-- > 0) out += static_cast<char>(value >> bytes * 8 & 0xFF);
        return out;
    };
    std::string out;
    for (const int width : {4, 8}) {
        out += std::string("TZif") + version + std::string(27, '\0') +  // no leap seconds, no kinds of clocks
               big_endian(static_cast<std::int64_t>(changes.size()), 4) + big_endian(1, 4) + big_endian(4, 4);
        for (const std::int64_t change : changes) out += big_endian(change, width);
        out += std::string(changes.size(), '\0') + std::string(6, '\0') + std::string("AAA\0", 4);
        if (version < '2') return out;
    }
    return out + '\n' + rule + '\n';
}

TEST_F(FooterOfAFile, IsItsLastLineAndHoldsFromItsLastChangeOn) {
    const auto footer = read_footer(with(zone_file({-5'000'000'000, 100, 4'000'000'000}, "JST-9")));
    ASSERT_TRUE(footer.has_value());
    EXPECT_EQ(footer->from(), 4'000'000'000);
    EXPECT_EQ(footer->at(4'000'000'000).offset, 9 * 3600);
    EXPECT_EQ(footer->at(4'000'000'000).begin, 4'000'000'000);
    EXPECT_EQ(read_footer(with(zone_file({-5'000'000'000}, "JST-9")))->from(), -5'000'000'000);
    EXPECT_EQ(read_footer(with(zone_file({}, "JST-9")))->from(), std::numeric_limits<std::int64_t>::min());
}

TEST_F(FooterOfAFile, MayBeMissing) {
    EXPECT_FALSE(read_footer(with(zone_file({100}, ""))).has_value());
    EXPECT_FALSE(read_footer(with(zone_file({100}, "", '\0'))).has_value()) << "version 1 has none";
}

TEST_F(FooterOfAFile, IsRefusedWhereTheFileIsNone) {
    const std::string whole = zone_file({100, 200}, "JST-9");
    EXPECT_THAT(refusal(""), HasSubstr("no time zone file"));
    EXPECT_THAT(refusal("<html>" + whole), HasSubstr("no time zone file"));
    EXPECT_THAT(refusal(whole + std::string(1000, 'x') + "\n"), HasSubstr("cut short"));
    EXPECT_THAT(refusal(zone_file({100}, "JST")), HasSubstr("not understood here: \"JST\""));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_NE(refusal(whole.substr(0, size)), "accepted") << size;
    }
    std::string vast = whole;
    vast.replace(32, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_THAT(refusal(vast), HasSubstr("no time zone file")) << "its second header would be far away";
    EXPECT_THROW(read_footer(scratch_ / "none"), std::invalid_argument);
    EXPECT_THROW(read_footer(scratch_.path()), std::invalid_argument) << "a folder";
}

TEST(Footer, IsAskedFromTheLastChangeOnAndNotBefore) {
    // The library leaves out changes that change nothing, such as Greenland's of October 2023, after which
    // its new rule holds.
    Zone::Rules rules = Zone("Asia/Tokyo").rules();
    rules.footer = Footer("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", utc(2023, 10, 29, 1));
    EXPECT_EQ(rules.at(utc(2023, 5, 10)).offset, 9 * 3600);
    EXPECT_EQ(rules.at(utc(2023, 5, 10)).end, utc(2023, 10, 29, 1));
    EXPECT_EQ(rules.at(utc(2023, 10, 29, 1)).begin, utc(2023, 10, 29, 1));
    EXPECT_EQ(rules.at(utc(2023, 10, 29, 1)).end, utc(2024, 3, 31, 1));
    EXPECT_EQ(rules.at(utc(2024, 5, 10)).offset, -3600);
}

}  // namespace
}  // namespace wfc::flow
