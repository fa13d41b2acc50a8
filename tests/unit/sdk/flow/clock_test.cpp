#include "flow/clock.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace wfc::flow {
namespace {

TEST(SystemClock, WaitsUntilThatTimeOnBothScales) {
    SystemClock clock;
    const Now before = clock.now();
    EXPECT_TRUE(clock.wait_until(Scale::steady, before.steady_ms + 30));
    EXPECT_GE(clock.now().steady_ms, before.steady_ms + 30);
    const std::int64_t wall = clock.now().wall_ms;
    EXPECT_TRUE(clock.wait_until(Scale::wall, wall + 30));
    EXPECT_GE(clock.now().wall_ms, wall + 30);
    EXPECT_TRUE(clock.wait_until(Scale::wall, 0)) << "what is past needs no waiting";
}

TEST(SystemClock, StopWakesWhoWaitsAndIsForGood) {
    SystemClock clock;
    EXPECT_FALSE(clock.stopping());
    std::thread stopper([&] { clock.stop(); });
    EXPECT_FALSE(clock.wait_until(Scale::steady, clock.now().steady_ms + 3'600'000));
    stopper.join();
    EXPECT_TRUE(clock.stopping());
    EXPECT_FALSE(clock.wait_until(Scale::wall, 0));
}

TEST(SystemClock, KnowsItsBoot) {
    SystemClock one, two;
    EXPECT_EQ(one.now().boot, two.now().boot);
    EXPECT_NE("", one.now().boot);
}

TEST(UtcText, HasMillisecondsOnlyWhereThereAreSome) {
    EXPECT_EQ("1970-01-01T00:00:00Z", utc_text(0));
    EXPECT_EQ("2026-11-23T00:00:00Z", utc_text(1'795'392'000'000));
    EXPECT_EQ("2026-11-23T00:00:00.007Z", utc_text(1'795'392'000'007));
    EXPECT_EQ("1969-12-31T23:59:59.999Z", utc_text(-1));
}

}  // namespace
}  // namespace wfc::flow
