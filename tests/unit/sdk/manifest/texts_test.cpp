#include "manifest/texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "component_directory.hpp"
#include "manifest/manifest.hpp"

namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using wfc::test::refusal;

TEST(TextKeys, DeriveFromThePathOfMembers) {
    const json schema = json::parse(R"({"type":"object","properties":{
        "auth":{"type":"object","x-choice":"method","oneOf":[
            {"type":"object","required":["method"],"properties":{"method":{"const":"none"}},"additionalProperties":false},
            {"$ref":"#/definitions/oauth2"}]},
        "files":{"type":"array","items":{"type":"object","properties":{"path":{"type":"string"}},"additionalProperties":false}},
        "to":{"type":["string","object"],"properties":{"address":{"type":"string"}},"additionalProperties":false},
        "headers":{"type":"object"}},
        "additionalProperties":false,
        "definitions":{
          "secret":{"type":"object","required":["$secret"],"properties":{"$secret":{"type":"string"}},"additionalProperties":false},
          "oauth2":{"type":"object","required":["method"],"properties":{"method":{"const":"oauth2"},"level":{"enum":[1,"low"]},
            "token":{"$ref":"#/definitions/secret","x-secret":true,"writeOnly":true}},"additionalProperties":false}}})");
    EXPECT_THAT(wfc::text_keys(schema, "settings"),
                ElementsAre("settings/auth", "settings/auth/method", "settings/auth/method.enum.none",
                            "settings/auth/level", "settings/auth/level.enum.low",
                            "settings/auth/method.enum.oauth2", "settings/auth/token", "settings/files",
                            "settings/files/path", "settings/headers", "settings/to"));
}

TEST(TextKeys, OfARecursiveSchemaEnd) {
    const json schema = json::parse(
        R"({"$ref":"#/definitions/t","definitions":{"t":{"type":"object","properties":{"a":{"$ref":"#/definitions/t"}}}}})");
    EXPECT_LE(wfc::text_keys(schema, "s").size(), 40u);
}

TEST(TextKeys, OfAManifestCoverAllThatAPanelShows) {
    EXPECT_THAT(
        wfc::text_keys(wfc::read_manifest(SOURCE_DIR "/examples/minimal-component")),
        ElementsAre("component", "operations/hello", "ports/succeeded", "ports/failed", "hello.input/format",
                    "hello.input/name", "settings/format", "settings/greeting"));
}

TEST(TextCatalogues, OfTheRepositoryAreWholeInEveryLanguage) {
    for (const char* directory : {SOURCE_DIR "/manifests", SOURCE_DIR "/examples/minimal-component"}) {
        const wfc::Manifest manifest = wfc::read_manifest(directory);
        const auto keys = wfc::text_keys(manifest);
        const wfc::Texts english = wfc::read_texts(manifest.read(manifest.texts.at("en")), "en");
        for (const auto& [language, file] : manifest.texts) {
            const wfc::Texts texts = wfc::read_texts(manifest.read(file), language);
            EXPECT_THAT(wfc::check_texts(keys, texts, language), IsEmpty()) << directory;
            EXPECT_THAT(wfc::check_parity(english, "en", texts, language), IsEmpty()) << directory;
        }
    }
}

TEST(TextCatalogues, SayWhatIsMissingAndWhatNothingShows) {
    EXPECT_THAT(
        wfc::check_texts({"component", "settings/greeting"},
                         {{"component", "x"},
                          {"component.help", "x"},
                          {"account/signed_in_as", "x"},
                          {"node", "x"},
                          {"node.help", "x"},
                          {"account", "x"},
                          {"node/loud", "x"},
                          {"report/stage.connect", "x"},
                          {"settings/greting", "x"}},
                         "ja"),
        ElementsAre("ja lacks \"settings/greeting\"",
                    "ja has \"settings/greting\", which nothing shows; did you mean \"settings/greeting\"?"));
    EXPECT_THAT(wfc::check_parity({{"a", "x"}, {"a.help", "x"}}, "en", {{"a", "x"}, {"b", "x"}}, "ja"),
                ElementsAre("ja lacks \"a.help\", which en has", "en lacks \"b\", which ja has"));
}

TEST(TextCatalogues, AreRefusedUnlessTheyAreTextsByKey) {
    EXPECT_EQ(refusal([] { wfc::read_texts("[]", "en.json"); }), "en.json must be an object of texts");
    EXPECT_EQ(refusal([] { wfc::read_texts(R"({"a":1})", "en.json"); }),
              "en.json: \"a\" must be a text that is not empty");
    EXPECT_EQ(refusal([] { wfc::read_texts(R"({"a":""})", "en.json"); }),
              "en.json: \"a\" must be a text that is not empty");
    EXPECT_EQ(refusal([] { wfc::read_texts(R"({"a":"x","a":"y"})", "en.json"); }),
              "en.json: /a stands twice in one object");
    EXPECT_THAT(refusal([] { wfc::read_texts(R"({"a":{}})", "en.json"); }),
                EndsWith("nests deeper than 1 levels"));
}

}  // namespace
