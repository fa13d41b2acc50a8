#include "smtp/dot_stuffing.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <random>
#include <string>

namespace mailsend::smtp {
namespace {

std::string stuffed(std::initializer_list<std::string_view> chunks) {
    DotStuffing stuffing;
    std::string out;
    for (const std::string_view chunk : chunks) stuffing.append(chunk, out);
    return out.append(stuffing.end());
}

TEST(DotStuffing, DoublesTheDotAtTheBeginningOfALine) {
    EXPECT_EQ(stuffed({".a\r\n..\r\nb.\r\n"}), "..a\r\n...\r\nb.\r\n.\r\n");
}

TEST(DotStuffing, SeesLinesAcrossChunks) {
    EXPECT_EQ(stuffed({"a\r", "\n", ".", "\r\n"}), "a\r\n..\r\n.\r\n");
    EXPECT_EQ(stuffed({"a", ".b\r\n"}), "a.b\r\n.\r\n");
}

TEST(DotStuffing, EndsALastLineThatHasNoEnd) {
    EXPECT_EQ(stuffed({"a"}), "a\r\n.\r\n");
}

TEST(DotStuffing, NeverLetsABodyEndTheDataEarly) {
    const std::string attack = "x\r\n.\r\nMAIL FROM:<evil@example.test>\r\n";
    EXPECT_EQ(stuffed({attack}).find("\r\n.\r\nMAIL"), std::string::npos);
}

TEST(DotStuffing, SendsAnEmptyMessageAsTheDotAlone) {
    EXPECT_EQ(stuffed({}), ".\r\n");
}

/// Octet by octet, as RFC 5321 section 4.5.2 puts it.
std::string by_the_letter(std::string_view text) {
    std::string out;
    char before = '\n';
    for (const char octet : text) {
        if (octet == '.' && before == '\n') out += '.';
        out += octet;
        before = octet;
    }
    return out;
}

TEST(DotStuffing, FindsEveryLeadingDotWhereverItStands) {
    for (std::size_t size = 1; size < 70; ++size) {
        for (std::size_t dot = 0; dot < size; ++dot) {
            std::string text(size, 'x');
            text[dot] = '.';
            EXPECT_EQ(next_leading_dot(text, 0, true), dot == 0 ? 0 : size);
            if (dot == 0) continue;
            text[dot - 1] = '\n';
            EXPECT_EQ(next_leading_dot(text, 0, true), dot);
            EXPECT_EQ(next_leading_dot(text, dot + 1, true), size);
        }
    }
}

TEST(DotStuffing, DoesTheSameToRandomLinesInRandomPieces) {
    std::mt19937 random(5321);
    for (int round = 0; round < 500; ++round) {
        std::string text;
        DotStuffing stuffing;
        std::string out;
        while (text.size() < 300) {
            std::string piece(1 + random() % 60, ' ');
            for (char& octet : piece) octet = ".\n\rx"[random() % 4];
            text += piece;
            stuffing.append(piece, out);
        }
        ASSERT_EQ(out, by_the_letter(text));
    }
}

}  // namespace
}  // namespace mailsend::smtp
