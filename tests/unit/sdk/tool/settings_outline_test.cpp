#include "tool/settings_outline.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace wfc::tool {
namespace {

using testing::ElementsAre;

std::vector<std::string> lines(const char* schema) {
    std::vector<std::string> out;
    for (const OutlineRow& row : outline(nlohmann::ordered_json::parse(schema))) {
        out.push_back(row.pointer + ": " + row.facts + (row.condition.empty() ? "" : " | " + row.condition) +
                      (row.secret ? " !" : ""));
    }
    return out;
}

TEST(Outline, ListsMembersInTheSchemasOrder) {
    EXPECT_THAT(lines(R"({"type":"object","required":["b"],"properties":{
                  "b":{"type":["integer","string"]},"a":{"type":"string","enum":["x","y"],"default":"x"},
                  "wait":{"type":"string","x-unit":"duration"},"list":{"type":"array","items":{"type":"string"}},
                  "in":{"type":"object","properties":{"c":{"type":"boolean"}}}}})"),
                ElementsAre("/b: integer or string, required", R"(/a: string, one of "x" "y", default "x")",
                            "/wait: string, duration", "/list: list of string", "/in/c: boolean"));
}

TEST(Outline, ShowsTheConditionOfAChoiceAndMarksSecrets) {
    EXPECT_THAT(lines(R"({"properties":{"auth":{"type":"object","x-choice":"m","oneOf":[
                  {"properties":{"m":{"const":"none"}}},
                  {"required":["p"],"properties":{"m":{"const":"pw"},"p":{"$ref":"#/definitions/s","x-secret":true}}}]}},
                  "definitions":{"s":{"type":"object","properties":{"$secret":{"type":"string"}}}}})"),
                ElementsAre(R"(/auth/m: required, one of "none" "pw")",
                            R"(/auth/p: secret: {"$secret": "NAME"}, required | with /auth/m "pw" !)"));
}

TEST(Outline, NamesChoicesFromADataFile) {
    const auto facts = [](const Choices& choices) {
        const auto schema = nlohmann::ordered_json::parse(
            R"({"properties":{"colour":{"type":"string","x-options":"colours.json","default":"red"}}})");
        return outline(schema, "settings", choices)[0].facts;
    };
    const auto some = [](int count) {
        return [count](const std::string& file) {
            EXPECT_EQ(file, "colours.json");
            std::vector<std::string> ids;
            for (int i = 1; i <= count; ++i) ids.push_back("c" + std::to_string(i));
            return ids;
        };
    };
    EXPECT_EQ(facts(some(2)), R"(string, one of "c1" "c2", default "red")");
    EXPECT_EQ(facts(some(67)),
              R"(string, one of "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "c10" "c11" "c12")"
              R"( … (67 in colours.json), default "red")");
    for (const Choices& none : {Choices(), Choices(some(0))})
        EXPECT_EQ(facts(none), R"(string, one of those in colours.json, default "red")");
}

TEST(Outline, EndsOnSchemasThatTurnInACircle) {
    EXPECT_FALSE(lines(R"({"properties":{"a":{"$ref":"#/definitions/d"}},
                  "definitions":{"d":{"type":"object","properties":{"a":{"$ref":"#/definitions/d"},"n":{"type":"integer"}}}}})")
                     .empty());
    EXPECT_TRUE(
        lines(R"({"$ref":"#/definitions/d","definitions":{"d":{"$ref":"#/definitions/d"}}})").empty());
    EXPECT_TRUE(lines("[1]").empty());
}

}  // namespace
}  // namespace wfc::tool
