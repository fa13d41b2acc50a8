/// A store that fails, or holds what no governor wrote.
#include "governor_bench.hpp"

namespace mailsend::governor {
namespace {

class GovernorStoreTest : public test::GovernorBench {};

TEST_F(GovernorStoreTest, ThatFailsLetsNothingGoAndIsTriedForAWhile) {
    const auto one = process({.messages_per_minute = 30});
    host.state().fail_with(WFC_UNAVAILABLE);
    const auto before = std::chrono::steady_clock::now();
    const Facts facts = refusal(*one, hour_ms);
    EXPECT_EQ(facts.stage, Stage::host);
    EXPECT_EQ(facts.condition, "host.state");
    EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::seconds(1));
    host.state().fail_with(WFC_OK);
    EXPECT_EQ(sends(*one), 30u);
}

/// As one that is locked: it says so after a second.
TEST_F(GovernorStoreTest, ThatFailsSlowlyIsTriedForSecondsAndNotForHalfAMinute) {
    const auto one = process({.messages_per_minute = 30, .connections = 2});
    host.state().fail_with(WFC_UNAVAILABLE);
    host.tick_per_reading(250);
    for (const bool connects : {false, true}) {
        const std::uint64_t before = host.now_ms();
        try {
            if (connects) {
                one->connect(patience(hour_ms));
            } else {
                one->admit(1, patience(hour_ms));
            }
            ADD_FAILURE() << "the store fails";
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.facts().condition, "host.state");
        }
        EXPECT_LE(host.now_ms() - before, 8'000u);
    }
}

TEST_F(GovernorStoreTest, ThatFailsUntilTheDeadlineIsSaidAndNotTheDeadline) {
    const auto one = process({.messages_per_minute = 30});
    host.state().fail_with(WFC_UNAVAILABLE);
    const test::Crank crank(host, 1);
    EXPECT_EQ(refusal(*one, 200).condition, "host.state");
}

TEST_F(GovernorStoreTest, ThatFailsForAMomentCostsNothing) {
    const auto one = process({.messages_per_minute = 30});
    host.state().fail_with(WFC_UNAVAILABLE);
    std::thread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        host.state().fail_with(WFC_OK);
    });
    EXPECT_NO_THROW(one->admit(1, patience(hour_ms)).done());
    later.join();
}

TEST_F(GovernorStoreTest, ThatFailsAtTheEndOfAMessageGetsItsTimeWithTheNextOne) {
    const auto one = process({.messages_per_minute = 2});
    Passage passage = one->admit(1, patience(1));
    host.advance(30'000);
    host.state().fail_with(WFC_UNAVAILABLE);
    passage.done();
    host.state().fail_with(WFC_OK);
    EXPECT_EQ(sends(*one), 1u);
    host.advance(30'600);
    EXPECT_EQ(refusal(*process({.messages_per_minute = 2})).condition, "limit.messages_per_minute")
        << "none of the two is a minute old";
}

TEST_F(GovernorStoreTest, ThatOffersNoSuchServiceLeavesTheProcessAlone) {
    host.state().fail_with(WFC_UNSUPPORTED);
    const auto one = process({.messages_per_minute = 3, .connections = 2});
    EXPECT_EQ(sends(*one), 3u);
    EXPECT_NO_THROW(one->connect(patience(1)));
}

TEST_F(GovernorStoreTest, WithADamagedRecordCountsTheMinuteAsFull) {
    for (const std::string& foreign :
         {std::string(), std::string("{}"), std::string("\0\xff", 2), std::string(R"({"format":9})")}) {
        host.state().put(windows_key, foreign);
        const auto one = process({.messages_per_minute = 30, .messages_per_day = 100});
        const Facts facts = refusal(*one);
        EXPECT_EQ(facts.condition, "limit.messages_per_minute");
        EXPECT_LE(std::stoull(facts.details.at("retry_after_ms")), 60'600u);
        EXPECT_TRUE(logged("governor.record_damaged"));
        host.advance(60'600);
        EXPECT_EQ(sends(*one), 30u);
        host.advance(60'600);
    }
}

TEST_F(GovernorStoreTest, WithADamagedRecordBeginsTheDayAgainOrWithWhatTheProcessSaw) {
    const Limits limits{.messages_per_day = 10};
    const auto one = process(limits);
    EXPECT_EQ(sends(*one, 1, 6), 6u);
    host.state().put(windows_key, "damaged");
    EXPECT_EQ(sends(*one), 4u);
    host.state().put(windows_key, "damaged");
    EXPECT_EQ(sends(*process(limits)), 10u);
}

TEST_F(GovernorStoreTest, WithARecordFromTheFutureBlocksNothingForLong) {
    const auto one = process({.messages_per_minute = 1});
    EXPECT_EQ(sends(*one), 1u);
    std::string record = *host.state().get(windows_key);
    const auto change = [&](const std::string& name) {
        const auto at = record.find(name) + name.size();
        record.replace(at, record.find_first_of(",}", at) - at, "9000000000000000");
    };
    change("\"unix_ms\":");
    change("\"monotonic_ms\":");
    host.state().put(windows_key, record);
    const auto two = process({.messages_per_minute = 1});
    EXPECT_EQ(sends(*two), 0u);
    host.advance(60'600);
    EXPECT_EQ(sends(*two), 1u);
}

}  // namespace
}  // namespace mailsend::governor
