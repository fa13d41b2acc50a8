/// Many processes that always have something to send, in time that only counts: what a server sees of them.
#include <algorithm>
#include <gtest/gtest.h>
#include <queue>
#include <random>
#include <vector>

#include "governor/admission.hpp"

namespace mailsend::governor {
namespace {

/// What a run looked like to the server.
struct Traffic {
    std::vector<std::uint64_t> seen{};  ///< when it took each message, ascending
    std::uint64_t long_ms = 0;

    std::size_t most_within(std::uint64_t window_ms) const {
        std::size_t most = 0;
        for (std::size_t first = 0, last = 0; last < seen.size(); ++last) {
            while (seen[last] - seen[first] >= window_ms) ++first;
            most = std::max(most, last - first + 1);
        }
        return most;
    }
    /// Part of what the limit allows, without the first window.
    double used(std::uint64_t window_ms, unsigned limit) const {
        const auto later = std::count_if(seen.begin(), seen.end(), [&](auto at) { return at >= window_ms; });
        return static_cast<double>(later) * static_cast<double>(window_ms) /
               (static_cast<double>(long_ms - window_ms) * limit);
    }
};

/// `processes` that send one message after the other, each of which takes up to `takes_ms` and is taken by
/// the server at some moment in it.
Traffic run(unsigned seed, unsigned processes, unsigned limit, std::uint64_t takes_ms,
            std::uint64_t long_ms) {
    struct Event {
        std::uint64_t at;
        unsigned process;
        std::optional<std::uint64_t> ends{};  ///< a message that was admitted then
        bool operator>(const Event& other) const { return at > other.at; }
    };
    std::mt19937 random(seed);
    const auto below = [&](std::uint64_t most) { return random() % std::max<std::uint64_t>(1, most); };
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
    for (unsigned i = 0; i < processes; ++i) events.push({below(1'000), i});
    Traffic out;
    out.long_ms = long_ms;
    WindowRecord record;
    const Limits limits{.messages_per_minute = limit};
    while (events.top().at < long_ms) {
        const Event event = events.top();
        events.pop();
        const Moment now{1'800'000'000'000 + static_cast<std::int64_t>(event.at), event.at};
        if (record.base.unix_ms == 0) record.base = now;
        const std::uint64_t time = record.time_at(now);
        record.rebase(now);
        if (event.ends) {
            record.move(*event.ends, time, 1);
            events.push({event.at + 1, event.process});
            continue;
        }
        const Admission answer = asked(record, time, limits, 1);
        if (!answer.granted()) {
            events.push({event.at + answer.wait_ms + below(250), event.process});
            continue;
        }
        record.count(time, 1);
        const std::uint64_t takes = 1 + below(takes_ms);
        out.seen.push_back(event.at + below(takes));
        events.push({event.at + takes, event.process, time});
    }
    std::sort(out.seen.begin(), out.seen.end());
    return out;
}

class Throughput : public ::testing::TestWithParam<unsigned> {};

TEST_P(Throughput, OfShortMessagesIsNinetyNinePerCentOfTheLimitAndNeverMore) {
    const Traffic short_ones = run(GetParam(), 4, 30, 100, 4 * 3'600'000);
    EXPECT_LE(short_ones.most_within(60'000), 30u);
    EXPECT_GE(short_ones.used(60'000, 30), 0.99);
    RecordProperty("used", std::to_string(short_ones.used(60'000, 30)));
}

TEST_P(Throughput, OfMessagesThatTakeTwoSecondsStaysAboveNinetyFivePerCent) {
    const Traffic long_ones = run(GetParam(), 4, 30, 2'000, 4 * 3'600'000);
    EXPECT_LE(long_ones.most_within(60'000), 30u);
    EXPECT_GE(long_ones.used(60'000, 30), 0.95);
    RecordProperty("used", std::to_string(long_ones.used(60'000, 30)));
}

TEST_P(Throughput, IsNeverMoreThanTheLimitWhateverProcessesAndMessagesThereAre) {
    std::mt19937 random(GetParam() * 7'919);
    const unsigned limit = 1 + static_cast<unsigned>(random() % 300);
    const unsigned processes = 1 + static_cast<unsigned>(random() % 40);
    const Traffic any = run(GetParam(), processes, limit, 1 + random() % 59'000, 3'600'000);
    EXPECT_LE(any.most_within(60'000), limit) << processes << " processes";
    EXPECT_GT(any.seen.size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Throughput, ::testing::Range(1U, 21U));

}  // namespace
}  // namespace mailsend::governor
