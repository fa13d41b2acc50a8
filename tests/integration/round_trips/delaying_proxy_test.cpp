// The counter of round trips, with a server and clients that say single letters.
#include "round_trips/delaying_proxy.hpp"

#include <gtest/gtest.h>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;
using test::DelayingProxy;
using test::LoopbackListener;
using test::Waits;

void say(int fd, const std::string& text) {
    ASSERT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

/// So many bytes, or what came before the end.
std::string hear(int fd, std::size_t count) {
    std::string text(count, '\0');
    std::size_t got = 0;
    while (got < count) {
        const ssize_t n = ::recv(fd, text.data() + got, count - got, 0);
        if (n <= 0) break;
        got += static_cast<std::size_t>(n);
    }
    text.resize(got);
    return text;
}

/// Greets with one byte if it is told to, then answers each byte with the same.
class Echo {
  public:
    explicit Echo(bool greets) {
        thread_ = std::thread([this, greets] {
            const int fd = listener_.accept();
            if (fd < 0) return;
            if (greets) say(fd, "g");
            for (std::string byte = hear(fd, 1); !byte.empty(); byte = hear(fd, 1)) say(fd, byte);
            ::close(fd);
        });
    }
    ~Echo() {
        listener_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return listener_.port(); }

  private:
    LoopbackListener listener_{4};
    std::thread thread_;
};

class Client {
  public:
    explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ~Client() { ::close(fd_); }
    int fd() const { return fd_; }

  private:
    int fd_;
};

TEST(DelayingProxy, CountsTheHandshakeTheGreetingAndEachAnswerThatIsWaitedFor) {
    const Echo server(true);
    const DelayingProxy proxy(server.port(), 5ms);
    const auto began = std::chrono::steady_clock::now();
    const Client client(proxy.port());
    EXPECT_EQ(hear(client.fd(), 1), "g");
    for (const char* const letter : {"a", "b", "c"}) {
        say(client.fd(), letter);
        EXPECT_EQ(hear(client.fd(), 1), letter);
    }
    const Waits waits = proxy.waits();
    EXPECT_EQ(waits.connections, 1);
    EXPECT_EQ(waits.greetings, 1);
    EXPECT_EQ(waits.turns, 3);
    EXPECT_GE(std::chrono::steady_clock::now() - began, waits.round_trips() * 10ms) << "each costs its time";
}

TEST(DelayingProxy, CountsWhatIsSaidTogetherOnceHoweverManyPiecesItHas) {
    const Echo server(true);
    const DelayingProxy proxy(server.port(), 50ms);
    const Client client(proxy.port());
    EXPECT_EQ(hear(client.fd(), 1), "g");
    for (const char* const letter : {"a", "b", "c"}) say(client.fd(), letter);
    EXPECT_EQ(hear(client.fd(), 3), "abc");
    EXPECT_EQ(proxy.waits().turns, 1);
}

TEST(DelayingProxy, CountsNoGreetingWhereTheClientSpeaksFirst) {
    const Echo server(false);
    const DelayingProxy proxy(server.port(), 5ms);
    const Client client(proxy.port());
    say(client.fd(), "a");
    EXPECT_EQ(hear(client.fd(), 1), "a");
    EXPECT_EQ(proxy.waits().greetings, 0);
    EXPECT_EQ(proxy.waits().round_trips(), 2);
}

TEST(DelayingProxy, PassesOnTheEndOfEitherSide) {
    const Echo server(true);
    const DelayingProxy proxy(server.port(), 1ms);
    const Client client(proxy.port());
    EXPECT_EQ(hear(client.fd(), 1), "g");
    ::shutdown(client.fd(), SHUT_WR);
    EXPECT_EQ(hear(client.fd(), 1), "") << "the server ended when it heard so";
}

TEST(DelayingProxy, EndsAClientWhoseServerIsNotThere) {
    std::uint16_t nobody = 0;
    { nobody = LoopbackListener(1).port(); }
    const DelayingProxy proxy(nobody, 1ms);
    const Client client(proxy.port());
    EXPECT_EQ(hear(client.fd(), 1), "");
}

TEST(DelayingProxy, CarriesMoreThanASocketHoldsAtOnce) {
    const Echo server(false);
    const DelayingProxy proxy(server.port(), 1ms);
    const Client client(proxy.port());
    const std::string much(200'000, 'x');
    std::thread writer([&] { say(client.fd(), much); });
    EXPECT_EQ(hear(client.fd(), much.size()).size(), much.size());
    writer.join();
}

}  // namespace
