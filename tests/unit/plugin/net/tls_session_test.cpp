#include <array>
#include <csignal>
#include <ctime>
#include <future>
#include <gmock/gmock.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "peer.hpp"

namespace {

using mailsend::Cancelled;
using mailsend::net::Stream;
using mailsend::net::TimedOut;
using mailsend::net::TlsVersion;
using mailsend::net::Trust;
using test::facts_of;
using test::patience;
using test::Peer;
using namespace std::chrono_literals;

const std::string much(8U << 20U, 'x');

class TlsStream : public testing::Test {
  protected:
    /// A server that has done its handshake when `then` runs.
    Peer::Serve serve(std::function<void(int, test::TlsAccept&)> then) {
        return
            [certificate = authority_.issue({"mail.example.test"}), then = std::move(then)](int connection) {
                test::TlsAccept tls(connection, certificate);
                ASSERT_TRUE(tls.accept());
                then(connection, tls);
            };
    }
    std::unique_ptr<Stream> encrypted(const Peer& peer) {
        auto stream = peer.connect();
        stream->start_tls(trust_, "mail.example.test", patience());
        return stream;
    }
    static std::string read_some(Stream& stream, std::size_t most = 4096) {
        std::string bytes(most, '\0');
        bytes.resize(stream.read(bytes.data(), bytes.size(), patience()));
        return bytes;
    }

