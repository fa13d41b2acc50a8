// What is known of a message counts, whatever becomes of the connection behind it, and is not changed by
// what is said when its call has gone.
#include <sys/ioctl.h>

#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

constexpr const char* chunking = "250-PIPELINING\r\n250 CHUNKING";

/// Refuses MAIL when the client can write no more, and hangs up with its message unread.
class StubbornServer {
  public:
    StubbornServer() {
        const int small = 4096;
        ::setsockopt(listener_.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        thread_ = std::thread([this] {
            for (int client = listener_.accept(); client >= 0; client = listener_.accept()) {
                ++connections_;
                say(client, "220 hi\r\n");
                std::string in;
                if (hear(client, in, "EHLO")) say(client, std::string("250-hi\r\n") + chunking + "\r\n");
                if (hear(client, in, "MAIL")) {
                    await_standstill(client);
                    say(client, "552 5.3.4 too large\r\n");
                }
                ::close(client);
            }
        });
    }
    ~StubbornServer() {
        listener_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return listener_.port(); }
    int connections() const { return connections_; }

  private:
    static void say(int client, const std::string& line) {
        (void)::send(client, line.data(), line.size(), MSG_NOSIGNAL);
    }
    static bool hear(int client, std::string& in, const char* verb) {
        for (char c = 0; in.find(verb) == std::string::npos || in.back() != '\n'; in += c) {
            if (::recv(client, &c, 1, 0) != 1) return false;
        }
        return true;
    }
    /// Where it comes too early the client hears the refusal before it writes on, which is well, too.
    static void await_standstill(int client) {
        int waiting = 0;
        for (int before = -1; before != waiting;) {
            before = waiting;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            ::ioctl(client, FIONREAD, &waiting);
        }
    }

    test::LoopbackListener listener_{16};
    std::atomic<int> connections_ = 0;
    std::thread thread_;
};

class VerdictTest : public OverPool {
  protected:
    using OverPool::route_to;
    Route route_to(std::uint16_t port) {
        Route route;
        route.endpoint = {"127.0.0.1", port, {}};
        route.protection = smtp::Protection::none;
        route.ehlo_name = "client.example.test";
        route.clock = wfc::Clock(&clock());
        return route;
    }
};

TEST_F(VerdictTest, ARefusalCountsWhereTheEndOfTheMessageIsNotAnsweredAnyMore) {
    for (const char* end : {"", "cut", "reset"}) {
        Gate over;
        GroupServer server({.offers = chunking, .answer = [&](const auto& heard) -> std::string {
                                if (heard.line == mail) return "550 5.7.1 no";
                                if (heard.line != "BDAT LAST") return "";
                                if (*end == '\0') over.wait();
                                return end;
                            }});
        Route route = route_to(server);
        route.timeouts.data = 300;
        Pool pool({});
        const Report report = sent(route, pool, 0);
        over.open();
        pool.close();
        EXPECT_EQ(report.verdict, Verdict::rejected) << end;
        ASSERT_TRUE(report.facts && report.facts->reply) << end;
        EXPECT_EQ(report.facts->reply->code, 550);
        EXPECT_EQ(report.attempts.size(), 1u);
        EXPECT_EQ(server.connections(), 1);
    }
}

TEST_F(VerdictTest, ARefusalCountsWhereTheRestOfTheMessageCannotBeWritten) {
    StubbornServer server;
    const Route route = route_to(server.port());
    Draft draft;
    draft.from = parse_mailbox("alice@example.test");
    draft.to = parse_mailbox_list("r0@example.test");
    draft.text = "";
    for (int i = 0; i < 600'000; ++i) *draft.text += "A line of text\n";
    Circumstances circumstances;
    circumstances.message_id = "id@example.test";
    const auto message = compose(draft, circumstances, nullptr);
    Pool pool({});
    SmtpTransport transport(route, Partial::report, pool);
    const Report report = transport.deliver(*message, order_for(1), patience_of(route));
    transport.close(patience_of(route));
    EXPECT_EQ(report.verdict, Verdict::rejected);
    ASSERT_TRUE(report.facts && report.facts->reply);
    EXPECT_EQ(report.facts->reply->code, 552);
    EXPECT_EQ(server.connections(), 1) << "it is not the connection's fault";
}

/// What others hear for it on the connection that they still wait on must not be read while it is written.
TEST_F(VerdictTest, NothingIsChangedByWhatIsAnsweredWhenTheCallHasGone) {
    Gate first_waits, answer, second_at_the_end, third_at_the_end, third_over;
    std::atomic<bool> ended = false, cancelled = false;
    GroupServer server({.offers = chunking, .answer = [&](const auto& heard) -> std::string {
                            if (heard.line == "BDAT LAST" && !ended.exchange(true)) {
                                first_waits.open();
                                EXPECT_TRUE(answer.wait());
                            }
                            return "";
                        }});
    const Route route = route_to(server);
    Pool pool({.connections = 1});
    std::thread first([&] { EXPECT_EQ(sent(route, pool, 2).verdict, Verdict::accepted); });
    EXPECT_TRUE(first_waits.wait());
    Report second;
    std::thread goes([&] {
        Route own = route_to(server);
        own.entered = [&](Stage stage) {
            if (stage == Stage::dot) second_at_the_end.open();
        };
        Order order{.recipients = {0}};
        order.answered = [&](std::span<const RecipientReport>) {  // while the call still looks at what it has
            answer.open();
            EXPECT_TRUE(third_over.wait());
        };
        SmtpTransport transport(own, Partial::report, pool);
        const net::Patience patience(
            own.clock, [&] { return cancelled.load(); }, own.clock.monotonic_ms() + 60'000);
        second = transport.deliver(*message_to(3), order, patience);
    });
    EXPECT_TRUE(second_at_the_end.wait());
    std::thread stays([&] {
        Route own = route_to(server);
        own.entered = [&](Stage stage) {
            if (stage == Stage::dot) third_at_the_end.open();
        };
        EXPECT_EQ(sent(own, pool, 1).verdict, Verdict::accepted) << "it was handed over";
        third_over.open();
    });
    EXPECT_TRUE(third_at_the_end.wait());
    cancelled = true;
    goes.join();
    stays.join();
    first.join();
    pool.close();
    EXPECT_EQ(second.verdict, Verdict::unknown);
    EXPECT_EQ(fates(second), "u");
    EXPECT_FALSE(second.recipients[0].reply);
}

}  // namespace
}  // namespace mailsend::delivery
