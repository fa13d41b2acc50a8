#include "panel/stand_ins.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "example_component.hpp"

namespace {

using testing::HasSubstr;
using wfc::panel::add_stand_ins;
using wfc::test::refusal;
using Json = nlohmann::ordered_json;

Json fields() {
    return Json::parse(R"([{"name": "town", "kind": "text"}, {"name": "street", "kind": "text"}])");
}

Json with(const std::string& document) {
    Json out = fields();
    add_stand_ins(out, document);
    return out;
}

std::string refused(const std::string& document) {
    return refusal([&] { with(document); });
}

TEST(StandIns, AFieldSaysWhichMembersStandIn) {
    const Json found =
        with(R"({"town": {"members": ["place", "city"], "preview": true, "unless": ["street"]}})");
    EXPECT_EQ(found[0]["stand_in"],
              Json::parse(R"({"members": ["place", "city"], "preview": true, "unless": ["street"]})"));
    EXPECT_FALSE(found[1].contains("stand_in"));
}

TEST(StandIns, WithoutAFileNothingStandsIn) {
    EXPECT_EQ(with(""), fields());
}

TEST(StandIns, AnotherFormIsRefusedWithWhatToWrite) {
    EXPECT_THAT(refused("["), HasSubstr("stand_ins.json: it must be a JSON object of fields"));
    EXPECT_THAT(refused(R"({"tow": {"members": ["a"]}})"), HasSubstr("the node has no field \"tow\""));
    EXPECT_THAT(refused(R"({"town": ["a"]})"), HasSubstr("town must be an object with \"members\""));
    EXPECT_THAT(refused(R"({"town": {}})"), HasSubstr("town needs \"members\""));
    for (const char* wrong : {R"({"members": []})", R"({"members": ["a.b"]})", R"({"members": "a"})",
                              R"({"members": ["a"], "preview": 1})", R"({"members": ["a"], "unless": ["b"]})",
                              R"({"members": ["a"], "more": 1})"}) {
        EXPECT_THAT(refused(std::string(R"({"town": )") + wrong + "}"), HasSubstr("is none of these"))
            << wrong;
    }
}

}  // namespace
