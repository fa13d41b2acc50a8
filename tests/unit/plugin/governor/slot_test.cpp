#include "governor/slot.hpp"

#include <set>

#include "governor_bench.hpp"

namespace mailsend::governor {
namespace {

using test::Crank;

class SlotTest : public test::GovernorBench {
  protected:
    const Limits three{.connections = 3};

    /// The facts of the failure that `connect` ends with.
    Facts none_free(Governor& governor, std::uint64_t patience_ms) {
        try {
            const Slot slot = governor.connect(patience(patience_ms));
        } catch (const Failure& failure) {
            return failure.facts();
        }
        ADD_FAILURE() << "there was one";
        return {};
    }
    bool free(Governor& governor) const {
        try {
            const Slot slot = governor.connect(patience(400));
            return true;
        } catch (const Failure&) {
            return false;
        }
    }
};

TEST_F(SlotTest, IsGivenToAsManyAsTheLimitOverAllProcesses) {
    const auto one = process(three), two = process(three);
    std::vector<Slot> held;
    held.push_back(one->connect(patience(1)));
    held.push_back(two->connect(patience(1)));
    held.push_back(one->connect(patience(1)));
    EXPECT_EQ(host.state().keys().size(), 3u);
    const Crank crank(host, 1);
    for (Governor* each : {one.get(), two.get()}) {
        const Facts facts = none_free(*each, 400);
        EXPECT_EQ(facts.stage, Stage::connect);
        EXPECT_EQ(facts.condition, "limit.connections");
        EXPECT_EQ(facts.details.at("limit"), "3");
    }
    held.pop_back();
    EXPECT_TRUE(free(*two));
    held.clear();
    EXPECT_TRUE(host.state().keys().empty()) << "given back at the end";
}

TEST_F(SlotTest, IsWaitedForInTheSameProcessAndInAnother) {
    const Limits single{.connections = 1};
    const auto one = process(single), two = process(single);
    for (Governor* each : {one.get(), two.get()}) {
        std::optional<Slot> held = one->connect(patience(1));
        const Crank crank(host, 1);
        std::thread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            held.reset();
        });
        const Slot slot = each->connect(patience(hour_ms));
        EXPECT_GE(slot.waited_ms(), 20u);
        later.join();
    }
}

