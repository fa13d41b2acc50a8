#include "panel/catalogue.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "example_component.hpp"
#include "panel/panel_table.hpp"
#include "panel/words.hpp"

namespace {

using wfc::panel::catalogue;
using wfc::panel::text_at;
using wfc::test::ExampleComponent;
using Json = nlohmann::ordered_json;

ExampleComponent spoken() {
    ExampleComponent component;
    component.settings(R"({"type": "object", "x-groups": ["main"], "properties": {"tls": {"type": "object",
        "x-group": "main", "properties": {"least": {"type": "string", "enum": ["1.2", "1.3"]}},
        "additionalProperties": false}}, "additionalProperties": false})");
    component.texts(
        "en", R"({"component": "Parcels", "settings/tls/least": "At least", "settings/tls/least.help": "H",
        "settings/tls/least.enum.1.2": "old", "groups/main": "Main", "ports/done": "Done", "report/stage.box": "Box",
        "account/who": "Who", "account/who.enum./a.b": "AB", "node/extra": "More"})");
    component.texts(
        "ja",
        R"({"component": "小包", "settings/tls/least": "下限", "settings/tls/least.placeholder": "余分"})");
    return component;
}

Json made(const ExampleComponent& component, std::string_view language) {
    const wfc::Manifest manifest = component.manifest();
    return catalogue(wfc::panel::panel_table(manifest, {{}, {}, {}, {"extra"}}), manifest, language);
}

TEST(Catalogue, TextsStandUnderTheNamesOfFields) {
    const Json found = made(spoken(), "en");
    EXPECT_EQ(text_at(found, "label.node"), "Parcels");
    EXPECT_EQ(text_at(found, "settings.tls_least.label"), "At least");
    EXPECT_EQ(text_at(found, "settings.tls_least.help"), "H");
    EXPECT_EQ(text_at(found, "settings.tls_least.enum.1_2"), "old");
    EXPECT_EQ(text_at(found, "settings.tls_least.enum.1_3"), "1.3");
    EXPECT_EQ(text_at(found, "groups.main"), "Main");
    EXPECT_EQ(text_at(found, "ports.done.label"), "Done");
    EXPECT_EQ(text_at(found, "ports.failed.label"), "failed");
    EXPECT_EQ(text_at(found, "stage.box"), "Box");
    EXPECT_EQ(text_at(found, "account-view.who.label"), "Who");
    EXPECT_EQ(text_at(found, "account-view.who.enum./a_b"), "AB");
    EXPECT_EQ(text_at(found, "flags.extra.label"), "More");
    EXPECT_EQ(text_at(found, "settings.tls_least"), "");
    EXPECT_EQ(text_at(found, "settings.nobody.label"), "");
}

TEST(Catalogue, WhatALanguageLacksIsEnglish) {
    const Json found = made(spoken(), "ja");
    EXPECT_EQ(text_at(found, "settings.tls_least.label"), "下限");
    EXPECT_EQ(text_at(found, "settings.tls_least.help"), "H");
    EXPECT_EQ(text_at(found, "groups.main"), "Main");
}

std::vector<std::string> keys(const Json& tree) {
    std::vector<std::string> out;
    const Json flat = tree.flatten();
    for (const auto& [key, text] : flat.items()) out.push_back(key);
    return out;
}

TEST(Catalogue, EveryLanguageHasTheSameKeys) {
    EXPECT_EQ(keys(made(spoken(), "en")), keys(made(spoken(), "ja")));
    EXPECT_EQ(keys(made(spoken(), "en")), keys(made(spoken(), "fr")));
}

TEST(Catalogue, ASilentComponentIsNamedByItsType) {
    const Json found = made(ExampleComponent(), "en");
    EXPECT_EQ(text_at(found, "label.node"), "parcel");
    EXPECT_EQ(text_at(found, "flags.extra.label"), "extra");
}

TEST(Catalogue, TwoWordsCannotShareAKey) {
    ExampleComponent component;
    component.settings(R"({"type": "object", "properties": {"v": {"type": "string", "enum": ["1.2", "1:2"]}},
        "additionalProperties": false})");
    EXPECT_EQ(wfc::test::refusal([&] { made(component, "en"); }),
              "two texts would have the key settings.v.enum.1:2 of the panel");
}

TEST(Catalogue, ATextThatAnEditorWouldEvaluateIsRefused) {
    ExampleComponent component;
    component.texts("en", R"x({"component": "Parcels for $t(label.account)"})x");
    EXPECT_THAT(wfc::test::refusal([&] { made(component, "en"); }),
                testing::StartsWith("the text label.node of the panel has \"$t(\""));
}

TEST(OwnWords, BothLanguagesHaveTheSameKeysAndTheSamePlaces) {
    const wfc::Texts english = wfc::panel::own_words("en"), japanese = wfc::panel::own_words("ja");
    EXPECT_EQ(wfc::check_parity(english, "en", japanese, "ja"), std::vector<std::string>{});
    const auto places = [](const std::string& text) {
        std::multiset<std::string> found;
        for (std::size_t at = text.find("__"); at != std::string::npos;) {
            const std::size_t end = text.find("__", at + 2);
            if (end == std::string::npos) break;
            found.insert(text.substr(at, end - at));
            at = text.find("__", end + 2);
        }
        return found;
    };
    for (const auto& [key, text] : japanese) EXPECT_EQ(places(english.at(key)), places(text)) << key;
    EXPECT_EQ(wfc::panel::own_words("fr"), english);
}

}  // namespace
