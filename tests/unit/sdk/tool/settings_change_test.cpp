#include "tool/settings_change.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tool/stop.hpp"

namespace wfc::tool {
namespace {

using nlohmann::json;

const char* const schema = R"({"type":"object","properties":{
  "auth":{"x-choice":"method","oneOf":[
    {"properties":{"method":{"const":"none"}}},
    {"properties":{"method":{"const":"password"},"password":{"$ref":"#/definitions/secret","x-secret":true}}}]},
  "keys":{"type":"array","items":{"type":"object","properties":{"key":{"x-secret":true,"$ref":"#/definitions/secret"}}}},
  "port":{"type":"integer"}},
  "definitions":{"secret":{"type":"object"},"loop":{"$ref":"#/definitions/loop"}}})";

json changed(const char* settings, const Assignments& changes) {
    return json::parse(change_settings(settings, changes, schema));
}

TEST(ChangeSettings, TakesJsonOrElseAString) {
    EXPECT_EQ(changed(R"({"port":1})", {{"/port", "2"}}), json::parse(R"({"port":2})"));
    EXPECT_EQ(changed("{}", {{"/port", "true"}}), json::parse(R"({"port":true})"));
    EXPECT_EQ(changed("{}", {{"/port", "two"}}), json::parse(R"({"port":"two"})"));
    EXPECT_EQ(changed("{}", {{"/port", ""}}), json::parse(R"({"port":""})"));
    EXPECT_EQ(changed("{}", {{"/port", "\"2\""}}), json::parse(R"({"port":"2"})"));
}

TEST(ChangeSettings, MakesWhatIsNotThereAndKeepsTheRest) {
    EXPECT_EQ(changed(R"({"a":{"b":1}})", {{"/a/c/d", "1"}, {"/x~1y", "2"}}),
              json::parse(R"({"a":{"b":1,"c":{"d":1}},"x/y":2})"));
    EXPECT_EQ(changed(R"({"l":[1]})", {{"/l/-", "2"}}), json::parse(R"({"l":[1,2]})"));
}

TEST(ChangeSettings, ReturnsBrokenSettingsAsTheyAre) {
    EXPECT_EQ(change_settings("{broken", {{"/port", "2"}}, schema), "{broken");
    EXPECT_EQ(change_settings(R"({"a":1,"a":2})", {{"/port", "2"}}, schema), R"({"a":1,"a":2})");
}

TEST(ChangeSettings, RefusesAPointerThatDoesNotFit) {
    for (const char* pointer : {"port", "/port/x", "/l/x", "/l/99999999999999999999", "/~2"}) {
        EXPECT_THROW(change_settings(R"({"port":1,"l":[1]})", {{pointer, "1"}}, schema), Stop) << pointer;
    }
    EXPECT_THROW(change_settings("{}", {{"/port", std::string(1000, '[')}}, schema), Stop);
}

TEST(ChangeSettings, RefusesASecretInTheClearWhereverItStands) {
    const Assignments wrong = {
        {"/auth/password", "hunter2"},       {"/auth/password", "12345"},
        {"/auth/password/value", "hunter2"}, {"/auth", R"({"method":"password","password":"hunter2"})"},
        {"/keys/0/key", "hunter2"},          {"", R"({"auth":{"password":"hunter2"}})"}};
    for (const auto& change : wrong) {
        try {
            change_settings("{}", {change}, schema);
            ADD_FAILURE() << change.first << " " << change.second;
        } catch (const Stop& stop) {
            EXPECT_EQ(stop.code(), 64);
            EXPECT_THAT(stop.what(), testing::Not(testing::HasSubstr("hunter2")));
            EXPECT_THAT(stop.what(), testing::ContainsRegex("wfc secret set NAME.*WFC_SECRET_NAME"));
        }
    }
    EXPECT_THROW(change_settings("{broken", {wrong[0]}, schema), Stop);
}

TEST(ChangeSettings, NamesOnlyWhatTheSchemaKnows) {
    EXPECT_EQ(known_pointer("/auth/password/hunter2", schema), "/auth/password/…");
    EXPECT_EQ(known_pointer("/port", schema), "/port");
    try {
        change_settings("{}", {{"/auth/password/hunter2", "1"}}, schema);
        ADD_FAILURE();
    } catch (const Stop& stop) {
        EXPECT_THAT(stop.what(), testing::Not(testing::HasSubstr("hunter2")));
    }
}

TEST(ChangeSettings, TakesTheNameOfASecret) {
    EXPECT_NO_THROW(changed("{}", {{"/auth/password", R"({"$secret":"a"})"}}));
    EXPECT_NO_THROW(changed("{}", {{"/auth/password/$secret", "a"}}));
}

}  // namespace
}  // namespace wfc::tool
