#include "wfc/problem.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

std::string nearest(std::string_view word) {
    static const std::vector<std::string> known{"host", "port", "security", "kind", "username", "from"};
    return std::string(wfc::nearest(word, known));
}

TEST(Problem, KeepsASentenceWholeThatHoldsNul) {
    const wfc::Problem problem(WFC_INVALID_INPUT, "/headers", std::string("/headers/X\0Y is no name", 23));
    EXPECT_STREQ(problem.what(), "/headers/X\\x00Y is no name");
}

TEST(NearestWord, FindsASlipOfTheHand) {
    EXPECT_EQ(nearest("hots"), "host");         // swapped neighbours
    EXPECT_EQ(nearest("securty"), "security");  // one missing
    EXPECT_EQ(nearest("ussername"), "username");
    EXPECT_EQ(nearest("Port"), "port");
    EXPECT_EQ(nearest("form"), "from");
    EXPECT_EQ(nearest("host"), "host");
}

TEST(NearestWord, ProposesNothingForAnotherWord) {
    EXPECT_EQ(nearest("password"), "");
    EXPECT_EQ(nearest("xyz"), "");
    EXPECT_EQ(nearest(""), "");
}

TEST(NearestWord, TakesNoTimeOverLongWords) {
    EXPECT_EQ(nearest(std::string(1u << 20, 'h')), "");
}

TEST(NearestWord, OfNoWordsIsNone) {
    EXPECT_EQ(wfc::nearest("host", std::vector<std::string>{}), "");
}

TEST(Pointer, EscapesTildeAndSlash) {
    EXPECT_EQ(wfc::pointer_to("/a", "b"), "/a/b");
    EXPECT_EQ(wfc::pointer_to("", "a/b~c"), "/a~1b~0c");
    EXPECT_EQ(wfc::pointer_to("/a", ""), "/a/");
}

TEST(Pointer, InASentenceIsShortPrintableAndCutBetweenCharacters) {
    EXPECT_EQ(wfc::shortened("/a/b"), "/a/b");
    EXPECT_EQ(wfc::shortened("/a\r\nb\x7f"), "/a??b?");
    for (std::size_t lead = 190; lead < 200; ++lead) {
        std::string pointer(lead, 'a');
        for (int i = 0; i < 10; ++i) pointer += "\xE6\x97\xA5";
        const std::string cut = wfc::shortened(pointer);
        ASSERT_LE(cut.size(), 200u);
        ASSERT_EQ(cut.substr(cut.size() - 3), "...");
        const std::string kept = cut.substr(0, cut.size() - 3);
        ASSERT_EQ(pointer.substr(0, kept.size()), kept);
        ASSERT_TRUE(kept.size() <= lead || (kept.size() - lead) % 3 == 0) << lead;
    }
}

TEST(Problem, CarriesStatusPointerAndSentence) {
    const wfc::Problem problem(WFC_INVALID_INPUT, "/to/0", "/to/0 is empty");
    EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
    EXPECT_EQ(problem.pointer(), "/to/0");
    EXPECT_STREQ(problem.what(), "/to/0 is empty");
}

}  // namespace
