#include "serve/foreign_json.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace wfc::serve {
namespace {

using testing::HasSubstr;

TEST(ForeignJson, KeepsTheOrderOfAnObjectOnOneLine) {
    EXPECT_EQ(event_object("{ \"z\": 1,\n \"a\": [1, 2] }"), R"({"z":1,"a":[1,2]})");
    const ResultDocument result = read_result("{\n\"outcome\": \"odd\", \"a\": 1}");
    EXPECT_EQ(result.text, R"({"outcome":"odd","a":1})");
    EXPECT_EQ(result.outcome, "odd");
}

TEST(ForeignJson, MakesAnObjectOfAnythingElse) {
    EXPECT_EQ(event_object("no JSON\n"), R"({"text":"no JSON\n"})");
    EXPECT_EQ(event_object("[1]"), R"({"text":"[1]"})");
    EXPECT_EQ(event_object(""), R"({"text":""})");
    EXPECT_THAT(event_object("\xff"), HasSubstr("\xEF\xBF\xBD"));
    EXPECT_THAT(event_object(std::string(40, '[')), HasSubstr("text"));
    const std::string large = "{\"a\":\"" + std::string(100'000, 'x') + "\"}";
    EXPECT_LT(event_object(large).size(), 70'000u);
}

TEST(ForeignJson, RefusesResultsThatAreNoObject) {
    for (const char* text : {"", "{", "[]", "1", "\"a\"", "{\"a\": \"\xff\"}"})
        EXPECT_THROW(read_result(text), std::invalid_argument) << text;
    std::string deep;
    for (int i = 0; i < 300; ++i) deep += "{\"a\":";
    deep += "1" + std::string(300, '}');
    EXPECT_THROW(read_result(deep), std::invalid_argument);
}

TEST(ForeignJson, KeepsNumbersAndTextsAsTheyWereWritten) {
    const char* text = R"({"n":1.10,"big":12345678901234567890123,"t":"a \" \\ \n \u00e9","b":" { , "})";
    EXPECT_EQ(read_result(std::string("\xEF\xBB\xBF \r\n\t") + text + "\n").text, text);
    EXPECT_EQ(read_result(std::string("{ }\0}", 5)).text, "{}") << "a parser reads to the NUL";
}

TEST(ForeignJson, TakesTheOutcomeOfTheWholeAndOfTwoTheLast) {
    EXPECT_EQ(read_result(R"({"a":{"outcome":"x"},"b":[{"outcome":"x"}],"outcome":"y","c":"z"})").outcome,
              "y");
    EXPECT_EQ(read_result(R"({"outcome":"x","outcome":"y"})").outcome, "y");
    EXPECT_EQ(read_result(R"({"outcome":"x","outcome":null})").outcome, "");
    EXPECT_EQ(read_result(R"({"outcome":["x"]})").outcome, "");
}

TEST(ForeignJson, CostsWhatItsBytesCost) {
    std::string text = "{\"outcome\":\"odd\"";
    for (int i = 0; i < 300'000; ++i) text += ",\"m" + std::to_string(i) + "\":0";
    EXPECT_EQ(read_result(text + "}").text.size(), text.size() + 1);  // not in hours
}

TEST(ForeignJson, TellsTheMessageOfAnError) {
    EXPECT_EQ(
        error_message(R"({"message":"x","error":{"a":{"message":"x"},"message":"y"},"b":{"message":"x"}})"),
        "y");
    for (const char* text :
         {"", "{}", "[]", R"({"error":"y"})", R"({"error":[{"message":"y"}]})", R"({"error":{"message":5}})"})
        EXPECT_EQ(error_message(text), "") << text;
}

TEST(ForeignJson, AnOutcomeThatIsNoWordIsNone) {
    EXPECT_EQ(read_result("{}").outcome, "");
    EXPECT_EQ(read_result(R"({"outcome": 5})").outcome, "");
}

}  // namespace
}  // namespace wfc::serve
