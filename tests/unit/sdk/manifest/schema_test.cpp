#include "manifest/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "manifest/refused.hpp"

namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// "pointer sentence" of each fault.
std::vector<std::string> faults(const char* schema, const json& document) {
    std::vector<std::string> out;
    for (const wfc::Fault& fault : wfc::Schema(json::parse(schema)).check(document)) {
        out.push_back(fault.pointer + " " + fault.sentence);
    }
    return out;
}

constexpr const char* account = R"({"type":"object","required":["server"],"properties":{
  "server":{"type":"object","x-choice":"kind","oneOf":[
    {"type":"object","required":["kind","host"],"properties":{"kind":{"const":"custom"},"host":{"type":"string","minLength":1},
      "port":{"type":["integer","string"],"minimum":1,"maximum":65535}},"additionalProperties":false},
    {"type":"object","required":["kind","provider"],"properties":{"kind":{"const":"preset"},"provider":{"type":"string"}},"additionalProperties":false}]},
  "password":{"$ref":"#/definitions/secret","x-secret":true,"writeOnly":true},
  "language":{"enum":["en","ja"]},
  "names":{"type":"array","maxItems":2,"items":{"type":"string","maxLength":3}}},
  "additionalProperties":false,
  "definitions":{"secret":{"type":"object","required":["$secret"],"properties":{"$secret":{"type":"string"}},"additionalProperties":false}}})";

TEST(SchemaCheck, AcceptsWhatIsRight) {
    EXPECT_THAT(
        faults(account,
               json::parse(R"({"server":{"kind":"custom","host":"h","port":"587"},"password":{"$secret":"x"},
        "language":"ja","names":["日本語","a"]})")),
        IsEmpty());
}

TEST(SchemaCheck, NamesTheMemberOfTheChosenBranchAndNotTheAlternative) {
    EXPECT_THAT(faults(account, {{"server", {{"kind", "custom"}, {"hots", "h"}}}}),
                ElementsAre("/server/host is missing",
                            R"(/server/hots is not a known member; did you mean "host"?)"));
    EXPECT_THAT(faults(account, {{"server", {{"kind", "preset"}, {"provider", 1}}}}),
                ElementsAre("/server/provider must be a string, not a number"));
}

TEST(SchemaCheck, NamesTheDiscriminatorWhenItDecidesNothing) {
    EXPECT_THAT(faults(account, {{"server", {{"kind", "custm"}, {"x", 1}}}}),
                ElementsAre(R"(/server/kind must be "custom" or "preset"; did you mean "custom"?)"));
    EXPECT_THAT(faults(account, {{"server", {{"host", "h"}}}}), ElementsAre("/server/kind is missing"));
    EXPECT_THAT(faults(account, {{"server", {{"kind", 7}}}}),
                ElementsAre(R"(/server/kind must be "custom" or "preset")"));
    EXPECT_THAT(faults(account, {{"server", "custom"}}),
                ElementsAre("/server must be an object, not a string"));
}

TEST(SchemaCheck, SaysHowASecretIsGivenWithoutRepeatingIt) {
    EXPECT_THAT(
        faults(account, {{"server", {{"kind", "custom"}, {"host", "h"}}}, {"password", "hunter2"}}),
        ElementsAre(
            R"(/password must be {"$secret": "name"}: secrets are stored under a name, never written here)"));
}

TEST(SchemaCheck, NeverQuotesAValue) {
    const json document{{"server", {{"kind", "hunter2"}}},
                        {"language", "hunter2"},
                        {"names", {"hunter2", 1, 2}},
                        {"password", {{"$secret", 2}}}};
    const auto found = faults(account, document);
    EXPECT_GE(found.size(), 5u);
    for (const std::string& each : found) EXPECT_EQ(each.find("hunter2"), std::string::npos) << each;
}

TEST(SchemaCheck, SaysWhichBoundIsPassed) {
    const json server{{"kind", "custom"}, {"host", "h"}};
    EXPECT_THAT(faults(account, {{"server", server}, {"names", {"a", "b", "long"}}}),
                ElementsAre("/names must have at most 2 items", "/names/2 must have at most 3 characters"));
    json far = server;
    far["port"] = 70000;
    far["host"] = "";
    EXPECT_THAT(
        faults(account, {{"server", far}}),
        ElementsAre("/server/host must have at least 1 characters", "/server/port must be at most 65535"));
    far = server;
    far["port"] = true;
    EXPECT_THAT(faults(account, {{"server", far}}),
                ElementsAre("/server/port must be a whole number or a string, not a boolean"));
}

TEST(SchemaCheck, StopsAtThirtyTwoLevels) {
    constexpr const char* tree =
        R"({"$ref":"#/definitions/t","definitions":{"t":{"type":"array","items":{"$ref":"#/definitions/t"}}}})";
    json deep = json::array();
    for (int i = 0; i < 31; ++i) deep = json::array({deep});
    EXPECT_THAT(faults(tree, deep), IsEmpty());
    for (int i = 0; i < 100; ++i) deep = json::array({deep});
    const auto found = faults(tree, deep);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_TRUE(found[0].find("nests deeper than 32 levels") != std::string::npos) << found[0];
}

TEST(SchemaCheck, StopsAtAHundredFaults) {
    EXPECT_LE(faults(R"({"items":{"type":"string"}})", json(std::vector<int>(100'000, 1))).size(), 100u);
}

TEST(SchemaCheck, RefusesASchemaThatIsNotOfTheSubset) {
    EXPECT_THROW(wfc::Schema(json::parse(R"({"anyOf":[{}]})")), wfc::Refused);
    try {
        const wfc::Schema schema(
            json::parse(R"({"properties":{"a":{"typ":"string"}},"additionalProperties":false})"));
        FAIL();
    } catch (const wfc::Refused& refused) {
        EXPECT_STREQ(
            refused.what(),
            R"(the schema is not usable: /properties/a/typ is not a keyword of the subset; did you mean "type"?)");
    }
}

}  // namespace
