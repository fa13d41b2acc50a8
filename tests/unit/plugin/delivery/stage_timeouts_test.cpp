// Each time-out of the settings ends its own stage and no other.
#include <array>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

#include "delivery/smtp_transport.hpp"
#include "message/message.hpp"
#include "support/loopback_listener.hpp"

namespace mailsend::delivery {
namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t short_ms = 200;
constexpr std::uint64_t long_ms = 60'000;

const wfc_clock& real_clock() {
    static const wfc_clock table = [] {
        wfc_clock clock{};
        clock.struct_size = sizeof clock;
        clock.monotonic_ms = [](void*) noexcept -> std::uint64_t {
            return static_cast<std::uint64_t>(
                std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now().time_since_epoch())
                    .count());
        };
        return clock;
    }();
    return table;
}

/// Says one line of `lines` at the beginning and after each thing it hears, then nothing more.
class Falling {
  public:
    explicit Falling(std::vector<std::string> lines) : lines_(std::move(lines)) {
        thread_ = std::thread([this] {
            const int client = listener_.accept();
            if (client < 0) return;
            std::array<char, 64 * 1024> bytes{};
            for (const std::string& line : lines_) {
                (void)::send(client, line.data(), line.size(), MSG_NOSIGNAL);
                if (::recv(client, bytes.data(), bytes.size(), 0) <= 0) break;
            }
            while (::recv(client, bytes.data(), bytes.size(), 0) > 0) {
            }
            ::close(client);
        });
    }
    ~Falling() {
        listener_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return listener_.port(); }

  private:
    std::vector<std::string> lines_;
    test::LoopbackListener listener_{1};
    std::thread thread_;
};

Route route_to(std::uint16_t port) {
    Route route;
    route.endpoint = {"127.0.0.1", port, {}};
    route.protection = smtp::Protection::none;
    route.ehlo_name = "client.example.test";
    route.timeouts = {long_ms, long_ms, long_ms, long_ms};
    route.trust = [] { return std::make_shared<const net::Trust>(net::TrustTerms{.pin_sha256 = "unused"}); };
    route.clock = wfc::Clock(&real_clock());
    return route;
}

Report sent(const Route& route) {
    Draft draft;
    draft.from = parse_mailbox("alice@example.test");
    draft.to = parse_mailbox_list("bob@example.test");
    draft.text = "Hello";
    Circumstances circumstances;
    circumstances.message_id = "id@example.test";
    const auto message = compose(draft, circumstances, nullptr);
    const net::Patience patience(route.clock, nullptr, route.clock.monotonic_ms() + long_ms);
    SmtpTransport transport(route, Partial::report);
    return transport.deliver(*message, {.recipients = {0}}, patience);
}

/// The report of a delivery that ended because of its time-out: long before any other.
Report timed_out_soon(const Route& route) {
    const auto begun = steady_clock::now();
    Report report = sent(route);
    EXPECT_LT(steady_clock::now() - begun, std::chrono::milliseconds(long_ms / 2));
    EXPECT_TRUE(report.facts);
    return report;
}

TEST(StageTimeouts, OfConnectingEndsASilentConnect) {
    const test::LoopbackListener full(0);
    std::array<int, 3> queued{};
    for (int& fd : queued) {
        fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        ::connect(fd, full.address(), sizeof(sockaddr_in));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    Route route = route_to(full.port());
    route.timeouts.connect = short_ms;
    const Report report = timed_out_soon(route);
    EXPECT_EQ(report.facts->condition, "conn.timeout");
    EXPECT_EQ(report.facts->stage, Stage::connect);
    for (const int fd : queued) ::close(fd);
}

TEST(StageTimeouts, OfConnectingEndsAHandshakeToo) {
    const Falling server({});
    Route route = route_to(server.port());
    route.protection = smtp::Protection::implicit_tls;
    route.timeouts.connect = short_ms;
    const Report report = timed_out_soon(route);
    EXPECT_EQ(report.facts->condition, "tls.timeout");
    EXPECT_EQ(report.facts->stage, Stage::tls);
}

TEST(StageTimeouts, OfConnectingEndsAProxyThatDoesNotAnswer) {
    const Falling proxy({});
    Route route = route_to(25);
    route.proxy = net::Endpoint{"127.0.0.1", proxy.port(), {}};
    route.timeouts.connect = short_ms;
    const Report report = timed_out_soon(route);
    EXPECT_EQ(report.facts->condition, "proxy.timeout");
    EXPECT_EQ(report.facts->stage, Stage::connect);
}

TEST(StageTimeouts, OfTheGreetingEndsTheWaitForIt) {
    const Falling server({});
    Route route = route_to(server.port());
    route.timeouts.greeting = short_ms;
    const Report report = timed_out_soon(route);
    EXPECT_EQ(report.facts->condition, "greet.timeout");
    EXPECT_EQ(report.facts->stage, Stage::greeting);
}

TEST(StageTimeouts, OfCommandsEndTheWaitForEachReply) {
    for (const auto& [lines, stage] :
         {std::pair(std::vector<std::string>{"220 hello\r\n"}, Stage::ehlo),
          std::pair(std::vector<std::string>{"220 hello\r\n", "250 hello\r\n"}, Stage::mail),
          std::pair(std::vector<std::string>{"220 hello\r\n", "250 hello\r\n", "250 ok\r\n"}, Stage::rcpt)}) {
        const Falling server(lines);
        Route route = route_to(server.port());
        route.timeouts.command = short_ms;
        const Report report = timed_out_soon(route);
        EXPECT_EQ(report.facts->condition, "idle.timeout");
        EXPECT_EQ(report.facts->stage, stage);
        EXPECT_EQ(report.facts->details.at("seconds"), "1");
    }
}

TEST(StageTimeouts, OfDataEndTheWaitForTheLastReply) {
    const Falling server({"220 hello\r\n", "250 hello\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"});
    Route route = route_to(server.port());
    route.timeouts.data = short_ms;
    const Report report = timed_out_soon(route);
    EXPECT_EQ(report.verdict, Verdict::unknown);
    EXPECT_EQ(report.facts->stage, Stage::dot);
    EXPECT_NE(report.facts->sentence.find("timed out after 1 s"), std::string::npos)
        << report.facts->sentence;
}

}  // namespace
}  // namespace mailsend::delivery
