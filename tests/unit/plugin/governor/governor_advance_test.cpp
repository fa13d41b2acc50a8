/// Many calls of a process at once: few writes, and the same limits.
#include <algorithm>
#include <mutex>
#include <vector>

#include "governor/window_record.hpp"
#include "governor_bench.hpp"

namespace mailsend::governor {
namespace {

using test::Crank;

class GovernorAdvanceTest : public test::GovernorBench {
  protected:
    static constexpr Limits wide{.messages_per_minute = 100'000};
    std::atomic<unsigned> writes_{0};

    void SetUp() override {
        host.state().before_write([this](const std::string&) { ++writes_; });
    }
    std::uint64_t counted() {
        const auto record = decoded(*host.state().get(windows_key));
        return record ? record->day.counted(record->time_ms) : 0;
    }
    std::vector<Passage> in_flight(Governor& governor, std::size_t messages) const {
        std::vector<Passage> passages;
        for (std::size_t i = 0; i < messages; ++i) passages.push_back(governor.admit(1, patience(1)));
        return passages;
    }
};

TEST_F(GovernorAdvanceTest, IsNotTakenByALoneSender) {
    const auto one = process(wide);
    for (unsigned sent = 1; sent <= 5; ++sent) {
        const Passage passage = one->admit(1, patience(1));
        EXPECT_EQ(counted(), sent);
        EXPECT_EQ(writes_, sent);
    }
}

TEST_F(GovernorAdvanceTest, LetsManyCallsShareAWrite) {
    const auto one = process(wide);
    std::vector<Passage> passages = in_flight(*one, 64);
    EXPECT_LE(writes_, 4u) << "each time eight for each that is in flight";
    writes_ = 0;
    for (int i = 0; i < 640; ++i) passages[static_cast<std::size_t>(i) % 64] = one->admit(1, patience(1));
    EXPECT_LE(writes_, 3u);
    EXPECT_GE(counted(), 704u) << "none goes that was not counted before";
}

TEST_F(GovernorAdvanceTest, IsGivenBackWhenNothingIsInFlightAnyMore) {
    const auto one = process(wide);
    {
        const std::vector<Passage> passages = in_flight(*one, 50);
        EXPECT_GT(counted(), 50u);
    }
    EXPECT_EQ(counted(), 50u);
    EXPECT_EQ(sends(*one, 1, 10), 10u);
    EXPECT_EQ(counted(), 60u);
}

TEST_F(GovernorAdvanceTest, IsGivenBackWhenTheLastCallWasRefused) {
    const auto one = process({.messages_per_minute = 100'000, .recipients_per_day = 100'000});
    {
        const std::vector<Passage> passages = in_flight(*one, 5);
        EXPECT_EQ(refusal(*one, 1, 100'001).condition, "limit.recipients_per_day");
    }
    EXPECT_EQ(refusal(*one, 1, 100'000).condition, "limit.recipients_per_day");
    EXPECT_EQ(counted(), 5u);
    EXPECT_EQ(sends(*one, 1, 1, 99'995), 1u) << "all that the day has left";
}

TEST_F(GovernorAdvanceTest, IsLostAndStaysCountedWhenItCannotBeGivenBack) {
    const auto one = process(wide);
    {
        const std::vector<Passage> passages = in_flight(*one, 50);
        host.state().fail_with(WFC_UNAVAILABLE);
        const Crank crank(host, 10);
    }
    host.state().fail_with(WFC_OK);
    const std::uint64_t kept = counted();
    EXPECT_GT(kept, 50u);
    EXPECT_EQ(sends(*one, 1, 1), 1u);
    EXPECT_EQ(counted(), kept + 1) << "nobody knows whether it was given back before";
    host.advance(day_ms + day_ms / 50);
    EXPECT_EQ(sends(*one, 1, 1), 1u);
    EXPECT_EQ(counted(), 1u);
}

TEST_F(GovernorAdvanceTest, OfASliceThatIsOverIsGivenBackAndTakenAnew) {
    const auto one = process(wide);
    std::vector<Passage> passages = in_flight(*one, 40);
    const std::uint64_t first = counted();
    EXPECT_GT(first, 41u);
    host.advance(1'000);
    passages.push_back(one->admit(1, patience(1)));
    const auto record = decoded(*host.state().get(windows_key));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->minute.counts().back().second, 321u) << "its own slice: this one and 8 for each of 40";
    EXPECT_EQ(record->minute.counts().front().second, 40u) << "what was left over is back";
}

TEST_F(GovernorAdvanceTest, HoldsNoLongerWhenTheWallClockJumps) {
    const auto one = process(wide);
    const std::vector<Passage> passages = in_flight(*one, 40);
    const std::int64_t unix_ms = services().clock().unix_ms();
    for (const std::int64_t jump : {3'600'000, -7'200'000}) {
        host.unix_time(unix_ms + jump);
        host.advance(60'600);
        writes_ = 0;
        const Passage next = one->admit(1, patience(1));
        EXPECT_GE(writes_, 1u) << "what was taken before the jump is a minute old";
        EXPECT_EQ(services().clock().unix_ms(), unix_ms + jump + 60'600);
    }
}

TEST_F(GovernorAdvanceTest, LeavesTheLimitExact) {
    for (const unsigned limit : {1U, 17U, 30U, 64U, 300U}) {
        host.advance(2 * 60'600);
        const Limits limits{.messages_per_minute = limit};
        const auto one = process(limits);
        std::vector<Passage> passages;
        EXPECT_NO_THROW(passages = in_flight(*one, limit)) << limit;
        EXPECT_EQ(refusal(*one).condition, "limit.messages_per_minute") << limit;
        EXPECT_EQ(refusal(*process(limits)).condition, "limit.messages_per_minute") << limit;
    }
}

TEST_F(GovernorAdvanceTest, OfOneProcessKeepsLittleFromAnother) {
    const Limits limits{.messages_per_minute = 1'600};
    const auto one = process(limits), other = process(limits);
    const std::vector<Passage> passages = in_flight(*one, 200);
    const std::size_t sent = sends(*other, 1, 2'000);
    EXPECT_LE(sent, 1'400u);
    EXPECT_GE(sent, 1'400u - 1'400u / 16);
}

TEST_F(GovernorAdvanceTest, OfManyProcessesWithManyThreadsNeverSendsMoreThanTheLimit) {
    const Limits limits{.messages_per_minute = 400};
    std::mutex mutex;
    std::vector<std::uint64_t> seen;
    std::vector<std::shared_ptr<Governor>> processes;
    for (int i = 0; i < 3; ++i) processes.push_back(process(limits));
    const std::uint64_t until_ms = host.now_ms() + 4 * 60'000;
    {
        const Crank crank(host, 100);
        std::vector<std::thread> crowd;
        for (std::size_t thread = 0; thread < 24; ++thread) {
            crowd.emplace_back([&, one = processes[thread % 3]] {
                while (host.now_ms() < until_ms) {
                    try {
                        const Passage passage = one->admit(1, patience(hour_ms));
                        const std::uint64_t now = host.now_ms();
                        const std::lock_guard lock(mutex);
                        seen.push_back(now);
                    } catch (const std::exception& failure) {
                        ADD_FAILURE() << failure.what();
                        return;
                    }
                }
            });
        }
        for (std::thread& one : crowd) one.join();
    }
    std::sort(seen.begin(), seen.end());
    for (std::size_t i = 400; i < seen.size(); ++i) ASSERT_GE(seen[i] - seen[i - 400], 60'000u);
    EXPECT_GE(seen.size(), 800u) << "of the 1,600 that four minutes allow, however busy the machine is";
}

}  // namespace
}  // namespace mailsend::governor
