#include "net/patience.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/wait.hpp"
#include "outcome/failure.hpp"
#include "peer.hpp"

namespace {

using mailsend::Cancelled;
using mailsend::net::Patience;
using mailsend::net::TimedOut;
using namespace std::chrono_literals;

struct Crank {
    std::uint64_t now = 1000;
    wfc_clock table{};
    Crank() {
        table.struct_size = sizeof table;
        table.ctx = this;
        table.monotonic_ms = [](void* self) noexcept { return static_cast<Crank*>(self)->now; };
    }
    Patience patience(std::uint64_t deadline_ms, bool cancelled = false) {
        return {wfc::Clock(&table), [cancelled] { return cancelled; }, deadline_ms};
    }
};

/// What check() throws: nothing, the stage's or the call's time-out, cancel.
std::string verdict(const Patience& patience) {
    try {
        patience.check();
    } catch (const Cancelled&) {
        return "cancelled";
    } catch (const TimedOut& late) {
        return late.overall() ? "overall" : "stage";
    }
    return "fine";
}

TEST(Patience, CancelComesBeforeTheDeadlineAndTheDeadlineBeforeTheStage) {
    Crank clock;
    EXPECT_EQ(verdict(clock.patience(2000)), "fine");
    EXPECT_EQ(verdict(clock.patience(2000, true)), "cancelled");
    EXPECT_EQ(verdict(clock.patience(1000, true)), "cancelled");
    EXPECT_EQ(verdict(clock.patience(1000)), "overall");
    EXPECT_EQ(verdict(clock.patience(2000).within(0)), "stage");
    EXPECT_EQ(verdict(clock.patience(1000).within(0)), "overall");
}

TEST(Patience, CountsAStageFromTheMomentItBegins) {
    Crank clock;
    const Patience stage = clock.patience(5000).within(500);
    clock.now = 1499;
    EXPECT_EQ(verdict(stage), "fine");
    clock.now = 1500;
    EXPECT_EQ(verdict(stage), "stage");
    clock.now = 5000;
    EXPECT_EQ(verdict(stage), "overall");
}

TEST(Patience, LetsALaterStageBeginAfterAnEarlierOneEnded) {
    Crank clock;
    const Patience call = clock.patience(5000);
    const Patience first = call.within(100);
    clock.now = 1200;
    EXPECT_EQ(verdict(first), "stage");
    EXPECT_EQ(verdict(first.within(100)), "fine");
}

TEST(Patience, SlicesAreAtMost200MillisecondsAndNeverNothing) {
    Crank clock;
    EXPECT_EQ(clock.patience(100000).slice_ms(), 200);
    EXPECT_EQ(clock.patience(1070).slice_ms(), 70);
    EXPECT_EQ(clock.patience(100000).within(30).slice_ms(), 30);
    EXPECT_EQ(clock.patience(900).slice_ms(), 1);
}

TEST(Patience, EndlessTimeoutsDoNotWrapAround) {
    Crank clock;
    const auto forever = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(verdict(clock.patience(forever).within(forever)), "fine");
    EXPECT_EQ(clock.patience(forever).within(forever).slice_ms(), 200);
}

TEST(Wait, EndsWithinASliceOfCancel) {
    const int never = ::eventfd(0, EFD_CLOEXEC);
    const double took = test::elapsed_ms(
        [&] { EXPECT_THROW(mailsend::net::wait(never, POLLIN, test::patience(10s, 100ms)), Cancelled); });
    EXPECT_GE(took, 95);
    EXPECT_LT(took, 1000);
    ::close(never);
}

TEST(Wait, EndsAtTheDeadline) {
    const int never = ::eventfd(0, EFD_CLOEXEC);
    const double took = test::elapsed_ms(
        [&] { EXPECT_THROW(mailsend::net::wait(never, POLLIN, test::patience(250ms)), TimedOut); });
    EXPECT_GE(took, 245);
    EXPECT_LT(took, 1000);
    ::close(never);
}

}  // namespace
