#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "manifest/schema.hpp"

namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> lint(const json& schema, wfc::Objects objects = wfc::Objects::closed) {
    std::vector<std::string> out;
    for (const wfc::Fault& fault : wfc::lint_schema(schema, objects))
        out.push_back(fault.pointer + " " + fault.sentence);
    return out;
}
std::vector<std::string> lint(const char* schema) {
    return lint(json::parse(schema));
}

TEST(SchemaLint, RefusesEveryKeywordOutsideTheSubset) {
    for (const char* keyword : {"anyOf",
                                "allOf",
                                "not",
                                "if",
                                "then",
                                "else",
                                "patternProperties",
                                "dependencies",
                                "contains",
                                "propertyNames",
                                "uniqueItems",
                                "multipleOf",
                                "exclusiveMinimum",
                                "additionalItems",
                                "$id",
                                "$schema",
                                "$defs",
                                "description",
                                "readOnly",
                                "x-visible",
                                "x-",
                                "minProperties"}) {
        const auto found = lint(json{{keyword, true}});
        ASSERT_EQ(found.size(), 1u) << keyword;
        EXPECT_NE(found[0].find("is not a keyword of the subset"), std::string::npos) << found[0];
    }
    EXPECT_THAT(lint(R"({"x-widgte":"file"})"),
                ElementsAre(R"(/x-widgte is not a keyword of the subset; did you mean "x-widget"?)"));
}

TEST(SchemaLint, RefusesKeywordsOfTheWrongForm) {
    for (const char* schema : {R"({"type":"text"})",
                               R"({"type":[]})",
                               R"({"type":["string","string"]})",
                               R"({"type":1})",
                               R"({"enum":[]})",
                               R"({"enum":"x"})",
                               R"({"required":"a"})",
                               R"({"required":[1]})",
                               R"({"required":["a","a"],"properties":{"a":{}},"additionalProperties":false})",
                               R"({"properties":[]})",
                               R"({"additionalProperties":true})",
                               R"({"additionalProperties":{}})",
                               R"({"items":[{}]})",
                               R"({"items":true})",
                               R"({"minItems":-1})",
                               R"({"maxLength":1.5})",
                               R"({"minimum":"1"})",
                               R"({"title":1})",
                               R"({"$ref":1})",
                               R"({"writeOnly":"yes"})",
                               R"({"oneOf":[],"x-choice":"kind","type":"object"})",
                               R"({"examples":"x"})",
                               R"({"x-groups":"a"})",
                               R"({"definitions":{"a":1}})",
                               R"(true)",
                               R"([])",
                               R"({"items":{"items":7}})"}) {
        EXPECT_EQ(lint(schema).size(), 1u) << schema;
    }
}

TEST(SchemaLint, WantsObjectsClosedUnlessTheyAreResults) {
    constexpr const char* open = R"({"items":{"properties":{"a":{}}}})";
    EXPECT_THAT(lint(open), ElementsAre(R"(/items must be closed with "additionalProperties": false)"));
    EXPECT_THAT(lint(json::parse(open), wfc::Objects::open), IsEmpty());
    EXPECT_THAT(lint(R"({"type":"object","x-widget":"headers"})"), IsEmpty());  // a free map
}

TEST(SchemaLint, WantsRequiredMembersAmongTheProperties) {
    EXPECT_THAT(lint(R"({"required":["b"],"properties":{"a":{}},"additionalProperties":false})"),
                ElementsAre("/required names \"b\", which is not among the properties"));
}

