#include "net/patience.hpp"

#include <array>
#include <gtest/gtest.h>
#include <limits>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
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

TEST(Patience, SaysInOneAnswerWhetherItHasEndedAndHowLongToWait) {
    Crank clock;
    EXPECT_EQ(clock.patience(100000).next_slice_ms(), 200);
    EXPECT_EQ(clock.patience(100000).within(30).next_slice_ms(), 30);
    EXPECT_EQ(clock.patience(1000).next_slice_ms(), 0);
    EXPECT_EQ(clock.patience(2000).within(0).next_slice_ms(), 0);
    EXPECT_EQ(clock.patience(2000, true).next_slice_ms(), 0);
}

/// Two ends of a connection, the first of which waits in recv itself or not.
class AwaitInput : public testing::TestWithParam<bool> {
  protected:
    AwaitInput() {
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_.data()), 0);
        if (GetParam()) {
            EXPECT_TRUE(mailsend::net::wait_in_recv(ends_[0]));
        }
    }
    ~AwaitInput() override {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    std::string take(const Patience& patience) {
        std::array<char, 16> bytes{};
        const auto count =
            mailsend::net::await_input(ends_[0], bytes.data(), bytes.size(), GetParam(), patience);
        return count < 0 ? "failed" : std::string(bytes.data(), static_cast<std::size_t>(count));
    }

    std::array<int, 2> ends_{};
};

TEST_P(AwaitInput, TakesWhatComes) {
    std::thread speaker([&] {
        std::this_thread::sleep_for(50ms);
        test::say(ends_[1], "250 ok");
    });
    EXPECT_EQ(take(test::patience(10s)), "250 ok");
    speaker.join();
}

TEST_P(AwaitInput, TakesWhatIsThereThoughPatienceHasEnded) {
    test::say(ends_[1], "250 ok");
    EXPECT_EQ(take(test::patience(0ms)), "250 ok");
    test::say(ends_[1], "421 bye");
    EXPECT_EQ(take(test::patience(10s, 0ms)), "421 bye");
    EXPECT_THROW(take(test::patience(0ms)), TimedOut);
    EXPECT_THROW(take(test::patience(10s, 0ms)), Cancelled);
}

TEST_P(AwaitInput, EndsWithPatienceAndAsksItMeanwhile) {
    int asked = 0;
    const double took = test::elapsed_ms([&] {
        EXPECT_THROW(take(test::patience(450ms).with_pulse([&] { ++asked; })), TimedOut);
        EXPECT_THROW(take(test::patience(10s, 100ms)), Cancelled);
    });
    EXPECT_GE(asked, 3);
    EXPECT_GE(took, 545);
    EXPECT_LT(took, 2000);
}

TEST_P(AwaitInput, SeesTheEnd) {
    ::shutdown(ends_[1], SHUT_WR);
    EXPECT_EQ(take(test::patience(10s)), "");
}

INSTANTIATE_TEST_SUITE_P(Wait, AwaitInput, testing::Bool(),
                         [](const auto& way) { return way.param ? "InRecv" : "InPoll"; });

}  // namespace
