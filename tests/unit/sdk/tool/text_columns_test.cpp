#include "tool/text_columns.hpp"

#include <gmock/gmock.h>

namespace wfc::tool {
namespace {

using testing::ElementsAre;

TEST(TextColumns, CountWideAndCombiningCharacters) {
    EXPECT_EQ(columns("abc"), 3u);
    EXPECT_EQ(columns("日本語"), 6u);
    EXPECT_EQ(columns("e\u0301ü–"), 3u);
    EXPECT_EQ(columns("ハンカク"), 8u);
    EXPECT_EQ(columns("ﾊﾝｶｸ"), 4u);
}

TEST(TextColumns, WrapAtBlanksAndBetweenWideCharacters) {
    EXPECT_THAT(wrapped("one two three", 8), ElementsAre("one two", "three"));
    EXPECT_THAT(wrapped("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
    EXPECT_THAT(wrapped("日本語です。はい", 10), ElementsAre("日本語で", "す。はい"));
    EXPECT_THAT(wrapped("接続 port 25", 9), ElementsAre("接続 port", "25"));
    EXPECT_THAT(wrapped("", 10), ElementsAre(""));
    EXPECT_THAT(wrapped("日本", 0), ElementsAre("日", "本"));
    for (const std::string& line : wrapped("a 日本語 mixed with 漢字とかな and long-words-without-blanks", 7))
        EXPECT_LE(columns(line), 7u) << line;
}

TEST(TextColumns, CutToAWidth) {
    EXPECT_EQ(cut("abcdef", 6, "…"), "abcdef");
    EXPECT_EQ(cut("abcdefg", 6, "…"), "abcde…");
    EXPECT_EQ(cut("日本語", 4, "…"), "日…");
    EXPECT_EQ(cut("abcdef", 5, "..."), "ab...");
}

}  // namespace
}  // namespace wfc::tool