TEST(SchemaLint, WantsReferencesToLeadSomewhere) {
    constexpr const char* sentence =
        " must lead to a schema in #/definitions/, not elsewhere nor in a circle";
    EXPECT_THAT(lint(R"({"items":{"$ref":"#/definitions/a"}})"),
                ElementsAre("/items/$ref" + std::string(sentence)));
    EXPECT_THAT(lint(R"({"items":{"$ref":"other.json#/definitions/a"},"definitions":{"a":{}}})"),
                ElementsAre("/items/$ref" + std::string(sentence)));
    EXPECT_THAT(lint(R"({"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}})"),
                ElementsAre("/definitions/a/$ref" + std::string(sentence),
                            "/definitions/b/$ref" + std::string(sentence)));
    EXPECT_THAT(lint(R"({"$ref":"#/definitions/a","minLength":1,"definitions":{"a":{}}})"),
                ElementsAre("/minLength has no effect beside $ref"));
}

TEST(SchemaLint, TakesASchemaThatContainsItself) {
    EXPECT_THAT(
        lint(
            R"({"items":{"$ref":"#/definitions/t"},"definitions":{"t":{"items":{"$ref":"#/definitions/t"}}}})"),
        IsEmpty());
}

TEST(SchemaLint, WantsEveryChoiceDecided) {
    const auto choice = [](const char* branches) {
        return lint(json{{"type", "object"}, {"x-choice", "kind"}, {"oneOf", json::parse(branches)}});
    };
    constexpr const char* good =
        R"({"required":["kind"],"properties":{"kind":{"const":"a"}},"additionalProperties":false})";
    EXPECT_THAT(choice(("[" + std::string(good) + "]").c_str()), IsEmpty());
    EXPECT_THAT(choice(("[" + std::string(good) + "," + good + "]").c_str()),
                ElementsAre("/oneOf/1 has the same \"kind\" as a branch before it"));
    EXPECT_THAT(choice(R"([{"properties":{"kind":{"const":"a"}},"additionalProperties":false}])"),
                ElementsAre("/oneOf/0 must require \"kind\""));
    EXPECT_THAT(
        choice(
            R"([{"required":["kind"],"properties":{"kind":{"type":"string"}},"additionalProperties":false}])"),
        ElementsAre("/oneOf/0 must fix \"kind\" with a const that is a string"));
    EXPECT_THAT(lint(R"({"oneOf":[{}]})"),
                ElementsAre("/oneOf stands without x-choice, which says what decides"));
    EXPECT_THAT(lint(R"({"x-choice":"kind"})"), ElementsAre("/x-choice stands without oneOf"));
    EXPECT_THAT(lint(json{{"x-choice", "kind"},
                          {"additionalProperties", false},
                          {"oneOf", json::parse("[" + std::string(good) + "]")}}),
                ElementsAre(" is a choice and must have \"type\": \"object\"",
                            "/additionalProperties belongs into each branch of the choice, not here"));
}

TEST(SchemaLint, WantsSecretsMarked) {
    const auto with = [](const char* property) {
        return lint(json{
            {"properties", {{"p", json::parse(property)}}},
            {"additionalProperties", false},
            {"definitions",
             {{"s", {{"properties", {{"$secret", json::object()}}}, {"additionalProperties", false}}}}}});
    };
    EXPECT_THAT(with(R"({"$ref":"#/definitions/s","x-secret":true,"writeOnly":true})"), IsEmpty());
    EXPECT_THAT(with(R"({"$ref":"#/definitions/s"})"),
                ElementsAre("/properties/p is a secret and must have \"x-secret\": true"));
    EXPECT_THAT(with(R"({"$ref":"#/definitions/s","x-secret":true})"),
                ElementsAre("/properties/p is a secret and must have \"writeOnly\": true"));
    EXPECT_THAT(with(R"({"type":"string","x-secret":true,"writeOnly":true})"),
                ElementsAre("/properties/p/x-secret stands on something other than {\"$secret\": name}"));
    EXPECT_THAT(with(R"({"$ref":"#/definitions/s","x-secret":true,"x-written":true,"writeOnly":true})"),
                IsEmpty());
    EXPECT_THAT(
        with(R"({"type":"string","x-written":true})"),
        ElementsAre("/properties/p/x-written stands on something that is not marked \"x-secret\": true"));
}

TEST(SchemaLint, WhatAMemberGoesWithStandsBesideItAndCanHaveThatValue) {
    const auto beside = [](const std::string& only_with) {
        return lint(json::parse(R"({"additionalProperties":false,"properties":{
            "kind":{"type":"string","enum":["a","b"]},"free":{"type":"string"},
            "size":{"type":"string","x-only-with":)" +
                                only_with + "}}}"));
    };
    EXPECT_THAT(beside(R"({"kind":["a"]})"), IsEmpty());
    EXPECT_THAT(beside(R"({"kind":["c"]})"),
                ElementsAre("/properties/size/x-only-with/kind names \"c\", which that member cannot be"));
    for (const char* other : {"gone", "free"}) {
        EXPECT_THAT(beside(std::string("{\"") + other + "\":[\"a\"]}"),
                    ElementsAre(std::string("/properties/size/x-only-with/") + other +
                                " names no member beside it that has an enum"));
    }
    const auto around = [](const std::string& only_with) {
        return lint(json::parse(R"({"additionalProperties":false,"properties":{
            "kind":{"type":"string","enum":["a","b"]},"more":{"type":"object","additionalProperties":false,
            "properties":{"size":{"type":"string","x-only-with":)" +
                                only_with + "}}}}}"));
    };
    EXPECT_THAT(around(R"({"../kind":["a"]})"), IsEmpty());
    EXPECT_THAT(around(R"({"../gone":["a"]})"),
                ElementsAre("/properties/more/properties/size/x-only-with/../gone names no member beside the "
                            "object around it that has an enum"));
    EXPECT_THAT(
        beside(R"({"../kind":["a"]})"),
        ElementsAre("/properties/size/x-only-with/../kind names no member beside the object around it "
                    "that has an enum"));
    for (const char* wrong : {"true", "{}", R"({"kind":"a"})", R"({"kind":[]})", R"({"kind":[1]})"}) {
        EXPECT_THAT(beside(wrong), ElementsAre("/properties/size/x-only-with must be an object of lists "
                                               "of strings: {\"member\": [\"value\"]}"))
            << wrong;
    }
}

TEST(SchemaLint, WantsWhatSecretsAreBoundToWherePeopleEnterIt) {
    const auto with = [](const char* property) {
        return lint(json{
            {"properties", {{"p", json::parse(property)}}},
            {"additionalProperties", false},
            {"definitions",
             {{"s", {{"properties", {{"$secret", json::object()}}}, {"additionalProperties", false}}}}}});
    };
    EXPECT_THAT(with(R"({"type":"string","x-binds-secrets":true})"), IsEmpty());
    EXPECT_THAT(with(R"({"type":"string","x-host":true})"), IsEmpty());
    EXPECT_THAT(with(R"({"type":"string","x-host":1})"),
                ElementsAre("/properties/p/x-host must be true or false"));
    EXPECT_THAT(with(R"({"type":"string","x-binds-secrets":true,"x-host":true})"),
                ElementsAre("/properties/p/x-binds-secrets stands beside x-host, which no panel shows"));
    EXPECT_THAT(
        with(R"({"$ref":"#/definitions/s","x-secret":true,"writeOnly":true,"x-binds-secrets":true})"),
        ElementsAre("/properties/p/x-binds-secrets stands on a secret, which cannot say where secrets go"));
}

TEST(SchemaLint, WantsDefaultsValid) {
    EXPECT_THAT(lint(R"({"properties":{"a":{"type":"integer","default":"x"}},"additionalProperties":false})"),
                ElementsAre("/properties/a/default is not valid: it must be a whole number, not a string"));
    EXPECT_THAT(
        lint(
            R"({"properties":{"default":{"type":"string"},"a":{"default":1,"const":1}},"additionalProperties":false})"),
        IsEmpty());
}

TEST(SchemaLint, WantsGroupsAndWidgetsThatExist) {
    EXPECT_THAT(
        lint(
            R"({"x-groups":["a"],"properties":{"p":{"x-group":"b","x-widget":"slider"}},"additionalProperties":false})"),
        ElementsAre("/properties/p/x-group is not one of the root's x-groups",
                    "/properties/p/x-widget is not a widget that panels know"));
    EXPECT_THAT(lint(R"({"items":{"x-groups":["a"]}})"),
                ElementsAre("/items/x-groups can only stand at the root"));
}

TEST(SchemaLint, StopsAtThirtyTwoLevelsOfSchema) {
    json deep = json::object();
    for (int i = 0; i < 200; ++i) deep = {{"items", deep}};
    EXPECT_EQ(lint(deep).size(), 1u);
}

TEST(SchemaLint, FindsNothingInTheSchemasOfTheExample) {
    for (const auto& [file, objects] :
         {std::pair("settings", wfc::Objects::closed), std::pair("hello.input", wfc::Objects::closed),
          std::pair("result", wfc::Objects::open)}) {
        std::ifstream in(SOURCE_DIR "/examples/minimal-component/" + std::string(file) + ".schema.json");
        EXPECT_THAT(lint(json::parse(in), objects), IsEmpty()) << file;
    }
}

}  // namespace
