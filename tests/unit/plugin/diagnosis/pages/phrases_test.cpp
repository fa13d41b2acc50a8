#include "diagnosis/pages/phrases.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "diagnosis/pages/markdown.hpp"

namespace mailsend::diagnosis::pages {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Phrases, AreTheAlternativesOfAnExpression) {
    EXPECT_THAT(phrases("relay denied|unable to relay"), ElementsAre("relay denied", "unable to relay"));
    EXPECT_THAT(phrases("^invalid_grant$"), ElementsAre("invalid_grant"));
    EXPECT_THAT(phrases("gr[ae]y.?list"), ElementsAre("gray list", "grey list"));
}

TEST(Phrases, ShowWhatMayBeMissingWithAndWithoutIt) {
    EXPECT_THAT(phrases("account (is )?locked"), ElementsAre("account is locked", "account locked"));
    EXPECT_THAT(phrases("isn'?t allowed"), ElementsAre("isn't allowed"));
    EXPECT_THAT(phrases("doesn.t comply with google.s policy"),
                ElementsAre("doesn't comply with google's policy"));
    EXPECT_THAT(phrases("#?auth00[0-9]"), ElementsAre("auth00"));
}

TEST(Phrases, PutThreeDotsWhereAnythingMayStand) {
    EXPECT_THAT(phrases("mail from.{0,80}unavailable"), ElementsAre("mail from…unavailable"));
    EXPECT_THAT(phrases(R"(^message from \(?[0-9a-f.:]{3,45}\)? temporarily deferred)"),
                ElementsAre("message from … temporarily deferred"));
    EXPECT_THAT(phrases(R"(\[tss?[0-9]{2}\])"), ElementsAre("[tss…]", "[ts…]"));
    EXPECT_THAT(phrases("."), IsEmpty());
    EXPECT_THAT(phrases(""), IsEmpty());
}

TEST(Phrases, AreWrittenBrieflyWhereThereWouldBeMany) {
    EXPECT_THAT(phrases("(account|user) (is |has been )?(disabled|locked|blocked)"),
                ElementsAre("account disabled", "account locked", "account blocked", "user disabled",
                            "user locked", "user blocked"));
    EXPECT_THAT(phrases("(account|user|mailbox) (disabled|locked|blocked)"),
                ElementsAre("account/user/mailbox disabled/locked/blocked"));
}

TEST(Phrases, SurviveExpressionsThatDoNotClose) {
    for (const char* broken : {"(", "[", "a{", "(a|", "\\", "[^", "a)b", "(((((((((", "?", "|", "[]"})
        phrases(broken);
}

/// Each phrase that has no choice and no gap is a text that the expression shows.
TEST(Phrases, OfTheCatalogueAreShownByTheirExpressions) {
    const auto document = nlohmann::json::parse(std::ifstream(BINARY_DIR "/plugin/diagnosis/errors.json"));
    std::size_t checked = 0;
    for (const auto& entry : document["entries"]) {
        const std::string expression = entry["match"].value("text", "");
        const RE2 shown("(?is)" + expression);
        ASSERT_TRUE(shown.ok()) << expression;
        const std::vector<std::string> all = phrases(expression);
        EXPECT_EQ(all.empty(), expression.empty()) << entry["id"];
        for (const std::string& phrase : all) {
            if (phrase.find("…") != phrase.npos || phrase.find('/') != phrase.npos) continue;
            const bool found = RE2::PartialMatch(phrase, shown) || RE2::PartialMatch(phrase + " ", shown) ||
                               RE2::PartialMatch(phrase + "5", shown);  // a blank or a gap at its end
            EXPECT_TRUE(found) << entry["id"] << ": " << phrase;
            ++checked;
        }
    }
    EXPECT_GE(checked, 400u);
}

TEST(MarkdownOfATextAsItStands, ShowsTheMarksOfMarkdown) {
    EXPECT_EQ(markdown("< > * | _x_ a_b [c]"), "\\< > \\* \\| \\_x\\_ a_b \\[c\\]");
    EXPECT_EQ(markdown("# no heading"), "\\# no heading");
    EXPECT_EQ(markdown("AT&T &amp;"), "AT\\&T \\&amp;");
}

TEST(MarkdownOfATextAsItStands, EndsALinkWhereItEnds) {
    EXPECT_EQ(markdown("See https://a.example/b_c."), "See <https://a.example/b_c>.");
    EXPECT_EQ(markdown("https://a.example/b?c=1を開く"), "<https://a.example/b?c=1>を開く");
    EXPECT_EQ(markdown("(https://a.example/)"), "(<https://a.example/>)");
}

TEST(MarkdownOfCode, HasBackquotesEnough) {
    EXPECT_EQ(code("5.7.8"), "`5.7.8`");
    EXPECT_EQ(code("a`b"), "`` a`b ``");
}

}  // namespace
}  // namespace mailsend::diagnosis::pages
