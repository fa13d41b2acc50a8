#include "host/printable.hpp"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(Printable, LeavesTextOfAnyLanguageAlone) {
    EXPECT_EQ(printable("plain, 日報, عربي, 🎉"), "plain, 日報, عربي, 🎉");
}

TEST(Printable, EscapesWhatCouldDriveATerminal) {
    EXPECT_EQ(printable("a\x1b[2Jb\r\n\t"), "a\\u001b[2Jb\\u000d\\u000a\\u0009");
    EXPECT_EQ(printable("\x7f\xc2\x9b"), "\\u007f\\u009b");
    EXPECT_EQ(printable("\xe2\x80\xae"), "\\u202e");
}

TEST(Printable, KeepsLineEndsWhereTheyAreWanted) {
    EXPECT_EQ(printable("a\nb\r", true), "a\nb\\u000d");
}

TEST(Printable, ShowsBytesThatAreNotUtf8) {
    EXPECT_EQ(printable("\xff\xc0\x80\xed\xa0\x80\xf5\xe3\x81"),
              "\\xff\\xc0\\x80\\xed\\xa0\\x80\\xf5\\xe3\\x81");
}

TEST(Printable, CutsOnACharacterBoundary) {
    EXPECT_EQ(printable("日日日日", false, 4), "日日…");
}

}  // namespace
}  // namespace wfc
