#include "operations/password_shape.hpp"

#include <gtest/gtest.h>

namespace {

using mailsend::PasswordShape;
using mailsend::shape_of;

TEST(PasswordShape, KnowsSixteenLettersWithBlanksAnywhereAndLosesThem) {
    for (const char* pasted :
         {"abcdefghijklmnop", "abcd efgh ijkl mnop", " abcd efgh ijkl mnop ", "abcd  efgh\tijkl mnop",
          "abcd efgh ijklmnop", "abcdefghijklmnop ", "abcd\u00a0efgh\u00a0ijkl\u202fmnop",
          "\ufeff"
          "abcd\u2009efgh\u3000ijkl mnop\u200b"}) {
        EXPECT_EQ(shape_of(pasted), PasswordShape::app_password) << pasted;
        EXPECT_EQ(std::string(mailsend::without_blanks(pasted).reveal()), "abcdefghijklmnop") << pasted;
    }
}

TEST(PasswordShape, OfAnythingElseIsAnother) {
    for (const char* chosen :
         {" ", "hunter2", "correct horse battery staple", "abcd efgh", "abcd efgh ijkl mno",
          "abcd efgh ijkl mno!", "abcd-efgh-ijkl-mnop", "abcdefghijklmnopq", "abcd efgh ijkl mno1",
          "abcd efgh ijkl mn\u00e9", "abcd efgh ijkl mnop\xC2"}) {
        EXPECT_EQ(shape_of(chosen), PasswordShape::other) << chosen;
    }
}

TEST(PasswordShape, TellsWhatSendingRefuses) {
    EXPECT_EQ(shape_of(""), PasswordShape::empty);
    for (const std::string_view broken :
         {std::string_view("abcd efgh ijkl mnop\n"), std::string_view("a\rb"), std::string_view("a\0b", 3)}) {
        EXPECT_EQ(shape_of(broken), PasswordShape::broken);
    }
}

}  // namespace
