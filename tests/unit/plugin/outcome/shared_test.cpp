#include "outcome/shared.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mailsend {
namespace {

TEST(Shared, IsThereOnceHoweverOftenItIsCopied) {
    const Shared<std::string> one = std::string("a reply that many were given");
    const Shared<std::string> other = one;
    EXPECT_EQ(*other, "a reply that many were given");
    EXPECT_EQ(&*one, &*other);
}

TEST(Shared, LeavesItsCopiesAsTheyAreWhenItIsReplacedOrTakenAway) {
    Shared<std::string> one = std::string("first");
    const Shared<std::string> copy = one;
    one = std::string("second");
    EXPECT_EQ(*copy, "first");
    one.reset();
    EXPECT_FALSE(one);
    EXPECT_EQ(copy->size(), 5u);
}

TEST(Shared, MayBeAbsent) {
    EXPECT_FALSE(Shared<std::string>());
    EXPECT_FALSE(Shared<std::string>(std::optional<std::string>()));
    EXPECT_TRUE(Shared<std::string>(std::optional<std::string>("")));
}

}  // namespace
}  // namespace mailsend
