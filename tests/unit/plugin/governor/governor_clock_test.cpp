/// What becomes of limits when clocks jump.
#include "governor_bench.hpp"

namespace mailsend::governor {
namespace {

class GovernorClockTest : public test::GovernorBench {
  protected:
    std::int64_t unix_ms() const { return services().clock().unix_ms(); }
    std::uint64_t wait_ms(Governor& governor) const {
        return std::stoull(refusal(governor).details.at("retry_after_ms"));
    }
};

TEST_F(GovernorClockTest, SetForwardOpensNoWindowEarly) {
    const auto one = process({.messages_per_minute = 30});
    EXPECT_EQ(sends(*one), 30u);
    for (int i = 0; i < 5; ++i) {
        host.unix_time(unix_ms() + static_cast<std::int64_t>(hour_ms));
        host.advance(10'000);
        EXPECT_EQ(sends(*one), 0u);
        EXPECT_EQ(sends(*process({.messages_per_minute = 30})), 0u);
    }
    host.advance(10'600);
    EXPECT_EQ(sends(*one), 30u) << "and none late";
}

TEST_F(GovernorClockTest, SetBackBlocksNothingForLonger) {
    const auto one = process({.messages_per_minute = 30});
    EXPECT_EQ(sends(*one), 30u);
    host.unix_time(unix_ms() - static_cast<std::int64_t>(hour_ms));
    EXPECT_EQ(wait_ms(*one), 60'600u);
    host.advance(60'600);
    EXPECT_EQ(sends(*process({.messages_per_minute = 30})), 30u);
    host.advance(60'600);
    EXPECT_EQ(sends(*one), 30u);
}

TEST_F(GovernorClockTest, SetForwardByYearsLeavesWhatTheProcessKnows) {
    const auto one = process({.messages_per_minute = 30, .messages_per_day = 30});
    EXPECT_EQ(sends(*one), 30u);
    host.unix_time(unix_ms() + static_cast<std::int64_t>(60 * 365 * day_ms));
    EXPECT_TRUE(host.state().keys().empty()) << "the store has forgotten the record";
    EXPECT_EQ(sends(*one), 0u);
    host.advance(day_ms + day_ms / 100);
    EXPECT_EQ(sends(*one), 30u);
}

/// As after a start of the machine: the monotonic clock of the one who asks is behind.
TEST_F(GovernorClockTest, StartedAgainCountsTheTimeOfTheWallClock) {
    const auto before = process({.messages_per_minute = 30, .messages_per_day = 30});
    host.advance(hour_ms);
    EXPECT_EQ(sends(*before), 30u);
    const std::string record = *host.state().get(windows_key);

    wfc::testhost::TestHost after;
    after.unix_time(unix_ms() + 1'800'000);
    ASSERT_LT(after.now_ms(), host.now_ms());
    after.state().put(windows_key, record);
    const auto one = Governor::apart(account, {.messages_per_minute = 30, .messages_per_day = 40},
                                     wfc::Host(after.table()));
    const net::Patience little(wfc::Host(after.table()).clock(), {}, after.now_ms() + 1);
    for (int i = 0; i < 10; ++i) EXPECT_NO_THROW(one->admit(1, little).done());
    EXPECT_THROW(one->admit(1, little), Failure) << "the day is not over";
}

TEST_F(GovernorClockTest, OfWhichBothWentBackGoesOnFromThere) {
    const auto before = process({.messages_per_minute = 30});
    host.advance(hour_ms);
    EXPECT_EQ(sends(*before), 30u);
    const std::string record = *host.state().get(windows_key);

    wfc::testhost::TestHost after;
    after.unix_time(unix_ms() - static_cast<std::int64_t>(365 * day_ms));
    after.state().put(windows_key, record);
    const auto one = Governor::apart(account, {.messages_per_minute = 30}, wfc::Host(after.table()));
    const auto little = [&] {
        return net::Patience(wfc::Host(after.table()).clock(), {}, after.now_ms() + 1);
    };
    EXPECT_THROW(one->admit(1, little()), Failure);
    after.advance(60'600);
    EXPECT_NO_THROW(one->admit(1, little()));
}

TEST_F(GovernorClockTest, BeforeTheYear1970IsBorne) {
    host.unix_time(-1'000'000);
    const auto one = process({.messages_per_minute = 2});
    EXPECT_EQ(sends(*one), 2u);
    EXPECT_EQ(sends(*process({.messages_per_minute = 2})), 0u);
    EXPECT_FALSE(logged("governor.record_damaged"));
}

}  // namespace
}  // namespace mailsend::governor
