#include "panel/option_table.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "example_component.hpp"

namespace {

using wfc::test::refusal;
using Json = nlohmann::ordered_json;

Json choice(const std::string& row, const std::string& maps) {
    const std::string document = "{" + maps + R"("rows": [)" + row + "]}";
    const Json table = wfc::panel::option_table(document, "shops.json", {});
    EXPECT_EQ(table["choices"].size(), 1U);
    return table["choices"][0];
}

const std::string shows = R"("shows": {"/shop/host": "host", "/shop/port": "doors/port"},)";
const std::string offers =
    R"("offers": {"/shop/region": "regions", "/shop/door": "doors/port", "/shop/name": "own", "/pay/by": "pays"},)";

TEST(OptionTable, AChoiceHasItsNameAndNothingThatIsNotForPanels) {
    EXPECT_EQ(
        choice(R"({"id": "a", "name": {"en": "A", "ja": "あ"}, "source": ["somewhere"], "checked": "2026"})",
               ""),
        Json::parse(R"({"id":"a","name":{"en":"A","ja":"あ"}})"));
}

TEST(OptionTable, ShowsWhatFollowsFromTheFirstAndTheUsualEntries) {
    const Json found = choice(R"({"id": "a", "host": "{region}.shop.test", "default_region": "eu",
        "regions": [{"id": "us"}, {"id": "eu", "host": "europe"}],
        "doors": [{"port": 80}, {"port": 81}]})",
                              shows + offers);
    EXPECT_EQ(found["shows"], Json::parse(R"({"shop_host":"europe.shop.test","shop_port":80})"));
    EXPECT_EQ(found["defaults"], Json::parse(R"({"shop_region":"eu"})"));
    EXPECT_EQ(found["offers"]["shop_region"],
              Json::parse(R"([{"id":"us","shows":{"shop_host":"us.shop.test"}},
                              {"id":"eu","shows":{"shop_host":"europe.shop.test"}}])"));
    EXPECT_EQ(found["offers"]["shop_door"], Json::parse(R"([{"id":"80","shows":{"shop_port":80}},
                                                             {"id":"81","shows":{"shop_port":81}}])"));
}

TEST(OptionTable, WhatSomebodyEntersStandsAsTheNameOfItsField) {
    const Json found =
        choice(R"({"id": "a", "host": "{name}.shop.test", "own": {"example": "x"}})", shows + offers);
    EXPECT_EQ(found["shows"]["shop_host"], "{shop_name}.shop.test");
    EXPECT_EQ(found["offers"], Json::parse(R"({"shop_name":true})"));
}

TEST(OptionTable, ALongListHasGroupsInTheirOrder) {
    const std::string groups = R"("groups": {"near": {"en": "Near"}, "far": {"en": "Far"}}, )";
    const Json table = wfc::panel::option_table(
        "{" + groups + R"("rows": [{"id": "a", "group": "far"}, {"id": "b"}]})", "shops.json", {});
    EXPECT_EQ(
        table["groups"],
        Json::parse(R"([{"id": "near", "name": {"en": "Near"}}, {"id": "far", "name": {"en": "Far"}}])"));
    EXPECT_EQ(table["choices"], Json::parse(R"([{"id": "a", "group": "far"}, {"id": "b"}])"));
    EXPECT_EQ(refusal([&] {
                  wfc::panel::option_table("{" + groups + R"("rows": [{"id": "a", "group": "x"}]})",
                                           "shops.json", {});
              }),
              "shops.json: there is no group \"x\"");
}

TEST(OptionTable, FillsLocksAndHintsGoToTheirFields) {
    const Json found =
        choice(R"({"id": "a", "pays": ["cash"], "writes": {"/pay/by": "cash"}, "locks": ["/pay/by"],
        "notes": {"en": "N", "ja": "注"}, "pass": {"hint": {"en": "H", "ja": "ヒ"}}})",
               offers + R"("hints": {"/shop/id": "notes", "/pay/pass": "pass/hint", "/pay/x": "none"},)");
    EXPECT_EQ(found["offers"], Json::parse(R"({"pay_by":[{"id":"cash"}]})"));
    EXPECT_EQ(found["fills"], Json::parse(R"({"pay_by":"cash"})"));
    EXPECT_EQ(found["locks"], Json::parse(R"(["pay_by"])"));
    EXPECT_EQ(found["hints"],
              Json::parse(R"({"shop_id":{"en":"N","ja":"注"},"pay_pass":{"en":"H","ja":"ヒ"}})"));
}

TEST(OptionTable, RefusesWhatIsNoFileOfChoices) {
    EXPECT_EQ(refusal([] { wfc::panel::option_table("{}", "shops.json", {}); }),
              "shops.json must hold a list of choices");
    EXPECT_THAT(refusal([] {
                    wfc::panel::option_table(R"({"shows": {"/a": 1}, "rows": [{"id": "a"}]})", "shops.json",
                                             {});
                }),
                testing::StartsWith("shops.json: shows, offers"));
    EXPECT_THAT(refusal([] { choice(R"({"id": "a", "regions": [{"name": {"en": "no id"}}]})", offers); }),
                testing::StartsWith("shops.json: shows, offers"));
}

}  // namespace
