#include "governor/spares.hpp"

#include <atomic>

#include "governor_bench.hpp"

namespace mailsend::governor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class SparesTest : public test::GovernorBench {
  protected:
    /// Whether it comes true within 10 s.
    static bool comes_true(const std::atomic<bool>& condition, milliseconds longest = milliseconds(10'000)) {
        const auto end = steady_clock::now() + longest;
        while (!condition && steady_clock::now() < end) std::this_thread::yield();
        return condition;
    }

    Spares spares;
    int one = 0, two = 0;  ///< how often each was asked
};

TEST_F(SparesTest, EverybodyIsAskedEachTime) {
    spares.ask();
    spares.add(&one, [this] { ++one; });
    spares.ask();
    spares.add(&two, [this] { ++two; });
    spares.ask();
    EXPECT_EQ(one, 2);
    EXPECT_EQ(two, 1);
}

TEST_F(SparesTest, WhoeverComesAgainIsAskedOnceAndInTheNewWay) {
    spares.add(&one, [this] { ++one; });
    spares.add(&one, [this] { ++two; });
    spares.ask();
    EXPECT_EQ(one, 0);
    EXPECT_EQ(two, 1);
}

TEST_F(SparesTest, WhoeverWasForgottenIsAskedNoMore) {
    spares.add(&one, [this] { ++one; });
    spares.add(&two, [this] { ++two; });
    spares.forget(&one);
    spares.forget(&spares);  // whom nobody knows
    spares.ask();
    EXPECT_EQ(one, 0);
    EXPECT_EQ(two, 1);
}

TEST_F(SparesTest, ForgetReturnsOnlyWhenNobodyIsAskedAnyMore) {
    std::atomic<bool> forgotten = false;
    bool seen = false;
    std::thread forgets;
    spares.add(&one, [&] {
        forgets = std::thread([&] {
            spares.forget(&one);
            forgotten = true;
        });
        seen = comes_true(forgotten, milliseconds(50));
    });
    spares.ask();
    forgets.join();
    EXPECT_FALSE(seen) << "its owner may be gone by then";
}

TEST_F(SparesTest, AskingDoesNotWaitForAnotherWhoAsks) {
    std::atomic<bool> asked = false, go_on = false;
    spares.add(&one, [&] {
        ++one;
        asked = true;
        comes_true(go_on);
    });
    std::thread other([this] { spares.ask(); });
    EXPECT_TRUE(comes_true(asked));
    spares.ask();
    EXPECT_EQ(one, 1) << "the other one asks already";
    go_on = true;
    other.join();
}

TEST_F(SparesTest, BelongToAnAccountAndNotToOneOfItsGovernors) {
    const auto first = Governor::of(account, {}, services());
    const auto second = Governor::of(account, {.connections = 1}, services());
    const auto stranger =
        Governor::of(governor_account("smtp.example.org", "bob@example.org"), {}, services());
    first->spares().add(&one, [this] { ++one; });
    stranger->spares().ask();
    EXPECT_EQ(one, 0);
    second->spares().ask();
    EXPECT_EQ(one, 1);
}

}  // namespace
}  // namespace mailsend::governor
