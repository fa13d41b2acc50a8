#include "template/parsed_templates.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mailsend {
namespace {

using nlohmann::json;

TEST(ParsedTemplates, AreThoseOfTheVeryStringsThatWereAdded) {
    const json document = {{"a", "{{x}}"}, {"b", {"plain", "{{y"}}};
    ParsedTemplates parsed;
    parsed.add(document);
    EXPECT_NE(parsed.of(document["a"].get_ref<const std::string&>()), nullptr);
    EXPECT_EQ(parsed.of(document["b"][0].get_ref<const std::string&>()), nullptr);
    EXPECT_EQ(parsed.of(document["b"][1].get_ref<const std::string&>()), nullptr) << "no template";
    EXPECT_EQ(parsed.of(std::string("{{x}}")), nullptr);
}

}  // namespace
}  // namespace mailsend
