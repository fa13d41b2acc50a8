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

}  // namespace
}  // namespace mailsend
