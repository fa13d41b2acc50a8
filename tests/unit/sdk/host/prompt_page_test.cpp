#include "host/prompt_page.hpp"

#include <gmock/gmock.h>

namespace wfc {
namespace {

TEST(PromptPage, IsInTheLanguageThatTheBrowserLikesBetter) {
    EXPECT_EQ(preferred_language("ja,en;q=0.5", "en"), "ja");
    EXPECT_EQ(preferred_language("en;q=0.5, ja;q=0.9", "en"), "ja");
    EXPECT_EQ(preferred_language("ja-JP, en-US;q=0.7", "en"), "ja");
    EXPECT_EQ(preferred_language("EN-us,ja", "ja"), "en");
    EXPECT_EQ(preferred_language("fr, ja;q=0.2, en;q=0.1", "en"), "ja");
    EXPECT_EQ(preferred_language("ja ; q=0.3 , en;q=0.4", "ja"), "en");
}

TEST(PromptPage, IsInTheQuestionsLanguageWhereTheBrowserLikesNeither) {
    for (const char* field :
         {"", "fr,de", "*", "en;q=0", "japanese", ",;,;q=,", "en;q=x", "en;q=nan", "en;q=7"}) {
        EXPECT_EQ(preferred_language(field, "ja"), "ja") << field;
    }
    EXPECT_EQ(preferred_language("", "en"), "en");
    EXPECT_EQ(preferred_language("", "tlh"), "en");
}

TEST(PromptPage, OfTheHostIsThereInBothLanguages) {
    for (const HostPage page : {HostPage::arrived, HostPage::other_sign_in, HostPage::nothing}) {
        EXPECT_FALSE(host_page(page, "en").text.empty());
        EXPECT_FALSE(host_page(page, "ja").text.empty());
        EXPECT_NE(host_page(page, "en").title, host_page(page, "ja").title);
    }
}

TEST(PromptPage, HasNoScriptAndEscapesTexts) {
    const std::string html = html_page({"a<b>", "c&d \"e\"", {"<f>"}}, "ja", Mood::neutral);
    EXPECT_THAT(html, testing::StartsWith("<!DOCTYPE html>\n<html lang=\"ja\">"));
    EXPECT_THAT(html, testing::HasSubstr("<title>a&lt;b&gt;</title>"));
    EXPECT_THAT(html, testing::HasSubstr("<p>c&amp;d &quot;e&quot;</p>"));
    EXPECT_THAT(html, testing::HasSubstr("<li>&lt;f&gt;</li>"));
    EXPECT_THAT(html, testing::Not(testing::HasSubstr("<script")));
}

TEST(PromptPage, GoesOutWithItsLengthInBytes) {
    EXPECT_THAT(http_answer(200, "ja", "日本"), testing::HasSubstr("Content-Length: 6\r\n"));
    EXPECT_THAT(http_answer(405, "en", "x", false), testing::EndsWith("\r\n\r\n"));
}

}  // namespace
}  // namespace wfc
