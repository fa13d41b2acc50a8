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
              Json::parse(R"({"kind":"number","unit":"pieces","min":1,"max":9})"));
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
        "default":2,"shown":{"way_kind":["post"]}})"));
}

TEST(FieldTable, WhatEveryBranchHasIsAlwaysShown) {
    const Json found = fields(R"({"w": {"type": "object", "x-choice": "k", "oneOf": [
        {"type": "object", "required": ["k", "x"], "properties": {"k": {"const": "a"}, "x": {"type": "string"}}},
        {"type": "object", "required": ["k", "x"], "properties": {"k": {"const": "b"}, "x": {"type": "string"}}}]}})");
    EXPECT_EQ(found[1], Json::parse(R"({"name":"w_x","pointer":"/w/x","kind":"text","required":true})"));
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

}  // namespace
