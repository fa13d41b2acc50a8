#include "panel/node_red.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "example_component.hpp"

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using wfc::panel::node_red_files;
using wfc::panel::Package;
using wfc::test::ExampleComponent;
using wfc::test::refusal;

const Package package{"node-red-contrib-parcel"};

std::string page(const ExampleComponent& component, const Package& of = package) {
    return node_red_files(component.manifest(), of).at("parcel.html");
}

ExampleComponent with(const std::string& properties) {
    ExampleComponent component;
    component.settings(R"({"type": "object", "properties": )" + properties +
                       R"(, "definitions": {"secret": {"type": "object", "required": ["$secret"],
        "properties": {"$secret": {"type": "string"}}, "additionalProperties": false}}, "additionalProperties": false})");
    return component;
}

TEST(NodeRed, APackageHasATableADialogAndTextsInEachLanguage) {
    ExampleComponent component;
    component.texts("en", R"({"component": "Parcels"})");
    component.texts("ja", R"({"component": "小包"})");
    component.json["icon"] = "art/box.svg";
    component.folder.write("art/box.svg", "<svg/>");
    const auto files = node_red_files(component.manifest(), package);
    EXPECT_THAT(files, ElementsAre(Key("icons/box.svg"), Key("locales/en-US/parcel.html"),
                                   Key("locales/en-US/parcel.json"), Key("locales/ja/parcel.html"),
                                   Key("locales/ja/parcel.json"), Key("panel.json"), Key("parcel.html")));
    EXPECT_EQ(files.at("icons/box.svg"), "<svg/>");
    EXPECT_THAT(files.at("locales/ja/parcel.json"), HasSubstr("\"node\": \"小包\""));
    EXPECT_EQ(node_red_files(component.manifest(), package), files);
}

TEST(NodeRed, AComponentWithoutJapaneseHasNone) {
    const auto files = node_red_files(ExampleComponent().manifest(), package);
    EXPECT_THAT(files, Contains(Key("locales/en-US/parcel.json")));
    EXPECT_THAT(files, Not(Contains(Key("locales/ja/parcel.json"))));
}

TEST(NodeRed, LanguagesAreCalledAsTheEditorAsksForThem) {
    ExampleComponent component;
    for (const char* language : {"en", "de", "zh-cn", "zh-hant", "pt_br"}) component.texts(language, "{}");
    const auto files = node_red_files(component.manifest(), package);
    for (const char* folder : {"en-US", "de", "zh-CN", "zh-Hant", "pt-BR"})
        EXPECT_THAT(files, Contains(Key(std::string("locales/") + folder + "/parcel.json")));
}

TEST(NodeRed, WhatMustBeChosenIsNotChosenByTheFirstComer) {
    ExampleComponent component;
    component.settings(R"({"type": "object", "required": ["way", "size"], "properties": {
        "way": {"type": "string", "enum": ["a", "b"]}, "size": {"type": "number", "minimum": 0.5}},
        "additionalProperties": false})");
    const std::string found = page(component);
    EXPECT_THAT(found,
                HasSubstr(R"(way: {value: "", validate: wfcPanel.validate.required({"required":true})})"));
    EXPECT_THAT(found, HasSubstr(R"(<option value="" data-i18n="panel.select.choose"></option>)"));
    EXPECT_THAT(found,
                HasSubstr(R"(wfcPanel.validate.number(0.5, null, {"required":true,"types":["number"]}))"));
}

TEST(NodeRed, DefaultsAreLiteralAndSecretsAreCredentials) {
    const std::string found = page(with(R"({"size": {"type": "integer", "minimum": 1},
        "way": {"type": "string", "enum": ["a", "b"], "default": "b"}, "fast": {"type": "boolean", "default": true},
        "limit": {"type": "string", "default": "5m"},
        "key": {"$ref": "#/definitions/secret", "x-secret": true, "writeOnly": true},
        "kept": {"$ref": "#/definitions/secret", "x-secret": true, "x-written": true, "writeOnly": true}})"));
    EXPECT_THAT(found, HasSubstr("size: {value: \"\", validate: wfcPanel.validate.number(1, null, {})}"));
    EXPECT_THAT(found, HasSubstr("way: {value: \"b\"}"));
    EXPECT_THAT(found, HasSubstr("fast: {value: true}"));
    EXPECT_THAT(found, HasSubstr("limit: {value: \"\"}"));
    EXPECT_THAT(found, HasSubstr("credentials: {\n        key: {type: \"password\"}\n      }"));
    EXPECT_THAT(
        found,
        HasSubstr(R"(<input type="password" autocomplete="new-password" id="node-config-input-key">)"));
    EXPECT_THAT(found, Not(HasSubstr("node-config-input-kept")));
}

