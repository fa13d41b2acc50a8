#include "message/characters.hpp"

#include <gtest/gtest.h>

namespace mailsend {
namespace {

TEST(Characters, TellsUtf8FromOctets) {
    for (const char* good : {"", "abc", "é", "日本", "😀", "\xF4\x8F\xBF\xBF", "\xEE\x80\x80"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const char* bad : {"\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xE3\x81", "\xE3\x81z"}) {
        EXPECT_FALSE(is_utf8(bad));
    }
}

TEST(Characters, FindsOctetsAboveAsciiAtEveryPosition) {
    for (std::size_t size = 0; size < 40; ++size) {
        EXPECT_TRUE(is_ascii(std::string(size, 'a')));
        for (std::size_t at = 0; at < size; ++at) {
            std::string text(size, 'a');
            text[at] = '\x80';
            EXPECT_FALSE(is_ascii(text)) << size << " " << at;
        }
    }
}

TEST(Characters, CutsBetweenCharactersOnly) {
    EXPECT_EQ(prefix("日本", 5), "日");
    EXPECT_EQ(prefix("日本", 6), "日本");
    EXPECT_EQ(prefix("😀", 3), "");
    EXPECT_EQ(prefix("ab", 1), "a");
}

TEST(Characters, KnowsDotAtoms) {
    for (const char* good : {"a", "a.b", "日本", "x=y"}) EXPECT_TRUE(is_dot_atom(good)) << good;
    for (const char* bad : {"", ".", ".a", "a.", "a..b", "a b", "a\"b", "a,b"})
        EXPECT_FALSE(is_dot_atom(bad)) << bad;
}

TEST(Characters, ShowsTextWithoutControlsAndShortened) {
    EXPECT_EQ(shown("a\r\nb"), "\"a??b\"");
    EXPECT_LT(shown(std::string(1000, 'x')).size(), 100U);
}

TEST(Characters, ThatMisleadAboutANameAreKnown) {
    for (const char* fine :
         {"", "報告 2026.pdf", "\xE2\x80\x93", "\xE2\x80\x8F", "\xE2\x81\xA5", "\xE2\x81\xAA", "\xC2\xA0"})
        EXPECT_EQ(misleading_character(fine), nullptr) << fine;
    for (const char* bad :
         {"a\xE2\x80\xAE"
          "fdp.exe",
          "\xE2\x80\xA8", "\xE2\x80\xAA", "x\xE2\x81\xA6", "\xE2\x81\xA9", "\xC2\x80", "\xC2\x9F"})
        EXPECT_NE(misleading_character(bad), nullptr) << bad;
    EXPECT_EQ(misleading_character("\xE2\x80"), nullptr);
}

}  // namespace
}  // namespace mailsend
