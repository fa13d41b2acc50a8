#include "manifest/options.hpp"

#include <gmock/gmock.h>

#include "manifest/refused.hpp"

namespace wfc {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string refusal(std::string_view document) {
    try {
        read_options(document, "colours.json");
    } catch (const Refused& refused) {
        EXPECT_THAT(refused.what(), StartsWith("colours.json"));
        return refused.what();
    }
    return "accepted";
}

TEST(OptionsFile, GivesItsChoicesInItsOrder) {
    const auto options = read_options(R"({"format":1,"sources":{},"colours":[
        {"id":"red","name":{"en":"Red","ja":"赤"},"fills":{"/hue":0}},{"id":"blue"}]})",
                                      "colours.json");
    ASSERT_EQ(options.size(), 2u);
    EXPECT_EQ(options[0].id, "red");
    EXPECT_EQ(options[0].name.at("ja"), "赤");
    EXPECT_EQ(options[1].id, "blue");
    EXPECT_TRUE(options[1].name.empty());
    EXPECT_TRUE(read_options(R"({"colours":[]})", "colours.json").empty());
}

TEST(OptionsFile, IsRefusedInOneSentence) {
    EXPECT_THAT(refusal(""), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal("[]"), HasSubstr("must be an object"));
    EXPECT_THAT(refusal("{}"), HasSubstr("must hold a list of choices"));
    EXPECT_THAT(refusal(R"({"a":[],"b":[]})"), HasSubstr("not several"));
    for (const char* item : {"1", "null", "[]", "{}", R"({"id":1})", R"({"id":""})"})
        EXPECT_THAT(refusal(std::string(R"({"a":[)") + item + "]}"), HasSubstr("an object with an \"id\""));
    EXPECT_THAT(refusal(R"({"a":[{"id":"x"},{"id":"x"}]})"), HasSubstr("\"x\" stands twice"));
    EXPECT_THAT(refusal(R"({"a":[{"id":"x","name":"X"}]})"), HasSubstr("object of languages"));
    EXPECT_THAT(refusal(R"({"a":[{"id":"x","name":{"en":1}}]})"), HasSubstr("must hold strings"));
    EXPECT_THAT(refusal(std::string(5 << 20, ' ')), HasSubstr("larger than 4 MiB"));
    std::string many = R"({"a":[)";
    for (int i = 0; i < 10'001; ++i) many += std::string(i == 0 ? "" : ",") + "{}";
    EXPECT_THAT(refusal(many + "]}"), HasSubstr("at most 10000"));
}

}  // namespace
}  // namespace wfc
