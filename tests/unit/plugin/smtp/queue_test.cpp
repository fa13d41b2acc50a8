#include "smtp/queue.hpp"

#include <deque>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace mailsend::smtp {
namespace {

TEST(Queue, DoesWhatADequeDoes) {
    std::mt19937 random(1);
    Queue<int> queue;
    std::deque<int> expected;
    for (int step = 0; step < 5000; ++step) {
        if (expected.empty() || random() % 2 == 0) {
            queue.push(step);
            expected.push_back(step);
        } else if (random() % 50 == 0) {
            const std::size_t kept = random() % expected.size();
            queue.keep(kept);
            expected.resize(kept);
        } else {
            EXPECT_EQ(queue.front(), expected.front());
            queue.pop();
            expected.pop_front();
        }
        ASSERT_EQ(std::vector<int>(queue.begin(), queue.end()),
                  std::vector<int>(expected.begin(), expected.end()));
        ASSERT_EQ(queue.size(), expected.size());
        ASSERT_EQ(queue.empty(), expected.empty());
    }
    queue.clear();
    EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace mailsend::smtp
