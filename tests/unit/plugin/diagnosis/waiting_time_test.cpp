#include "diagnosis/waiting_time.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mailsend::diagnosis {
namespace {

using namespace std::chrono_literals;

TEST(WaitingTimes, AreReadFromTheWordsOfServers) {
    EXPECT_EQ(waiting_time("Greylisted, please try again in 300 seconds"), 300s);
    EXPECT_EQ(waiting_time("Too many connections. Retry after 5 minutes."), 5min);
    EXPECT_EQ(waiting_time("please WAIT 2 Hours"), 2h);
    EXPECT_EQ(waiting_time("Try again later (in 90s)"), 90s);
    EXPECT_EQ(waiting_time("come back in 1 min; thanks"), 1min);
    EXPECT_EQ(waiting_time("retry in 15-minutes"), 15min);
    EXPECT_EQ(waiting_time("try again in 1 hour(s)"), 1h);
    EXPECT_EQ(waiting_time("try again in 1 day"), 24h);
    EXPECT_EQ(waiting_time("again. Please wait 10 minutes"), 10min);
    EXPECT_EQ(waiting_time("please wait, then try again after 30 secs"), 30s);
}

TEST(WaitingTimes, AreNotMadeUp) {
    for (const char* none : {"", "Please try again later.", "wait", "300 seconds", "try again at 10:30",
                             "try again in 0 seconds", "try again in 99999 hours", "try again in 2 days",
                             "try again in 123456 seconds", "wait 300", "wait 300 ms", "wait 300 messages",
                             "againx 300 seconds", "await 300 seconds", "try again. The limit is 300 seconds",
                             "try again with v2 hours", "wait 5hoursx", "wait 5 "}) {
        EXPECT_EQ(waiting_time(none), std::nullopt) << none;
    }
    EXPECT_EQ(waiting_time("again" + std::string(100, ' ') + "5 minutes"), std::nullopt);
}

}  // namespace
}  // namespace mailsend::diagnosis
