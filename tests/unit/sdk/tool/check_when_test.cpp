#include "tool/check_when.hpp"

#include <gmock/gmock.h>

namespace wfc::tool {
namespace {

Operation with(std::map<std::string, std::string> when) {
    Operation out;
    out.id = "sign-in";
    out.when = std::move(when);
    return out;
}

TEST(CheckWhen, SaysWhichSettingWouldHaveToBeWhat) {
    const Operation operation = with({{"/auth/method", "oauth2"}});
    EXPECT_EQ("", mismatch(operation, R"({"auth":{"method":"oauth2"}})"));
    EXPECT_EQ("/auth/method is \"password\" and would have to be \"oauth2\"",
              mismatch(operation, R"({"auth":{"method":"password"}})"));
    EXPECT_EQ("/auth/method is not set and would have to be \"oauth2\"", mismatch(operation, "{}"));
    EXPECT_EQ("/auth/method is not set and would have to be \"oauth2\"",
              mismatch(operation, R"({"auth":[]})"));
}

TEST(CheckWhen, NamesAllOfThem) {
    EXPECT_EQ("/a is not set and would have to be \"1\"; /b is not set and would have to be \"2\"",
              mismatch(with({{"/a", "1"}, {"/b", "2"}}), "{}"));
}

TEST(CheckWhen, LeavesWhatIsNoJsonToTheComponent) {
    EXPECT_EQ("", mismatch(with({{"/a", "1"}}), "{"));
    EXPECT_EQ("", mismatch(with({}), "{}"));
}

TEST(CheckWhen, DoesNotRepeatWhatIsNoWordOfAChoice) {
    const std::string long_one(100, 'x');
    EXPECT_EQ(std::string::npos,
              mismatch(with({{"/a", "1"}}), R"({"a":")" + long_one + R"("})").find(long_one));
    EXPECT_THAT(mismatch(with({{"/a", "1"}}), R"({"a":{"$secret":"alice"}})"),
                testing::Not(testing::HasSubstr("alice")));
}

}  // namespace
}  // namespace wfc::tool
