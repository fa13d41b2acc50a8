#include "metrics/endpoint.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <memory>
#include <netinet/in.h>
#include <new>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace wfc::metrics {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

/// A reader on the loopback that waits a minute at most.
class Reader {
  public:
    explicit Reader(const Endpoint& endpoint) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const timeval minute{60, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.address().port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("cannot connect");
    }
    void say(std::string_view bytes) const {
        if (send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0)
            throw std::runtime_error("gone");
    }
    std::string hear() const {
        std::string out;
        char chunk[4096];
        for (ssize_t n = 0; (n = recv(socket_.get(), chunk, sizeof chunk, 0)) > 0;)
            out.append(chunk, static_cast<std::size_t>(n));
        return out;
    }

  private:
    Descriptor socket_;
};

const std::string asks = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
const ListenAddress any_port{"127.0.0.1", 0, false};

TEST(Endpoint, TellsWhatIsCountedEachTime) {
    int count = 0;  // of the endpoint's thread alone until it ends
    {
        const Endpoint endpoint(any_port, [&count] { return "n " + std::to_string(++count) + "\n"; });
        EXPECT_NE(endpoint.address().port, 0);
        EXPECT_EQ(endpoint.url(), "http://127.0.0.1:" + std::to_string(endpoint.address().port) + "/metrics");
        for (const char* expected : {"n 1\n", "n 2\n"}) {
            const Reader reader(endpoint);
            reader.say(asks);
            EXPECT_THAT(reader.hear(), EndsWith(expected));
        }
    }
    EXPECT_EQ(count, 2);
}

TEST(Endpoint, TellsMuchToAReaderThatTakesItsTime) {
    const std::string much(4 << 20, 'x');
    const Endpoint endpoint(any_port, [&much] { return much; });
    const Reader slow(endpoint), fast(endpoint);
    slow.say(asks);
    fast.say(asks);
    EXPECT_GT(fast.hear().size(), much.size());
    EXPECT_GT(slow.hear().size(), much.size());
}

TEST(Endpoint, LetsTheOldestConnectionGiveWay) {
    const Endpoint endpoint(any_port, [] { return std::string("n 1\n"); });
    std::vector<Reader> idle;
    idle.reserve(Endpoint::most_connections + 4);
    for (std::size_t i = 0; i < Endpoint::most_connections + 4; ++i) idle.emplace_back(endpoint);
    const Reader reader(endpoint);
    reader.say(asks);
    EXPECT_THAT(reader.hear(), HasSubstr("200 OK"));
    EXPECT_EQ(idle.front().hear(), "");
}

TEST(Endpoint, GoesOnWhereTheFiguresCannotBeMade) {
    bool fails = true;  // of the endpoint's thread alone
    const Endpoint endpoint(any_port, [&fails] {
        if (std::exchange(fails, false)) throw std::bad_alloc();
        return std::string("n 1\n");
    });
    const Reader first(endpoint);
    first.say(asks);
    EXPECT_EQ(first.hear(), "");
    const Reader second(endpoint);
    second.say(asks);
    EXPECT_THAT(second.hear(), EndsWith("n 1\n"));
}

TEST(Endpoint, EndsThoughSomebodyIsConnected) {
    auto endpoint = std::make_unique<Endpoint>(any_port, [] { return std::string(); });
    const Reader reader(*endpoint);
    reader.say("GET");
    endpoint.reset();
    EXPECT_EQ(reader.hear(), "");
}

TEST(Endpoint, SaysThatAnotherListens) {
    const Endpoint endpoint(any_port, [] { return std::string(); });
    try {
        const Endpoint second(endpoint.address(), [] { return std::string(); });
        FAIL() << "two listen at one port";
    } catch (const CannotListen& fault) {
        EXPECT_TRUE(fault.taken());
        EXPECT_EQ(fault.address(), endpoint.address().text());
    }
}

}  // namespace
}  // namespace wfc::metrics
