#include "panel/field_table.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "example_component.hpp"

namespace {

using testing::HasSubstr;
using wfc::test::refusal;
using Json = nlohmann::ordered_json;

Json fields(const char* properties, const std::set<std::string>& taken = {}) {
    Json schema{{"type", "object"}};
    schema["properties"] = Json::parse(properties);
    schema["definitions"] = Json::parse(
        R"({"secret": {"type": "object", "properties": {"$secret": {"type": "string"}}},
            "word": {"type": "string", "maxLength": 5}})");
    return wfc::panel::field_table(schema, "settings", taken);
}

/// The one field that `schema` becomes, without name and pointer.
Json field(const std::string& schema) {
    Json found = fields((R"({"p": )" + schema + "}").c_str());
    EXPECT_EQ(found.size(), 1U);
    found[0].erase("name");
    found[0].erase("pointer");
    return found[0];
}

TEST(FieldTable, EachKindOfMemberHasItsKindOfField) {
    EXPECT_EQ(field(R"({"type": "string", "minLength": 1, "maxLength": 9, "default": "x"})"),
              Json::parse(R"({"kind":"text","default":"x","minLength":1,"maxLength":9})"));
    EXPECT_EQ(field(R"({"type": "integer", "minimum": 1, "maximum": 9, "x-unit": "pieces"})"),
              Json::parse(R"({"kind":"number","unit":"pieces","min":1,"max":9,"types":["integer"]})"));
    EXPECT_EQ(field(R"({"type": ["integer", "string"]})"),
              Json::parse(R"({"kind":"number","types":["integer","string"]})"));
    EXPECT_EQ(field(R"({"type": "boolean", "default": true})"),
              Json::parse(R"({"kind":"boolean","default":true})"));
    EXPECT_EQ(field(R"({"type": "string", "enum": ["a", "b"]})"),
              Json::parse(R"({"kind":"select","values":["a","b"]})"));
    EXPECT_EQ(field(R"({"type": "string", "x-options": "shops.json"})"),
              Json::parse(R"({"kind":"options","options":"shops.json"})"));
    EXPECT_EQ(field(R"({"type": "array", "items": {"$ref": "#/definitions/word"}})"),
              Json::parse(R"({"kind":"list"})"));
    EXPECT_EQ(field(R"({"type": "array", "items": {"type": "object"}})"), Json::parse(R"({"kind":"json"})"));
    EXPECT_EQ(field(R"({"type": "object"})"), Json::parse(R"({"kind":"json"})"));
    EXPECT_EQ(field(R"({"x-expression": true})"), Json::parse(R"({"kind":"json","expression":true})"));
    EXPECT_EQ(field(R"({"type": "string", "x-widget": "multiline", "examples": ["x"]})"),
              Json::parse(R"({"kind":"text","multiline":true,"widget":"multiline","examples":["x"]})"));
    EXPECT_EQ(field(R"({"$ref": "#/definitions/word", "x-group": "g"})"),
              Json::parse(R"({"kind":"text","group":"g","maxLength":5})"));
    EXPECT_EQ(field(R"({"$ref": "#/definitions/secret", "x-secret": true, "x-written": true})"),
              Json::parse(R"({"kind":"secret","written":true})"));
}

TEST(FieldTable, NamesAreThePartsOfThePointer) {
    const Json found = fields(R"({"a": {"type": "object", "properties": {"b-c": {"type": "string"}}}})");
    EXPECT_EQ(found[0]["name"], "a_b_c");
    EXPECT_EQ(found[0]["pointer"], "/a/b-c");
}

TEST(FieldTable, ATakenNameGetsThatOfTheDocumentBeforeIt) {
    const Json found = fields(R"({"id": {"type": "string"}, "_x": {"type": "string"}})", {"id"});
    EXPECT_EQ(found[0]["name"], "settings_id");
    EXPECT_EQ(fields(R"({"2fa": {"type": "string"}})")[0]["name"], "settings_2fa");
    EXPECT_EQ(found[1]["name"], "settings__x");
    EXPECT_THAT(refusal([] {
                    fields(R"({"id": {"type": "string"}})", {"id", "settings_id"});
                }),
                HasSubstr("settings /id: the name \"settings_id\" is taken"));
}

TEST(FieldTable, TwoMembersCannotHaveOneName) {
    EXPECT_EQ(
        refusal([] {
            fields(R"({"a_b": {"type": "string"},
                             "a": {"type": "object", "properties": {"b": {"type": "string"}}}})");
        }),
        "settings: /a_b and /a/b would both be the field \"a_b\"; give one of the members another name");
}

TEST(FieldTable, WhatNobodyEntersIsLeftOut) {
    EXPECT_EQ(fields(R"({"format": {"const": 1}, "old": {"type": "string", "x-deprecated-by": "/new"},
        "page": {"type": "object", "x-content": true, "properties": {"t": {"type": "string"}}},
        "of_host": {"type": "boolean", "x-host": true}})"),
              Json::array());
}

TEST(FieldTable, AMemberThatGoesOnlyWithValuesOfOthersIsShownWithThose) {
    const Json found = fields(R"({"job": {"type": "object", "properties": {
        "kind": {"type": "string", "enum": ["a", "b", "c"]},
        "size": {"type": "string", "x-only-with": {"kind": ["a", "b"]}},
        "more": {"type": "object", "x-only-with": {"kind": ["c"]}, "properties": {"x": {"type": "string"}}}}}})");
    ASSERT_EQ(found.size(), 3U);
    EXPECT_FALSE(found[0].contains("shown"));
    EXPECT_EQ(found[1]["shown"], Json::parse(R"({"job_kind": ["a", "b"]})"));
    EXPECT_EQ(found[2]["name"], "job_more_x");
    EXPECT_EQ(found[2]["shown"], Json::parse(R"({"job_kind": ["c"]})"));
    const Json outer = fields(R"({"job": {"type": "object", "properties": {
        "kind": {"type": "string", "enum": ["a", "b"]}, "more": {"type": "object", "properties": {
            "x": {"type": "string", "x-only-with": {"../kind": ["b"]}}}}}}})");
    EXPECT_EQ(outer[1]["shown"], Json::parse(R"({"job_kind": ["b"]})"));
}

