#include "delivery/route.hpp"

#include <gtest/gtest.h>

namespace mailsend::delivery {
namespace {

TEST(StageTimeouts, GiveEachStageItsOwn) {
    const StageTimeouts timeouts{.connect = 1, .greeting = 2, .command = 3, .data = 4};
    EXPECT_EQ(timeouts.of(Stage::resolve), 1u);
    EXPECT_EQ(timeouts.of(Stage::tls), 1u);
    EXPECT_EQ(timeouts.of(Stage::greeting), 2u);
    EXPECT_EQ(timeouts.of(Stage::auth), 3u);
    EXPECT_EQ(timeouts.of(Stage::rcpt), 3u);
    EXPECT_EQ(timeouts.of(Stage::data), 4u);
    EXPECT_EQ(timeouts.of(Stage::dot), 4u) << "RFC 5321 4.5.3.2.6 gives the end of data the longest";
}

}  // namespace
}  // namespace mailsend::delivery
