#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "run_wfc.hpp"
#include "tool/signal_count.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using test::Running;
using testing::HasSubstr;

/// Waits (≤ 10 s) until the process has taken SIGINT into its own hands.
bool catches(int pid) {
    for (int i = 0; i < 1000; ++i) {
        const std::string status = test::Scratch::read("/proc/" + std::to_string(pid) + "/status");
        const std::size_t at = status.find("SigBlk:");
        if (at != std::string::npos && (std::stoull(status.substr(at + 7), nullptr, 16) & 2u) != 0)
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

class Interrupt : public testing::TestWithParam<int> {};

TEST_P(Interrupt, CancelsTheCallAndStillPrintsTheDocument) {
    Running running({"invoke", "probe", "wait", "--verbose"});
    ASSERT_TRUE(running.says("waiting"));
    const auto start = std::chrono::steady_clock::now();
    kill(running.pid(), GetParam());
    const Ended ended = running.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
    EXPECT_EQ(ended.code, 6);
    EXPECT_EQ(ended.document()["outcome"], "cancelled");
    EXPECT_THAT(ended.err, HasSubstr("cancelling"));
}

TEST_P(Interrupt, ASecondOneLeavesAtOnceAndLeavesNoHalfABlob) {
    const test::Scratch scratch;
    Running running(
        {"invoke", "probe", "stubborn", "--verbose", "--save-blob", "out=" + (scratch / "out").string()});
    ASSERT_TRUE(running.says("waiting"));
    EXPECT_EQ(scratch.entries(), 1u);
    kill(running.pid(), GetParam());
    ASSERT_TRUE(running.says("cancelling"));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // sooner it would be the same wish
    kill(running.pid(), GetParam());
    EXPECT_EQ(running.wait().code, 128 + GetParam());
    EXPECT_EQ(scratch.entries(), 0u);
}

TEST_P(Interrupt, EndsTheReadingOfAPipeThatNobodyWritesTo) {
    const test::Scratch scratch;
    const std::string pipe = (scratch / "pipe").string();
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    // One waits for somebody to open the pipe, one for somebody to write.
    for (const bool opened : {false, true}) {
        const int writer = opened ? open(pipe.c_str(), O_RDWR | O_CLOEXEC) : -1;
        Running running({"invoke", "probe", "echo", "--input", pipe});
        ASSERT_TRUE(catches(running.pid()));
        const auto start = std::chrono::steady_clock::now();
        kill(running.pid(), GetParam());
        const Ended ended = running.wait();
        if (writer >= 0) close(writer);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
        EXPECT_EQ(ended.code, 6);
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, HasSubstr("cancelled before anything was started"));
    }
}

TEST(SignalCount, TakesWhatComesWhileItEnds) {
    for (int i = 0; i < 300; ++i) {  // the thread loses the race now and then
        const SignalCount signals([](int, int) {});
        kill(getpid(), SIGTERM);
    }
}

INSTANTIATE_TEST_SUITE_P(Signals, Interrupt, testing::Values(SIGINT, SIGTERM));

}  // namespace
}  // namespace wfc::tool
