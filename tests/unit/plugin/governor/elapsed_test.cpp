#include "governor/elapsed.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace mailsend::governor {
namespace {

constexpr Moment base{1'000'000, 50'000};

std::optional<std::uint64_t> after(std::int64_t wall_ms, std::int64_t monotonic_ms) {
    return elapsed_ms(base,
                      {base.unix_ms + wall_ms, base.monotonic_ms + static_cast<std::uint64_t>(monotonic_ms)});
}

TEST(Elapsed, IsWhatBothClocksSay) {
    EXPECT_EQ(after(0, 0), 0u);
    EXPECT_EQ(after(1'234, 1'234), 1'234u);
}

TEST(Elapsed, IsTheSmallerMovementWhenAClockWasSetForward) {
    EXPECT_EQ(after(3'600'000, 20), 20u);
    EXPECT_EQ(after(20, 3'600'000), 20u);
}

TEST(Elapsed, IsThatOfTheMonotonicClockWhenTheWallClockWasSetBack) {
    EXPECT_EQ(after(-3'600'000, 20), 20u);
}

TEST(Elapsed, IsThatOfTheWallClockAfterTheMachineWasStartedAgain) {
    EXPECT_EQ(after(90'000, -49'000), 90'000u);
}

TEST(Elapsed, IsUnknownWhenBothWentBack) {
    EXPECT_EQ(after(-1, -1), std::nullopt);
}

TEST(Elapsed, BearsTheLargestNumbers) {
    using Wall = std::numeric_limits<std::int64_t>;
    using Monotonic = std::numeric_limits<std::uint64_t>;
    EXPECT_EQ(elapsed_ms({Wall::min(), 0}, {Wall::max(), Monotonic::max()}), Monotonic::max());
    EXPECT_EQ(elapsed_ms({Wall::max(), Monotonic::max()}, {Wall::min(), 0}), std::nullopt);
}

}  // namespace
}  // namespace mailsend::governor
