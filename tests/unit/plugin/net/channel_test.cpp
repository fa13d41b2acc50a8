#include "net/channel.hpp"

#include <array>
#include <csignal>
#include <future>
#include <gmock/gmock.h>
#include <pthread.h>
#include <sys/socket.h>

#include "peer.hpp"

namespace {

using mailsend::Cancelled;
using mailsend::net::Stream;
using mailsend::net::TimedOut;
using test::facts_of;
using test::patience;
using namespace std::chrono_literals;

std::string read_some(Stream& stream, std::chrono::milliseconds limit = 10s) {
    std::array<char, 4096> bytes{};
    return {bytes.data(), stream.read(bytes.data(), bytes.size(), patience(limit))};
}

/// Until the peer has closed.
std::string read_all(Stream& stream) {
    std::string all;
    for (;;) {
        const std::string some = read_some(stream);
        if (some.empty()) return all;
        all += some;
    }
}

const std::string much(8U << 20U, 'x');

TEST(PlainStream, CarriesBytesBothWays) {
    std::string heard;
    test::Peer peer([&](int connection) {
        test::say(connection, "220 ready\r\n");
        std::array<char, 6> bytes{};
        ::recv(connection, bytes.data(), bytes.size(), MSG_WAITALL);
        heard.assign(bytes.data(), bytes.size());
    });
    const auto stream = peer.connect();
    EXPECT_EQ(read_some(*stream), "220 ready\r\n");
    stream->write("EHLO\r\n", patience());
    EXPECT_EQ(read_some(*stream), "");
    peer.finish();
    EXPECT_EQ(heard, "EHLO\r\n");
}

TEST(PlainStream, WritesMoreThanTheKernelTakesAtOnce) {
    std::size_t heard = 0;
    test::Peer peer([&](int connection) { heard = test::drain(connection).size(); });
    const auto stream = peer.connect();
    stream->write(much, patience());
    stream->close();
    peer.finish();
    EXPECT_EQ(heard, much.size());
}

TEST(PlainStream, SeesInputWithoutTakingIt) {
    test::Peer peer([](int connection) {
        test::say(connection, "x");
        test::drain(connection);
    });
    const auto stream = peer.connect();
    for (int i = 0; i < 100 && !stream->has_pending_input(); ++i) std::this_thread::sleep_for(10ms);
    EXPECT_TRUE(stream->has_pending_input());
    EXPECT_EQ(read_some(*stream), "x");
    EXPECT_FALSE(stream->has_pending_input());
    EXPECT_EQ(stream->heard(), Stream::Heard::nothing);
}

TEST(PlainStream, SeesTheEndBehindInputThatNobodyHasReadYet) {
    for (const bool half : {false, true}) {
        std::promise<void> goes;
        std::promise<void> gone;
        test::Peer peer([&](int connection) {
            test::say(connection, "x");
            goes.get_future().wait();
            ::shutdown(connection, half ? SHUT_WR : SHUT_RDWR);
            gone.set_value();
            if (half) test::drain(connection);
        });
        const auto stream = peer.connect();
        for (int i = 0; i < 500 && !stream->has_pending_input(); ++i) std::this_thread::sleep_for(10ms);
        EXPECT_FALSE(stream->ended());
        EXPECT_EQ(stream->heard(), Stream::Heard::input);
        goes.set_value();
        gone.get_future().wait();
        for (int i = 0; i < 500 && !stream->ended(); ++i) std::this_thread::sleep_for(10ms);
        EXPECT_TRUE(stream->ended());
        EXPECT_EQ(stream->heard(), Stream::Heard::end);
        EXPECT_EQ(read_some(*stream), "x");
        EXPECT_EQ(read_some(*stream), "");
    }
}

TEST(PlainStream, TakesAResetAndItsOwnEndForAnEnd) {
    test::Peer peer([](int connection) { test::reset(connection); });
    const auto stream = peer.connect();
    peer.finish();
    EXPECT_TRUE(stream->ended());
    EXPECT_EQ(facts_of([&] { read_some(*stream); }).condition, "conn.reset");
    stream->close();
    EXPECT_TRUE(stream->ended());
}

TEST(PlainStream, CallsAResetByItsName) {
    test::Peer peer([](int connection) { test::reset(connection); });
    const auto stream = peer.connect();
    EXPECT_EQ(facts_of([&] { read_some(*stream); }).condition, "conn.reset");
}

TEST(PlainStream, StillReadsWhatWasSaidBeforeTheReset) {
    test::Peer peer([](int connection) {
        test::say(connection, "421 too many connections\r\n");
        std::this_thread::sleep_for(50ms);
        // Closing with unread input makes the kernel send RST.
    });
    const auto stream = peer.connect();
    const auto facts = facts_of([&] {
        for (;;) stream->write(much, patience());
    });
    EXPECT_EQ(facts.condition, "conn.reset");
    EXPECT_EQ(read_some(*stream), "421 too many connections\r\n");
}

TEST(PlainStream, SurvivesAResetPeerWithSigpipeAtItsDefault) {
    sigset_t pipe{};
    sigset_t before{};
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    const auto disposition = ::signal(SIGPIPE, SIG_DFL);
    ::pthread_sigmask(SIG_UNBLOCK, &pipe, &before);

    test::Peer peer([](int connection) { test::reset(connection); });
    const auto stream = peer.connect();
    peer.finish();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(facts_of([&] {
                      for (;;) stream->write("QUIT\r\n", patience());
                  }).condition,
                  "conn.reset");
    }

    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGPIPE, disposition);
}

TEST(PlainStream, IsCancelledWhileReading) {
    test::Peer peer([](int connection) { test::drain(connection); });
    const auto stream = peer.connect();
    std::array<char, 16> bytes{};
    const double took = test::elapsed_ms(
        [&] { EXPECT_THROW(stream->read(bytes.data(), bytes.size(), patience(10s, 100ms)), Cancelled); });
    EXPECT_LT(took, 1000);
}

TEST(PlainStream, EndsAReadAtTheDeadline) {
    test::Peer peer([](int connection) { test::drain(connection); });
    const auto stream = peer.connect();
    const double took = test::elapsed_ms([&] { EXPECT_THROW(read_some(*stream, 300ms), TimedOut); });
    EXPECT_GE(took, 290);
    EXPECT_LT(took, 1000);
}

TEST(PlainStream, IsCancelledWhileThePeerDoesNotRead) {
    test::Peer peer([](int) { std::this_thread::sleep_for(1500ms); });
    const auto stream = peer.connect();
    const double took = test::elapsed_ms([&] {
        EXPECT_THROW(
            {
                for (;;) stream->write(much, patience(10s, 200ms));
            },
            Cancelled);
    });
    EXPECT_LT(took, 1000);
}

TEST(PlainStream, IsClosedForGoodByClose) {
    test::Peer peer([](int connection) { test::drain(connection); });
    const auto stream = peer.connect();
    stream->close();
    stream->close();
    EXPECT_FALSE(stream->has_pending_input());
    EXPECT_EQ(facts_of([&] { stream->write("x", patience()); }).condition, "conn.reset");
    EXPECT_EQ(facts_of([&] { read_some(*stream); }).condition, "conn.reset");
}

TEST(PlainStream, ReadsUntilTheEnd) {
    test::Peer peer([](int connection) {
        for (const char c : std::string("one byte at a time")) {
            test::say(connection, std::string(1, c));
            std::this_thread::sleep_for(2ms);
        }
    });
    const auto stream = peer.connect();
    EXPECT_EQ(read_all(*stream), "one byte at a time");
}

}  // namespace
