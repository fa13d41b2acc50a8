#include <chrono>
#include <csignal>
#include <gmock/gmock.h>
#include <thread>

#include "run_wfc.hpp"

namespace wfc::tool {
namespace {

using test::Ended;
using test::Running;
using testing::HasSubstr;

class Interrupt : public testing::TestWithParam<int> {};

TEST_P(Interrupt, CancelsTheCallAndStillPrintsTheDocument) {
    Running running({"invoke", "probe", "wait"});
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
    Running running({"invoke", "probe", "stubborn", "--save-blob", "out=" + (scratch / "out").string()});
    ASSERT_TRUE(running.says("waiting"));
    EXPECT_EQ(scratch.entries(), 1u);
    kill(running.pid(), GetParam());
    ASSERT_TRUE(running.says("cancelling"));
    kill(running.pid(), GetParam());
    EXPECT_EQ(running.wait().code, 128 + GetParam());
    EXPECT_EQ(scratch.entries(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Signals, Interrupt, testing::Values(SIGINT, SIGTERM));

}  // namespace
}  // namespace wfc::tool
