#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "ledger_bench.hpp"

namespace mailsend::ledger {
namespace {

using test::body;
class LedgerThreadsTest : public test::LedgerBench {};

TEST_F(LedgerThreadsTest, OfManyWithTheSameKeyOneSendsAndTheOthersLearnIt) {
    constexpr int keys = 25, threads = 8;
    host.real_time();
    std::atomic<int> sent{0}, learnt{0}, odd{0};
    const auto work = [&] {
        for (int i = 0; i < keys; ++i) {
            LedgerTerms mine = terms;
            mine.key = "order-" + std::to_string(i);
            Claim one = *Ledger(services()).claim(mine, content, patience());
            if (!one.work_left()) {
                ++(letters(one) == "ss" ? learnt : odd);
                continue;
            }
            one.ending({0, 1}, body);
            ++sent;
            one.keep_alive();
            one.settle({{0, Standing::sent}, {1, Standing::sent}}, std::nullopt);
        }
    };
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back(work);
    for (std::thread& one : running) one.join();
    EXPECT_EQ(sent, keys);
    EXPECT_EQ(learnt, keys * (threads - 1));
    EXPECT_EQ(odd, 0);
}

TEST_F(LedgerThreadsTest, ADeadClaimIsTakenOverByOne) {
    constexpr int keys = 20, threads = 8;
    for (int i = 0; i < keys; ++i) {
        terms.key = "order-" + std::to_string(i);
        die(claim());
    }
    host.advance(60'000);
    std::mutex mutex;
    std::map<std::string, int> ended;
    const auto work = [&] {
        for (int i = 0; i < keys; ++i) {
            LedgerTerms mine = terms;
            mine.key = "order-" + std::to_string(i);
            try {
                std::optional<Claim> one = Ledger(services()).claim(mine, content, patience(0));
                if (!one->work_left()) continue;
                one->ending({0, 1}, body);
                const std::lock_guard lock(mutex);
                ++ended[mine.key];
                one->settle({{0, Standing::sent}, {1, Standing::sent}}, std::nullopt);
            } catch (const Failure& failure) {
                EXPECT_EQ(failure.facts().condition, "ledger.busy");
            }
        }
    };
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back(work);
    for (std::thread& one : running) one.join();
    EXPECT_EQ(ended.size(), std::size_t{keys});
    for (const auto& [key, times] : ended) EXPECT_EQ(times, 1) << key;
}

}  // namespace
}  // namespace mailsend::ledger
