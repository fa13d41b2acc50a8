#include "transcript/compare.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace transcript {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> compare(const char* expected, const char* actual) {
    return differences(json::parse(expected), json::parse(actual));
}

TEST(Comparison, TakesAnObjectThatHasMore) {
    EXPECT_THAT(compare(R"({"a":{"b":1}})", R"({"a":{"b":1,"c":2},"d":3})"), IsEmpty());
}

TEST(Comparison, NamesEachDifference) {
    EXPECT_THAT(
        compare(R"({"a":{"b":1},"c":"x","d":1})", R"({"a":{"b":2},"c":"xy"})"),
        ElementsAre("/a/b is 2, expected 1", "/c is \"xy\", expected \"x\"", "/d is missing, expected 1"));
}

TEST(Comparison, WantsArraysOfTheSameLength) {
    EXPECT_THAT(compare(R"({"a":[{"b":1}]})", R"({"a":[{"b":1,"c":1}]})"), IsEmpty());
    EXPECT_THAT(compare(R"({"a":[1]})", R"({"a":[1,2]})"), ElementsAre("/a is [1,2], expected [1]"));
    EXPECT_THAT(compare(R"({"a":[1,3]})", R"({"a":[1,2]})"), ElementsAre("/a/1 is 2, expected 3"));
}

TEST(Comparison, KnowsItsOperators) {
    EXPECT_THAT(compare(R"({"a":{"$contains":"ell"},"b":{"$absent":true},"c":{"$matches":"h.*"}})",
                        R"({"a":"hello","c":"hello"})"),
                IsEmpty());
    EXPECT_THAT(compare(R"({"a":{"$contains":"x"}})", R"({"a":"hello"})"), testing::SizeIs(1));
    EXPECT_THAT(compare(R"({"a":{"$contains":"x"}})", R"({"a":1})"), testing::SizeIs(1));
    EXPECT_THAT(compare(R"({"a":{"$matches":"ell"}})", R"({"a":"hello"})"), testing::SizeIs(1));
    EXPECT_THAT(compare(R"({"a":{"$absent":true}})", R"({"a":null})"), testing::SizeIs(1));
    EXPECT_THAT(compare(R"({"a":{"$contians":"x"}})", R"({"a":"x"})"), testing::SizeIs(1));
}

}  // namespace
}  // namespace transcript
