#include "serve/said.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace wfc::serve {
namespace {

using nlohmann::json;

TEST(Said, AResultNamesThePortOfItsOutcome) {
    const Result result{WFC_OK, R"({"outcome":"succeeded"})", "succeeded", {{"out", {"file", 3}}}};
    EXPECT_EQ(json::parse(said_result(5, result, {"succeeded", "failed"})), json::parse(R"({"type":"result",
        "id":5,"status":"ok","outcome":"succeeded","port":"succeeded","blobs":{"out":{"file":"file","bytes":3}},
        "document":{"outcome":"succeeded"}})"));
    EXPECT_EQ(json::parse(said_result(5, result, {"other"}))["port"], "failed");
    EXPECT_FALSE(json::parse(said_result(5, result, {})).contains("port"));
}

TEST(Said, EachStatusHasItsWord) {
    const auto word = [](wfc_status status) {
        return json::parse(said_result(1, {status, "{}", "", {}}, {}))["status"].get<std::string>();
    };
    EXPECT_EQ(word(WFC_FAILED), "failed");
    EXPECT_EQ(word(WFC_CANCELLED), "cancelled");
    EXPECT_EQ(word(WFC_INVALID_SETTINGS), "invalid-settings");
    EXPECT_EQ(word(WFC_INVALID_INPUT), "invalid-input");
    EXPECT_EQ(word(WFC_UNSUPPORTED), "unsupported");
    EXPECT_EQ(word(4711), "internal");
}

TEST(Said, TextsOfAnyKindStayOnOneLine) {
    for (const std::string& line :
         {said_error(std::nullopt, "malformed", "a\nb\xff"), said_log(9, "e\n\xff", "{}", "c"),
          said_complaint(1, "elsewhere", "\"\n"), said_url(1, "http://x/\n", std::nullopt)}) {
        EXPECT_EQ(line.find('\n'), std::string::npos);
        EXPECT_TRUE(json::parse(line).is_object());
    }
    EXPECT_EQ(json::parse(said_log(-5, "e", "{}", "")).count("component"), 0u);
}

TEST(Said, WhatIsLoggedDuringACallNamesIt) {
    const CallNames call{.id = "order 7\n", .request = 12};
    const json during = json::parse(said_log(2, "e", "{}", "c", &call));
    EXPECT_EQ(during["call"], "order 7\n");
    EXPECT_EQ(during["request"], 12);
    const json otherwise = json::parse(said_log(2, "e", "{}", "c"));
    EXPECT_EQ(otherwise.count("call") + otherwise.count("request"), 0u);
}

TEST(Said, SettingsAreTakenOrRefusedWithADocument) {
    EXPECT_EQ(json::parse(said_configured(1, "a", "")),
              json::parse(R"({"type":"configured","id":1,"component":"a","status":"ok"})"));
    EXPECT_EQ(json::parse(said_configured(1, "a", "{}"))["document"], json::object());
}

TEST(Said, ACodeHasItsCompleteAddressWhereThereIsOne) {
    DeviceQuestion device;
    device.url = "http://d";
    device.user_code = "AB";
    EXPECT_FALSE(json::parse(said_code(1, device, 5))["question"].contains("complete_url"));
    device.complete_url = "http://d?c=AB";
    EXPECT_EQ(json::parse(said_code(1, device, 5))["question"]["complete_url"], "http://d?c=AB");
}

}  // namespace
}  // namespace wfc::serve
