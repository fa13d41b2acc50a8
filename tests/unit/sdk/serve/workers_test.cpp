#include "serve/workers.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <memory>

namespace wfc::serve {
namespace {

TEST(Workers, WorkSideBySideUpToTheirNumber) {
    std::promise<void> both;
    std::atomic<int> begun{0}, most{0}, now{0};
    std::promise<void> go;
    const std::shared_future<void> gone(go.get_future());
    {
        Workers workers(2, [] {});
        for (int i = 0; i < 5; ++i) {
            workers.start([&] {
                const int beside = ++now;
                if (beside > most) most = beside;
                if (++begun == 2) both.set_value();
                gone.wait();
                --now;
            });
        }
        ASSERT_EQ(both.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
        EXPECT_FALSE(workers.idle());
        go.set_value();
    }
    EXPECT_EQ(begun, 5) << "all work is done before they end";
    EXPECT_EQ(most, 2);
}

TEST(Workers, SayThatTheyHaveNothingLeftToDo) {
    std::promise<bool> idle;
    std::unique_ptr<Workers> workers;
    const auto held = std::make_shared<int>(1);
    std::promise<void> made;
    const std::shared_future<void> is_made(made.get_future());
    workers = std::make_unique<Workers>(1, [&] { idle.set_value(held.use_count() == 1); });
    workers->start([held, is_made] { is_made.wait(); });
    made.set_value();
    auto said = idle.get_future();
    ASSERT_EQ(said.wait_for(std::chrono::seconds(60)), std::future_status::ready);
    EXPECT_TRUE(said.get()) << "what the work held has ended before";
    EXPECT_TRUE(workers->idle());
}

}  // namespace
}  // namespace wfc::serve
