#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "outcome/document.hpp"

namespace mailsend {
namespace {

bool is_utf8(const std::string& text) {
    try {
        (void)nlohmann::json(text).dump();
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

TEST(Printable, LeavesOrdinaryTextOfAnyScriptAlone) {
    EXPECT_EQ(printable("日報 – émile 😀", 100), "日報 – émile 😀");
    EXPECT_EQ(printable("", 100), "");
}

TEST(Printable, EscapesControlCharactersAndTurnsTabsIntoBlanks) {
    EXPECT_EQ(printable(std::string_view("a\tb\r\nc\0d\x1b[31m\x7f", 14), 100),
              "a b\\x0D\\x0Ac\\x00d\\x1B[31m\\x7F");
}

TEST(Printable, EscapesMarksThatTurnTextAround) {
    EXPECT_EQ(printable("a\xE2\x80\xAE"
                        "b\xC2\x9B"
                        "c\xE2\x80\xA8"
                        "d",
                        100),
              "a\\u202Eb\\u009Bc\\u2028d");
}

TEST(Printable, ReplacesEverythingThatIsNotUtf8) {
    EXPECT_EQ(printable("\xFF", 100), "\xEF\xBF\xBD");
    EXPECT_EQ(printable("a\xC3", 100), "a\xEF\xBF\xBD");
    for (const char* bad :
         {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xF4\x90\x80\x80", "\x80"}) {
        const std::string shown = printable(bad, 100);
        EXPECT_TRUE(is_utf8(shown));
        EXPECT_NE(shown.find("\xEF\xBF\xBD"), std::string::npos);
    }
}

TEST(Printable, CutsOnACharacterBoundaryWithAnEllipsisInsideTheLimit) {
    EXPECT_EQ(printable("abcdef", 6), "abcdef");
    EXPECT_EQ(printable("abcdefg", 6), "abc…");
    EXPECT_EQ(printable("日日日", 8), "日…");
    EXPECT_EQ(printable("abcdefg", 2), "");
    EXPECT_EQ(printable("abcdefg", 0), "");
}

TEST(Printable, NeverPassesTheLimitNorBreaksUtf8WhateverTheBytes) {
    unsigned state = 1;
    for (std::size_t limit = 0; limit < 40; ++limit) {
        for (int round = 0; round < 50; ++round) {
            std::string raw;
            for (int i = 0; i < 60; ++i) {
                state = state * 1103515245u + 12345u;
                raw += static_cast<char>((state >> 16) & 0xFF);
            }
            const std::string shown = printable(raw, limit);
            ASSERT_LE(shown.size(), limit);
            ASSERT_TRUE(is_utf8(shown));
        }
    }
}

}  // namespace
}  // namespace mailsend