constexpr const char* way =
    R"({"way": {"type": "object", "x-choice": "kind", "default": {"kind": "post"}, "oneOf": [
    {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "const": "none"}}},
    {"type": "object", "required": ["kind", "town"], "properties": {
        "kind": {"type": "string", "const": "post", "x-binds-secrets": true},
        "town": {"type": "string"}, "weight": {"type": "number", "default": 2}}},
    {"type": "object", "required": ["kind"], "properties": {
        "kind": {"type": "string", "const": "car"}, "town": {"type": "string"}}}]}})";

TEST(FieldTable, AMemberOfSeveralBranchesIsOneFieldShownForEach) {
    const Json found = fields(way);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0], Json::parse(R"({"name":"way_kind","pointer":"/way/kind","kind":"choice",
        "values":["none","post","car"],"default":"post","binds":true})"));
    EXPECT_EQ(found[1], Json::parse(R"({"name":"way_town","pointer":"/way/town","kind":"text",
        "shown":{"way_kind":["post","car"]}})"));
    EXPECT_EQ(found[2], Json::parse(R"({"name":"way_weight","pointer":"/way/weight","kind":"number",
        "default":2,"types":["number"],"shown":{"way_kind":["post"]}})"));
}

TEST(FieldTable, WhatEveryBranchHasIsAlwaysShown) {
    const char* const branches = R"("type": "object", "x-choice": "k", "oneOf": [
        {"type": "object", "required": ["k", "x"], "properties": {"k": {"const": "a"}, "x": {"type": "string"}}},
        {"type": "object", "required": ["k", "x"], "properties": {"k": {"const": "b"}, "x": {"type": "string"}}}])";
    const Json usual = fields((std::string(R"({"w": {"default": {"k": "b"}, )") + branches + "}}").c_str());
    EXPECT_EQ(usual[1], Json::parse(R"({"name":"w_x","pointer":"/w/x","kind":"text","required":true})"));
    const Json optional = fields((std::string(R"({"w": {)") + branches + "}}").c_str());
    EXPECT_EQ(optional[1]["shown"], Json::parse(R"({"w_k":["a","b"]})"));  // nothing may be chosen at all
}