    inbox::Authority authority_;
    Trust trust_{authority_.certificate_pem(), TlsVersion::tls1_2};
};

/// What another library on this thread may leave behind.
void leave_an_error_in_the_queue() {
    BIO* const none = BIO_new_file("/nonexistent/certificate.pem", "r");
    ASSERT_EQ(none, nullptr);
    ASSERT_NE(ERR_peek_error(), 0U);
}

TEST_F(TlsStream, CarriesBytesBothWays) {
    std::string heard;
    Peer peer(serve([&](int, test::TlsAccept& tls) {
        heard = tls.read();
        tls.write("250 ok\r\n");
    }));
    const auto stream = encrypted(peer);
    stream->write("NOOP\r\n", patience());
    EXPECT_EQ(read_some(*stream), "250 ok\r\n");
    EXPECT_EQ(heard, "NOOP\r\n");
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(TlsStream, GivesOutTheRestOfARecordWithoutWaiting) {
    Peer peer(serve([](int connection, test::TlsAccept& tls) {
        tls.write(std::string(16000, 'r'));
        test::drain(connection);
    }));
    const auto stream = encrypted(peer);
    EXPECT_EQ(read_some(*stream, 100).size(), 100U);
    EXPECT_TRUE(stream->has_pending_input());
    EXPECT_EQ(stream->heard(), Stream::Heard::input);
    const double took = test::elapsed_ms([&] { EXPECT_EQ(read_some(*stream, 15900).size(), 15900U); });
    EXPECT_LT(took, 1000);
}

TEST_F(TlsStream, TakesSessionTicketsForNoEndAndSeesTheEndBehindThem) {
    std::promise<void> goes;
    Peer peer(serve([&](int, test::TlsAccept&) { goes.get_future().wait(); }));
    const auto stream = encrypted(peer);
    for (int i = 0; i < 500 && !stream->has_pending_input(); ++i) std::this_thread::sleep_for(10ms);
    EXPECT_TRUE(stream->has_pending_input());
    EXPECT_FALSE(stream->ended());
    EXPECT_EQ(stream->heard(), Stream::Heard::input);
    goes.set_value();
    peer.finish();
    EXPECT_TRUE(stream->ended());
    EXPECT_EQ(read_some(*stream), "");
}

TEST_F(TlsStream, TakesACloseNotifyThatWasReadForAnEnd) {
    std::promise<void> over;
    Peer peer(serve([&](int, test::TlsAccept& tls) {
        SSL_shutdown(tls.get());
        over.get_future().wait();
    }));
    const auto stream = encrypted(peer);
    EXPECT_EQ(read_some(*stream), "");
    EXPECT_TRUE(stream->ended());
    EXPECT_EQ(stream->heard(), Stream::Heard::end);
    over.set_value();
}

TEST_F(TlsStream, WritesMoreThanTheKernelTakesAtOnce) {
    std::size_t heard = 0;
    Peer peer(serve([&](int, test::TlsAccept& tls) {
        for (;;) {
            const std::size_t count = tls.read().size();
            if (count == 0) return;
            heard += count;
        }
    }));
    const auto stream = encrypted(peer);
    stream->write(much, patience());
    stream->close();
    peer.finish();
    EXPECT_EQ(heard, much.size());
}

TEST_F(TlsStream, SaysGoodbyeAndDoesNotWaitForTheAnswer) {
    int shutdown = 0;
    Peer peer(serve([&](int, test::TlsAccept& tls) {
        tls.read();
        shutdown = SSL_get_shutdown(tls.get());
        std::this_thread::sleep_for(1500ms);
    }));
    const auto stream = encrypted(peer);
    EXPECT_LT(test::elapsed_ms([&] { stream->close(); }), 800);
    peer.finish();
    EXPECT_NE(shutdown & SSL_RECEIVED_SHUTDOWN, 0);
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(TlsStream, EndsWithCloseNotifyAndWithoutItAlike) {
    for (const bool polite : {true, false}) {
        Peer peer(serve([polite](int, test::TlsAccept& tls) {
            tls.write("221 bye\r\n");
            if (polite) SSL_shutdown(tls.get());
        }));
        const auto stream = encrypted(peer);
        EXPECT_EQ(read_some(*stream), "221 bye\r\n");
        EXPECT_EQ(read_some(*stream), "");
        EXPECT_EQ(ERR_peek_error(), 0U);
    }
}

TEST_F(TlsStream, CallsAResetByItsName) {
    Peer peer(serve([](int connection, test::TlsAccept&) { test::reset(connection); }));
    const auto stream = encrypted(peer);
    EXPECT_EQ(facts_of([&] { read_some(*stream); }).condition, "conn.reset");
}

TEST_F(TlsStream, StillReadsWhatWasSaidBeforeTheReset) {
    Peer peer(serve([](int, test::TlsAccept& tls) {
        tls.write("421 too many connections\r\n");
        std::this_thread::sleep_for(50ms);
    }));
    const auto stream = encrypted(peer);
    EXPECT_EQ(facts_of([&] {
                  for (;;) stream->write(much, patience());
              }).condition,
              "conn.reset");
    EXPECT_EQ(read_some(*stream), "421 too many connections\r\n");
}

TEST_F(TlsStream, SurvivesAResetPeerWithSigpipeAtItsDefault) {
    Peer peer(serve([](int connection, test::TlsAccept&) { test::reset(connection); }));
    const auto stream = encrypted(peer);
    peer.finish();

    sigset_t pipe{};
    sigset_t before{};
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    const auto disposition = ::signal(SIGPIPE, SIG_DFL);
    ::pthread_sigmask(SIG_UNBLOCK, &pipe, &before);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(facts_of([&] {
                      for (;;) stream->write("QUIT\r\n", patience());
                  }).condition,
                  "conn.reset");
    }
    stream->close();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGPIPE, disposition);
}

TEST_F(TlsStream, IsNotMisledByErrorsOfOthersOnTheSameThread) {
    Peer peer(serve([](int connection, test::TlsAccept&) { test::drain(connection); }));
    const auto stream = encrypted(peer);
    leave_an_error_in_the_queue();
    const std::clock_t before = std::clock();
    const double took = test::elapsed_ms([&] {
        std::array<char, 16> bytes{};
        EXPECT_THROW(stream->read(bytes.data(), bytes.size(), patience(10s, 400ms)), Cancelled);
    });
    const double cpu_ms = 1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    EXPECT_GE(took, 390);
    EXPECT_LT(took, 1000);
    EXPECT_LT(cpu_ms, 200) << "the read spun";
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(TlsStream, IsCancelledWhileReadingAndEndsAtTheDeadline) {
    Peer peer(serve([](int connection, test::TlsAccept&) { test::drain(connection); }));
    const auto stream = encrypted(peer);
    std::array<char, 16> bytes{};
    const double took = test::elapsed_ms([&] {
        EXPECT_THROW(stream->read(bytes.data(), bytes.size(), patience(10s, 100ms)), Cancelled);
        EXPECT_THROW(stream->read(bytes.data(), bytes.size(), patience(100ms)), TimedOut);
    });
    EXPECT_LT(took, 1000);
}

TEST_F(TlsStream, IsCancelledWhileThePeerDoesNotRead) {
    Peer peer(serve([](int, test::TlsAccept&) { std::this_thread::sleep_for(1500ms); }));
    const auto stream = encrypted(peer);
    const double took = test::elapsed_ms([&] {
        EXPECT_THROW(
            {
                for (;;) stream->write(much, patience(10s, 200ms));
            },
            Cancelled);
    });
    EXPECT_LT(took, 1000);
}

TEST_F(TlsStream, OutlivesTheTrustItBeganWith) {
    Peer peer(serve([](int, test::TlsAccept& tls) { tls.write("220 hello\r\n"); }));
    auto trust = std::make_unique<Trust>(authority_.certificate_pem(), TlsVersion::tls1_2);
    const auto stream = peer.connect();
    stream->start_tls(*trust, "mail.example.test", patience());
    trust.reset();
    EXPECT_EQ(read_some(*stream), "220 hello\r\n");
}

}  // namespace
