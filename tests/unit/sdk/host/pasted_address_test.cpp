#include "host/pasted_address.hpp"

#include <gtest/gtest.h>

namespace wfc {
namespace {

constexpr const char* uri = "http://localhost:48888/callback";

Pasted verdict(const std::string& line) {
    return read_pasted(line, uri, "right").verdict;
}

TEST(PastedAddress, IsTheWholeAddressOrWhatStandsBehindThePath) {
    for (const char* line :
         {"http://localhost:48888/callback?code=a&state=right", "?code=a&state=right",
          "  localhost:48888/callback?code=a&state=right\r", "?code=a&state=right#fragment"}) {
        const PastedAddress read = read_pasted(line, uri, "right");
        EXPECT_EQ(read.verdict, Pasted::right) << line;
        ASSERT_TRUE(read.parameters) << line;
        EXPECT_EQ(read.parameters->document().reveal(), R"({"parameters":{"code":"a","state":"right"}})");
    }
}

TEST(PastedAddress, IsNoneOfAnotherPage) {
    for (const char* line :
         {"", "   ", "hello", "http://localhost:48888/callback",
          "http://localhost:48888/callback2?state=right", "http://attacker.example.test/?state=right",
          "https://localhost:48888/callback?state=right", "http://localhost:4888/callback?state=right",
          "code=a&state=right"}) {
        EXPECT_EQ(verdict(line), Pasted::elsewhere) << line;
    }
}

TEST(PastedAddress, BelongsToThisSignIn) {
    for (const char* line : {"?code=a", "?code=a&state=wrong", "?code=a&state=", "?state=right&state=right",
                             "?state=right&code=%zz", "?state=right&code=%ff", "?"}) {
        EXPECT_EQ(verdict(line), Pasted::other_sign_in) << line;
    }
}

TEST(VisitParameters, AreDecodedAndWrittenAsJson) {
    const auto parameters = VisitParameters::parse("a=%22%5C%0A%E6%97%A5&&b=x%3Dy%26z=1&c&d=1+1%2B1&=e");
    ASSERT_TRUE(parameters);
    EXPECT_EQ(parameters->document().reveal(),
              R"({"parameters":{"a":"\"\\\u000a日","b":"x=y&z=1","c":"","d":"1 1+1","":"e"}})");
}

TEST(VisitParameters, AreBounded) {
    std::string many;
    for (int i = 0; i < 64; ++i) many += "p" + std::to_string(i) + "=1&";
    EXPECT_TRUE(VisitParameters::parse(many));
    EXPECT_FALSE(VisitParameters::parse(many + "one=more"));
}

TEST(VisitParameters, HaveNoEmptyState) {
    EXPECT_FALSE(VisitParameters::parse("state=")->has_state(""));
    EXPECT_FALSE(VisitParameters::parse("")->has_state(""));
    EXPECT_TRUE(VisitParameters::parse("state=a%62")->has_state("ab"));
    EXPECT_FALSE(VisitParameters::parse("state=abc")->has_state("ab"));
}

}  // namespace
}  // namespace wfc
