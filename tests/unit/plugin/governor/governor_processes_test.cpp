/// Several processes and threads with one account. Another governor that shares nothing is another process.
#include <algorithm>
#include <mutex>

#include "governor/window_record.hpp"
#include "governor_bench.hpp"

namespace mailsend::governor {
namespace {

using test::Crank;

class GovernorProcessesTest : public test::GovernorBench {
  protected:
    std::mutex mutex_;
    std::vector<std::uint64_t> seen_;  ///< when the server took a message, in the test's time

    void send(Governor& governor, std::uint64_t until_ms) {
        unsigned messages = 0;
        while (host.now_ms() < until_ms) {
            try {
                Passage passage = governor.admit(1, patience(hour_ms));
                if (++messages % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(messages % 7));
                {
                    const std::uint64_t now = host.now_ms();
                    const std::lock_guard lock(mutex_);
                    seen_.push_back(now);
                }
                if (messages % 4 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(messages % 5));
            } catch (const std::exception& failure) {
                ADD_FAILURE() << failure.what();
                return;
            }
        }
    }
    void never_more_than(std::size_t limit) {
        std::sort(seen_.begin(), seen_.end());
        for (std::size_t i = limit; i < seen_.size(); ++i) ASSERT_GE(seen_[i] - seen_[i - limit], 60'000u);
    }
};

TEST_F(GovernorProcessesTest, TogetherKeepTheLimitOverAnyMinute) {
    const Limits limits{.messages_per_minute = 30};
    std::vector<std::shared_ptr<Governor>> processes;
    for (int i = 0; i < 4; ++i) processes.push_back(process(limits));
    const std::uint64_t until_ms = host.now_ms() + 5 * 60'000;
    {
        const Crank crank(host, 150);
        std::vector<std::thread> crowd;
        for (int thread = 0; thread < 12; ++thread) {
            crowd.emplace_back(
                [&, one = processes[static_cast<std::size_t>(thread) % 4]] { send(*one, until_ms); });
        }
        for (std::thread& one : crowd) one.join();
    }
    never_more_than(30);
    EXPECT_GE(seen_.size(), 2 * 30u) << "of the 150 that five minutes allow, however busy the machine is";
    EXPECT_FALSE(logged("governor.record_damaged"));
}

TEST_F(GovernorProcessesTest, ThatWereKilledLeaveWhatTheySent) {
    const Limits limits{.messages_per_minute = 30};
    for (int i = 0; i < 30; ++i) EXPECT_EQ(sends(*process(limits), 1, 1), 1u);
    EXPECT_EQ(sends(*process(limits)), 0u);
}

TEST_F(GovernorProcessesTest, TryAgainWhenAnotherWasFaster) {
    const Limits limits{.messages_per_minute = 2};
    const auto one = process(limits);
    const auto other = process(limits);
    std::atomic<bool> once{false};
    host.state().before_write([&](const std::string&) {
        if (once.exchange(true)) return;
        EXPECT_EQ(sends(*other, 1, 1), 1u);
    });
    EXPECT_EQ(sends(*one), 1u);
    EXPECT_EQ(sends(*other), 0u);
}

TEST_F(GovernorProcessesTest, AllGetTheirTurnWhenTheWindowIsWide) {
    const Limits limits{.messages_per_minute = 1'000'000};
    std::vector<std::shared_ptr<Governor>> processes;
    for (int i = 0; i < 4; ++i) processes.push_back(process(limits));
    std::vector<std::thread> crowd;
    for (int thread = 0; thread < 16; ++thread) {
        crowd.emplace_back([&, one = processes[static_cast<std::size_t>(thread) % 4]] {
            for (int i = 0; i < 20; ++i) one->admit(1, patience(hour_ms)).done();
        });
    }
    for (std::thread& one : crowd) one.join();
    const auto record = decoded(*host.state().get(windows_key));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->minute.counted(record->time_ms), 320u) << "none was lost, none counted twice";
}

}  // namespace
}  // namespace mailsend::governor
