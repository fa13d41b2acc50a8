#include "oauth/form.hpp"

#include <gtest/gtest.h>

namespace mailsend::oauth {
namespace {

TEST(Form, KeepsTheOrderAndEncodesEverythingThatIsNotUnreserved) {
    Form form;
    form.add("grant_type", "refresh_token").add("secret", "a b+c/=&~._-").add("name", "日");
    EXPECT_EQ(form.encoded(), "grant_type=refresh_token&secret=a%20b%2Bc%2F%3D%26~._-&name=%E6%97%A5");
}

TEST(Form, LeavesOutAnEmptyValueOnlyWhereThatIsAskedFor) {
    Form form;
    form.add("state", "").add_some("login_hint", "").add_some("scope", "x");
    EXPECT_EQ(form.encoded(), "state=&scope=x");
}

TEST(Form, FollowsTheQueryThatAUrlAlreadyHas) {
    Form form;
    form.add("a", "1");
    EXPECT_EQ(with_query("https://example.test/auth", form), "https://example.test/auth?a=1");
    EXPECT_EQ(with_query("https://example.test/auth?p=x", form), "https://example.test/auth?p=x&a=1");
    EXPECT_EQ(with_query("https://example.test/auth?", form), "https://example.test/auth?a=1");
}

}  // namespace
}  // namespace mailsend::oauth