TEST(NodeRed, FieldsOfTheNodeHaveAKindOfValueBesideThem) {
    ExampleComponent component;
    component.input(
        R"({"type": "object", "properties": {"town": {"type": "string"}}, "additionalProperties": false})");
    const std::string found = page(component, {"node-red-contrib-parcel", {}, {"extra"}});
    EXPECT_THAT(found, HasSubstr("town: {value: \"\", validate: wfcPanel.validate.typed(\"town_type\")},\n"
                                 "      town_type: {value: \"\"}"));
    EXPECT_THAT(found, HasSubstr("account: {value: \"\", type: \"parcel-account\", required: true}"));
    EXPECT_THAT(found, HasSubstr("extra: {value: false}"));
    EXPECT_THAT(found, HasSubstr("id=\"node-input-extra\""));
    EXPECT_THAT(found, HasSubstr("outputs: 2"));
}

TEST(NodeRed, TheHelpTellsWhatStandsInForAnEmptyFieldAndWhereTheResultIs) {
    ExampleComponent component;
    component.input(
        R"({"type": "object", "properties": {"town": {"type": "string"}}, "additionalProperties": false})");
    const auto files =
        node_red_files(component.manifest(), {"x", {}, {}, R"({"town": {"members": ["place", "city"]}})"});
    const std::string& help = files.at("locales/en-US/parcel.html");
    EXPECT_THAT(help, HasSubstr("<dd>Left empty: <code>msg.place</code>, <code>msg.city</code>.</dd>"));
    EXPECT_THAT(help, HasSubstr("<code>msg.parcel</code>"));
    EXPECT_THAT(files.at("panel.json"), HasSubstr("\"stand_in\""));
}

TEST(NodeRed, NoTextEndsAnAttributeAScriptOrAPage) {
    ExampleComponent component = with(R"({"way": {"type": "string", "enum": ["</script><b>", "\"x\""]}})");
    component.texts("en",
                    R"({"component": "<P> & 'Q'", "component.help": "</script><script>alert(1)</script>"})");
    const auto files = node_red_files(component.manifest(), package);
    EXPECT_THAT(files.at("parcel.html"), Not(HasSubstr("</script><b>")));
    EXPECT_THAT(files.at("parcel.html"), HasSubstr("value=\"&lt;/script&gt;&lt;b&gt;\""));
    EXPECT_THAT(files.at("parcel.html"), HasSubstr("value=\"&quot;x&quot;\""));
    EXPECT_THAT(files.at("locales/en-US/parcel.html"), Not(HasSubstr("alert(1)</script>")));
}

TEST(NodeRed, ScriptsAndStyleSheetsOfThePackageAreLoaded) {
    const std::string found = page(ExampleComponent(), {"@me/parcel", {"a.js", "b.css", "c.txt"}, {}});
    EXPECT_THAT(found, HasSubstr("<script src=\"resources/@me/parcel/a.js\"></script>\n"
                                 "<link rel=\"stylesheet\" href=\"resources/@me/parcel/b.css\">\n"));
    EXPECT_THAT(found, Not(HasSubstr("c.txt")));
}

TEST(NodeRed, AMemberCalledLikeAPropertyOfTheEditorGetsAnotherName) {
    ExampleComponent component;
    component.input(
        R"({"type": "object", "properties": {"name": {"type": "string"}, "account": {"type": "string"},
        "call_id": {"type": "string"}}, "additionalProperties": false})");
    const std::string found = page(component);
    for (const char* name : {"input_name", "input_account", "input_call_id"})
        EXPECT_THAT(found, HasSubstr(std::string("id=\"node-input-") + name + "\""));
}

TEST(NodeRed, NamesThatNobodyCanHaveAreRefused) {
    for (const char* name : {"", "UPPER", "a b", "../x", ".x", "_x", "@x", "x/y", "@/x", "@a/b/c"}) {
        EXPECT_THAT(refusal([&] { node_red_files(ExampleComponent().manifest(), {name}); }),
                    HasSubstr("is no name of an npm package"))
            << name;
    }
    EXPECT_THAT(refusal([] {
                    node_red_files(ExampleComponent().manifest(), {"x", {}, {"Use"}});
                }),
                HasSubstr("the option \"Use\" must be"));
    EXPECT_THAT(refusal([] {
                    node_red_files(ExampleComponent().manifest(), {"x", {}, {"account"}});
                }),
                HasSubstr("has a name that the engine uses itself"));
}

}  // namespace
