#include "outcome/json_text.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

namespace mailsend {
namespace {

std::string dumped(const nlohmann::ordered_json& value) {
    return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string written(std::string_view value) {
    return JsonText(0).string(value).take();
}

TEST(JsonText, PutsCommasBetweenMembersAndElementsOnly) {
    JsonText out(0);
    out.open_object().member("a").number(1).member("b").open_list().close_list();
    out.member("c").open_list().number(2).string("x").open_object().close_object().boolean(false);
    out.close_list().member("d").json("null").member("e").strings(std::vector<std::string>{"y", "z"});
    EXPECT_EQ(out.close_object().take(), R"({"a":1,"b":[],"c":[2,"x",{},false],"d":null,"e":["y","z"]})");
}

TEST(JsonText, TakesNoBracketOfAStringForOneOfItsOwn) {
    JsonText out(0);
    out.open_list().string("[").string("{").string(":").close_list();
    EXPECT_EQ(out.take(), R"(["[","{",":"])");
}

TEST(JsonText, WritesEveryByteAsTheTreeDoes) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string value = std::string("a") + static_cast<char>(byte) + "b";
        EXPECT_EQ(written(value), dumped(value)) << byte;
    }
}

TEST(JsonText, WritesNumbersUpToTheLargest) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()})
        EXPECT_EQ(JsonText(0).number(value).take(), std::to_string(value));
}

TEST(JsonText, WritesRandomBytesAndBrokenCharactersAsTheTreeDoes) {
    const std::vector<std::string> pieces{
        "日", "本", "\xF0\x9F\x93\xAE",   "\xE3\x81", "\xC3",         "\xFF",     "\"", "\\",
        "\n", "x",  std::string(1, '\0'), "\x7F",     "\xED\xA0\x80", "\xF4\x90", "/"};
    for (unsigned seed = 0; seed < 2000; ++seed) {
        std::mt19937 random(seed);
        std::string value;
        for (std::size_t left = random() % 12; left > 0; --left) value += pieces[random() % pieces.size()];
        ASSERT_EQ(written(value), dumped(value)) << "seed " << seed;
    }
}

}  // namespace
}  // namespace mailsend