/// Two branches "a" and "b" of a choice, each with the member "x".
Json merged(const std::string& a, const std::string& b) {
    const auto branch = [](const char* kind, const std::string& x) {
        return R"({"type": "object", "required": ["k"], "properties": {"k": {"const": ")" +
               std::string(kind) + R"("}, "x": )" + x + "}}";
    };
    return fields((R"({"w": {"type": "object", "x-choice": "k", "default": {"k": "a"}, "oneOf": [)" +
                   branch("a", a) + "," + branch("b", b) + "]}}")
                      .c_str())[1];
}

TEST(FieldTable, AMemberOfSeveralBranchesHasWhatEachOfThemSays) {
    EXPECT_EQ(merged(R"({"type": "string"})", R"({"type": "string", "x-binds-secrets": true})")["binds"],
              true);
    EXPECT_EQ(merged(R"({"enum": ["p", "q"]})", R"({"enum": ["q", "r"]})")["values"],
              Json::parse(R"(["p", "q", "r"])"));
}

TEST(FieldTable, OneFieldCannotBeTwoThings) {
    const std::pair<const char*, const char*> pairs[]{
        {R"({"type": "string"})", R"({"type": "boolean"})"},
        {R"({"type": "string"})", R"({"$ref": "#/definitions/secret", "x-secret": true})"},
        {R"({"$ref": "#/definitions/secret", "x-secret": true})",
         R"({"$ref": "#/definitions/secret", "x-secret": true, "x-written": true})"},
        {R"({"type": "integer"})", R"({"type": "number"})"},
        {R"({"type": "integer", "maximum": 9})", R"({"type": "integer"})"},
        {R"({"type": "string", "maxLength": 9})", R"({"type": "string", "maxLength": 8})"},
        {R"({"type": "boolean", "default": true})", R"({"type": "boolean"})"}};
    for (const auto& [a, b] : pairs) {
        EXPECT_THAT(refusal([&, one = a, other = b] { merged(one, other); }),
                    HasSubstr("settings /w/x: the branches of a choice differ in the "))
            << a << b;
    }
}

TEST(FieldTable, WhatHasOneValueAndMustBeThereIsAFieldThatNobodySees) {
    const Json found = fields(R"({"a": {"type": "object", "required": ["v"], "properties": {
        "v": {"const": 2}, "w": {"const": 3}}}})");
    EXPECT_EQ(found,
              Json::parse(R"([{"name":"a_v","pointer":"/a/v","kind":"fixed","default":2,"written":true}])"));
}

TEST(FieldTable, TheWholeDocumentMayBeAChoiceOrAReference) {
    const Json choice = Json::parse(R"({"type": "object", "x-choice": "k", "oneOf": [
        {"type": "object", "required": ["k"], "properties": {"k": {"const": "a"}, "x": {"type": "string"}}},
        {"type": "object", "required": ["k"], "properties": {"k": {"const": "b"}}}]})");
    EXPECT_EQ(wfc::panel::field_table(choice, "settings", {}), Json::parse(R"([
        {"name":"k","pointer":"/k","kind":"choice","values":["a","b"],"required":true},
        {"name":"x","pointer":"/x","kind":"text","shown":{"k":["a"]}}])"));
    const Json reference{{"$ref", "#/definitions/all"}, {"definitions", {{"all", choice}}}};
    EXPECT_EQ(wfc::panel::field_table(reference, "settings", {}),
              wfc::panel::field_table(choice, "settings", {}));
}

TEST(FieldTable, WhatDecidesBelowAFieldOfJsonBindsTheWholeField) {
    const Json found = fields(R"({"hosts": {"type": "array", "items": {"type": "object", "properties": {
        "name": {"type": "string", "x-binds-secrets": true}}}}})");
    EXPECT_EQ(found[0]["kind"], "json");
    EXPECT_EQ(found[0]["binds"], true);
}

TEST(FieldTable, ASecretInAFieldOfJsonIsRefused) {
    EXPECT_THAT(refusal([] {
                    fields(R"({"users": {"type": "array", "items": {"type": "object", "properties": {
                        "key": {"$ref": "#/definitions/secret", "x-secret": true}}}}})");
                }),
                HasSubstr("settings /users: has a secret in it"));
}

