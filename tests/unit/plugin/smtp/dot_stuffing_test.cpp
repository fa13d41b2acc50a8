#include "smtp/dot_stuffing.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
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

}  // namespace
}  // namespace mailsend::smtp