TEST_F(SlotTest, OfAnOwnerThatDiedComesFreeWhenItsLeaseEnds) {
    const auto dead = process(three), alive = process(three);
    std::vector<Slot> held;
    for (int i = 0; i < 2; ++i) held.push_back(alive->connect(patience(1)));
    Slot left = dead->connect(patience(1));
    for (int i = 0; i < 29; ++i) {
        host.advance(1'000);
        for (Slot& slot : held) slot.keep_alive();
    }
    host.tick_per_reading(40);
    EXPECT_FALSE(free(*alive));
    host.tick_per_reading(0);
    host.advance(2'000);
    for (Slot& slot : held) slot.keep_alive();
    host.tick_per_reading(40);
    const Slot freed = alive->connect(patience(400));
    EXPECT_FALSE(free(*process(three))) << "the two that live are still held";
}

TEST_F(SlotTest, OfAnOwnerThatDiedComesFreeAlsoWhenTheClockWasSetBack) {
    const auto dead = process({.connections = 1}), alive = process({.connections = 1});
    const Slot left = dead->connect(patience(1));
    host.unix_time(services().clock().unix_ms() - 55'000);
    host.tick_per_reading(40);
    EXPECT_FALSE(free(*alive));
    host.tick_per_reading(0);
    host.advance(29'000);
    EXPECT_EQ(host.state().keys().size(), 1u) << "by its wall clock the lease has not ended";
    host.advance(1'000);
    EXPECT_NO_THROW(alive->connect(patience(1)));
}

TEST_F(SlotTest, IsHeldAgainByItsOwnerWhenAClockThatJumpedMadeTheStoreForgetIt) {
    const auto one = process({.connections = 1}), two = process({.connections = 1});
    Slot slot = one->connect(patience(1));
    for (const std::int64_t jump : {1, -1}) {
        host.unix_time(services().clock().unix_ms() + jump * static_cast<std::int64_t>(hour_ms));
        EXPECT_TRUE(host.state().keys().empty());
        host.advance(10'000);
        slot.keep_alive();
        host.tick_per_reading(40);
        EXPECT_FALSE(free(*two));
        host.tick_per_reading(0);
    }
}

TEST_F(SlotTest, IsTakenAgainByAnOwnerThatStoodStillForLongerThanItsLease) {
    const auto slow = process(three);
    Slot slot = slow->connect(patience(1));
    host.advance(60'000);
    EXPECT_TRUE(host.state().keys().empty());
    slot.keep_alive();
    EXPECT_EQ(host.state().keys().size(), 1u);
}

TEST_F(SlotTest, DoesNotEraseWhatWentToSomebodyElse) {
    const auto slow = process({.connections = 1}), quick = process({.connections = 1});
    std::optional<Slot> slot = slow->connect(patience(1));
    host.advance(31'000);
    const Slot taken = quick->connect(patience(1));
    slot->keep_alive();
    slot.reset();
    EXPECT_EQ(host.state().keys().size(), 1u);
}

TEST_F(SlotTest, IsNotGivenWhileTheStoreFails) {
    const auto one = process(three);
    host.state().fail_with(WFC_UNAVAILABLE);
    EXPECT_EQ(none_free(*one, hour_ms).condition, "host.state");
    host.state().fail_with(WFC_OK);
    EXPECT_TRUE(free(*one)) << "nothing was held back";
}

TEST_F(SlotTest, KeepsItsPlaceWhenTheStoreFailsForAMoment) {
    const auto one = process({.connections = 1}), two = process({.connections = 1});
    Slot slot = one->connect(patience(1));
    host.advance(15'000);
    host.state().fail_with(WFC_UNAVAILABLE);
    slot.keep_alive();
    host.state().fail_with(WFC_OK);
    host.advance(2'000);
    slot.keep_alive();
    host.advance(20'000);
    host.tick_per_reading(40);
    EXPECT_FALSE(free(*two));
}

TEST_F(SlotTest, DoesNotAskAStoreThatAnswersSlowlyAllTheTime) {
    const auto one = process({.connections = 1});
    int asked = 0;  // also by the end of the slot
    Slot slot = one->connect(patience(1));
    host.state().before_write([&](const std::string&) {
        ++asked;
        host.advance(1'000);  // a locked file says so after a second
    });
    host.advance(10'000);
    host.state().fail_with(WFC_UNAVAILABLE);
    for (const std::uint64_t end = host.now_ms() + 18'000; host.now_ms() < end; host.advance(200))
        slot.keep_alive();
    EXPECT_GE(asked, 3) << "before the lease ends";
    EXPECT_LE(asked, 6) << "the message that is on its way must not wait for it";
}

TEST_F(SlotTest, OfTheProcessAloneWithoutAStateService) {
    host.without(WFC_STATE);
    const auto one = process(three);
    std::vector<Slot> held;
    for (int i = 0; i < 3; ++i) held.push_back(one->connect(patience(1)));
    held.front().keep_alive();
    host.tick_per_reading(40);
    EXPECT_FALSE(free(*one));
    held.clear();
    EXPECT_TRUE(free(*one));
}

TEST_F(SlotTest, EndsItsWaitWithCancel) {
    const auto one = process({.connections = 1}), two = process({.connections = 1});
    const Slot held = one->connect(patience(1));
    for (Governor* each : {one.get(), two.get()}) {
        int asked = 0;
        EXPECT_THROW(each->connect(patience(hour_ms, [&] { return ++asked > 3; })), Cancelled);
    }
}

TEST_F(SlotTest, IsNeverHeldByMoreThanTheLimitHoweverManyWant) {
    host.real_time();
    std::vector<std::shared_ptr<Governor>> processes;
    for (int i = 0; i < 4; ++i) processes.push_back(process(three));
    std::atomic<int> open{0}, most{0}, served{0};
    std::vector<std::thread> crowd;
    for (int thread = 0; thread < 12; ++thread) {
        crowd.emplace_back([&, one = processes[static_cast<std::size_t>(thread) % 4]] {
            for (int i = 0; i < 2; ++i) {
                const Slot slot = one->connect(patience(hour_ms));
                const int now = ++open;
                for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
                }
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                --open;
                ++served;
            }
        });
    }
    for (std::thread& one : crowd) one.join();
    EXPECT_LE(most, 3);
    EXPECT_EQ(served, 24);
}

}  // namespace
}  // namespace mailsend::governor
