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
