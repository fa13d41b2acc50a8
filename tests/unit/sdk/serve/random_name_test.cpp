#include "serve/random_name.hpp"

#include <gtest/gtest.h>

namespace wfc::serve {
namespace {

TEST(RandomName, IsHexAndAnotherEachTime) {
    const std::string name = random_name();
    EXPECT_EQ(name.size(), 32u);
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(name, random_name());
}

}  // namespace
}  // namespace wfc::serve
