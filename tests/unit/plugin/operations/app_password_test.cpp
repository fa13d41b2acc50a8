#include "operations/app_password.hpp"

#include <gtest/gtest.h>

namespace {

std::string joined(std::string_view pasted) {
    return std::string(mailsend::without_groups(wfc::SecretString(pasted)).reveal());
}

TEST(AppPassword, LosesTheBlanksBetweenItsGroups) {
    for (const char* pasted : {"abcd efgh ijkl mnop", " abcd efgh ijkl mnop ", "abcd  efgh\tijkl mnop",
                               "abcd\xC2\xA0"
                               "efgh\xC2\xA0ijkl\xE2\x80\xAFmnop"}) {
        EXPECT_EQ(joined(pasted), "abcdefghijklmnop") << pasted;
    }
    EXPECT_EQ(joined("ab12 CD34 ef56"), "ab12CD34ef56");
}

TEST(AppPassword, OfAnotherShapeIsLeftAlone) {
    for (const char* chosen : {"", " ", "abcdefghijklmnop", "correct horse battery staple", "abcd efgh",
                               "abcd efgh ijkl mno", "abcd efgh ijkl mno!", "abcd-efgh-ijkl-mnop",
                               "abcdefghijklmnop ", "abcd efgh ijkl mn\xC3\xA9", "abcd efgh ijkl mnop\xC2"}) {
        EXPECT_EQ(joined(chosen), chosen);
    }
}

}  // namespace