Json recursive(const char* definition) {
    Json schema = Json::parse(R"({"type": "object", "properties": {"p": {"$ref": "#/definitions/tree"}}})");
    schema["definitions"]["tree"] = Json::parse(definition);
    return wfc::panel::field_table(schema, "settings", {});
}

TEST(FieldTable, APartOfItselfIsRefusedUnlessItIsJson) {
    EXPECT_THAT(refusal([] {
                    recursive(R"({"type": "object", "properties": {"a": {"$ref": "#/definitions/tree"},
                        "b": {"$ref": "#/definitions/tree"}}})");
                }),
                HasSubstr("settings /p/a: is a part of itself (#/definitions/tree)"));
    const Json found = recursive(R"({"type": "object", "properties": {"more": {"type": "array",
        "items": {"$ref": "#/definitions/tree"}}}})");
    EXPECT_EQ(found[0]["name"], "p_more");
    EXPECT_EQ(found[0]["kind"], "json");
}

TEST(FieldTable, MoreThanAnybodyFillsInIsRefused) {
    Json many = Json::object();
    for (int i = 0; i < 2001; ++i) many["m" + std::to_string(i)] = Json{{"type", "string"}};
    EXPECT_THAT(refusal([&] { fields(many.dump().c_str()); }),
                HasSubstr("settings /m2000: is one field more"));
    Json values = Json::array();
    for (int i = 0; i < 1001; ++i) values.push_back(std::to_string(i));
    const Json list{{"v", {{"type", "string"}, {"enum", values}}}};
    EXPECT_THAT(refusal([&] { fields(list.dump().c_str()); }),
                HasSubstr("settings /v: has more than 1000 values"));
    std::string doubling = R"({"type": "object", "properties": {}})";
    Json schema = Json::parse(R"({"type": "object", "properties": {"p": {"$ref": "#/definitions/d0"}}})");
    for (int i = 0; i < 30; ++i) {
        const Json next{{"$ref", "#/definitions/d" + std::to_string(i + 1)}};
        schema["definitions"]["d" + std::to_string(i)] =
            Json{{"type", "object"}, {"properties", {{"a", next}, {"b", next}}}};
    }
    schema["definitions"]["d30"] = Json::parse(doubling);
    EXPECT_THAT(refusal([&] { wfc::panel::field_table(schema, "settings", {}); }),
                HasSubstr("is one member more than a panel can have"));
}

TEST(FieldTable, AnEmptyTextIsNoChoice) {
    EXPECT_THAT(refusal([] { fields(R"({"v": {"type": "string", "enum": ["", "a"]}})"); }),
                HasSubstr("settings /v: the value \"\" cannot be chosen in a panel"));
}

TEST(FieldTable, WhatSecretsAreBoundToIsInheritedByMembers) {
    const Json found = fields(R"({"server": {"type": "object", "x-binds-secrets": true, "properties": {
        "host": {"type": "string"}}}, "other": {"type": "string"}})");
    EXPECT_EQ(found[0]["binds"], true);
    EXPECT_FALSE(found[1].contains("binds"));
}

TEST(FieldTable, GroupsAreThoseInUseAndAdvancedIsCollapsed) {
    const Json schema =
        Json::parse(R"({"type": "object", "x-groups": ["one", "unused", "advanced"], "properties": {
        "a": {"type": "string", "x-group": "advanced"}, "b": {"type": "string", "x-group": "one"}}})");
    EXPECT_EQ(wfc::panel::group_table(schema, wfc::panel::field_table(schema, "settings", {})),
              Json::parse(R"([{"id":"one"},{"id":"advanced","collapsed":true}])"));
}

TEST(FieldTable, AGroupOfWhatNobodySeesHasNoHeading) {
    const Json schema = Json::parse(R"({"type": "object", "x-groups": ["one"], "properties": {"a": {
        "type": "object", "x-secret": true, "x-written": true, "x-group": "one"}}})");
    EXPECT_EQ(wfc::panel::group_table(schema, wfc::panel::field_table(schema, "settings", {})),
              Json::array());
}

}  // namespace
