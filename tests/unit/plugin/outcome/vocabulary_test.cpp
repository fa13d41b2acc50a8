#include "outcome/vocabulary.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace mailsend {
namespace {

TEST(Vocabulary, EveryStageHasAWordOfItsOwnThatLeadsBack) {
    std::set<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(Stage::host); ++i) {
        const auto stage = static_cast<Stage>(i);
        EXPECT_FALSE(to_string(stage).empty());
        EXPECT_TRUE(words.insert(to_string(stage)).second) << to_string(stage);
        EXPECT_EQ(stage_named(to_string(stage)), stage);
    }
    EXPECT_EQ(words.size(), 17u);
}

TEST(Vocabulary, WordsAreThoseOfTheContract) {
    EXPECT_EQ(to_string(Stage::resolve), "resolve");
    EXPECT_EQ(to_string(Stage::dot), "dot");
    EXPECT_EQ(to_string(Stage::host), "host");
    EXPECT_EQ(to_string(Verdict::accepted), "accepted");
    EXPECT_EQ(to_string(Verdict::succeeded), "succeeded");
    EXPECT_EQ(to_string(Verdict::partial), "partial");
    EXPECT_EQ(to_string(Verdict::rejected), "rejected");
    EXPECT_EQ(to_string(Verdict::failed), "failed");
    EXPECT_EQ(to_string(Verdict::unknown), "unknown");
    EXPECT_EQ(to_string(Verdict::cancelled), "cancelled");
    EXPECT_EQ(to_string(ErrorClass::transient), "transient");
    EXPECT_EQ(to_string(Advice::after_fix), "after-fix");
    EXPECT_EQ(to_string(Advice::after), "after");
    EXPECT_EQ(to_string(Actor::mailbox_admin), "mailbox-admin");
    EXPECT_EQ(to_string(Actor::nobody), "nobody");
    EXPECT_EQ(to_string(Language::ja), "ja");
}

TEST(Vocabulary, UnknownWordsAreNothing) {
    EXPECT_EQ(stage_named("final-reply"), std::nullopt);
    EXPECT_EQ(stage_named("Auth"), std::nullopt);
    EXPECT_EQ(advice_named("after-seconds"), std::nullopt);
    EXPECT_EQ(class_named(""), std::nullopt);
    EXPECT_EQ(actor_named("admin"), std::nullopt);
    EXPECT_EQ(language_named("de"), std::nullopt);
    EXPECT_EQ(language_named("ja"), Language::ja);
}

}  // namespace
}  // namespace mailsend
