#include "message/text_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace mailsend {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Lines in brackets, "$" after those that have an end.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    TextLines lines(text);
    while (lines.next()) out.push_back("[" + std::string(lines.line()) + "]" + (lines.ended() ? "$" : ""));
    EXPECT_FALSE(lines.next()) << "the end is not the end";
    return out;
}

TEST(TextLines, EndInEveryKindOfLineEnd) {
    EXPECT_THAT(lines_of("a\nb\rc\r\nd"), ElementsAre("[a]$", "[b]$", "[c]$", "[d]"));
    EXPECT_THAT(lines_of("\n\r"), ElementsAre("[]$", "[]$"));
    EXPECT_THAT(lines_of("\r\r\n\n"), ElementsAre("[]$", "[]$", "[]$"));
}

TEST(TextLines, HaveNoLineBehindTheLastLineEnd) {
    EXPECT_THAT(lines_of(""), IsEmpty());
    EXPECT_THAT(lines_of("a"), ElementsAre("[a]"));
    for (const char* end : {"\r", "\n", "\r\n"}) {
        EXPECT_THAT(lines_of(std::string("a") + end), ElementsAre("[a]$"));
        EXPECT_THAT(lines_of(end), ElementsAre("[]$"));
    }
}

TEST(TextLines, TakeEveryOctetOnceHoweverTheyAreMixed) {
    constexpr std::string_view octets = "a\r\n";
    for (unsigned number = 0; number < 2187; ++number) {  // all texts of seven of them
        std::string text;
        for (unsigned rest = number, i = 0; i < 7; ++i, rest /= 3) text += octets[rest % 3];
        std::string expected;  // by the letter: each CR LF, CR, LF is one end
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
            expected += text[i] == 'a' ? 'a' : '$';
        }
        std::string walked;
        TextLines lines(text);
        while (lines.next()) walked.append(lines.line()).append(lines.ended() ? "$" : "");
        ASSERT_EQ(walked, expected) << number;
    }
}

}  // namespace
}  // namespace mailsend
