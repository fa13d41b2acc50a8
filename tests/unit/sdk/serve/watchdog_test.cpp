#include "serve/watchdog.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>

namespace wfc::serve {
namespace {

using std::chrono::milliseconds;

TEST(Watchdog, BitesOnceItsTimeHasCome) {
    std::promise<void> bitten;
    Watchdog dog([&] { bitten.set_value(); });
    dog.wake(milliseconds(1));
    dog.wake(milliseconds(3'600'000));  // what was said first counts
    EXPECT_EQ(bitten.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
}

TEST(Watchdog, DoesNotBiteWhenItEndsBefore) {
    std::atomic<bool> bitten{false};
    {
        Watchdog asleep([&] { bitten = true; });
        Watchdog awake([&] { bitten = true; });
        awake.wake(milliseconds(3'600'000));
    }
    EXPECT_FALSE(bitten);
}

}  // namespace
}  // namespace wfc::serve
