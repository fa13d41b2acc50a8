// Who is woken when, where several calls share a connection.
#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

using std::chrono::milliseconds;

/// The client's end of a connection. What it is asked to do happens, and whoever watches is told.
class WatchedStream final : public net::Stream {
  public:
    struct Watch {
        std::function<void()> reading{};                  ///< before anything is read
        std::function<void(std::string_view)> read{};     ///< what was
        std::function<void(std::string_view)> written{};  ///< before write() returns
    };
    WatchedStream(std::unique_ptr<net::Stream> inner, const Watch& watch)
        : inner_(std::move(inner)), watch_(watch) {}

    std::size_t read(char* into, std::size_t capacity, const net::Patience& patience) override {
        watch_.reading();
        const std::size_t count = inner_->read(into, capacity, patience);
        watch_.read({into, count});
        return count;
    }
    void write(std::string_view bytes, const net::Patience& patience) override {
        inner_->write(bytes, patience);
        watch_.written(bytes);
    }
    std::uint64_t bytes_written() const noexcept override { return inner_->bytes_written(); }
    bool has_pending_input() override { return inner_->has_pending_input(); }
    bool ended() override { return inner_->ended(); }
    void start_tls(const net::Trust& trust, const std::string& host, const net::Patience& patience) override {
        inner_->start_tls(trust, host, patience);
    }
    std::optional<net::TlsFacts> tls() const override { return inner_->tls(); }
    std::string peer_address() const override { return inner_->peer_address(); }
    std::string local_address() const override { return inner_->local_address(); }
    void close() noexcept override { inner_->close(); }

  private:
    std::unique_ptr<net::Stream> inner_;
    const Watch& watch_;
};

/// More than may be named before the first is answered: the rest is written by whoever hears the answers.
constexpr std::size_t many = 300;

class LineTalk : public OverPool {
  protected:
    /// How long a body that became due while another call wrote waits behind that.
    std::chrono::steady_clock::duration wait_behind_the_pen();
};

std::chrono::steady_clock::duration LineTalk::wait_behind_the_pen() {
    Gate first_writes, second_listens, all_answered;
    GroupServer server(
        {.offers = "250-PIPELINING\r\n250 CHUNKING", .answer = [&](const auto& heard) -> std::string {
             // Not before the first call has put its pen down and waits.
             if (heard.line == mail && second_listens.wait()) std::this_thread::sleep_for(milliseconds(50));
             return "";
         }});
    std::atomic<bool> named = false;
    std::atomic<std::size_t> answers = 0;
    std::chrono::steady_clock::time_point pen_down, body_sent;
    WatchedStream::Watch watch;
    watch.reading = [&] {
        if (named) second_listens.open();
    };
    watch.read = [&](std::string_view bytes) {
        for (std::size_t at = 0; (at = bytes.find("250 ok", at)) != bytes.npos; ++at) ++answers;
        if (answers == 1 + many) all_answered.open();
    };
    watch.written = [&](std::string_view bytes) {
        const auto now = std::chrono::steady_clock::now();
        if (bytes.find("BDAT") != bytes.npos && body_sent == decltype(now)()) body_sent = now;
        if (bytes.find("<r0@") != bytes.npos) {
            named = true;
            first_writes.open();
            EXPECT_TRUE(second_listens.wait());
        } else if (bytes.find("<r299@") != bytes.npos) {
            EXPECT_TRUE(all_answered.wait());
            std::this_thread::sleep_for(milliseconds(30));  // the first call finds the pen taken
            pen_down = std::chrono::steady_clock::now();
        }
    };
    Route route = route_to(server);
    route.dial = [&](const net::Endpoint& endpoint, const Lines& addresses, const net::Patience& patience) {
        return std::make_unique<WatchedStream>(net::connect(endpoint, addresses, route.egress, patience),
                                               watch);
    };
    Pool pool({.connections = 1});
    Report first;
    std::thread one([&] {
        SmtpTransport transport(route, Partial::report, pool);
        first = transport.deliver(*message_to(many), order_for(many), patience_of(route));
    });
    EXPECT_TRUE(first_writes.wait());
    EXPECT_EQ(sent(route, pool, 1).verdict, Verdict::accepted);
    one.join();
    pool.close();
    EXPECT_EQ(first.verdict, Verdict::accepted);
    EXPECT_GT(body_sent, pen_down);
    return body_sent - pen_down;
}

TEST_F(LineTalk, ABodyThatBecameDueWhileAnotherCallWroteIsSentAsSoonAsThatHasWritten) {
    // Whoever is not woken looks every 200 ms; a machine may stand still for as long, but not each time.
    auto shortest = wait_behind_the_pen();
    for (int again = 0; again < 4 && shortest >= milliseconds(100); ++again)
        shortest = std::min(shortest, wait_behind_the_pen());
    EXPECT_LT(shortest, milliseconds(100));
}

/// A first call that cannot write any more, as its server has stopped reading, and a second one that was put
/// behind it and hears for both.
class StuckPen : public LineTalk {
  protected:
    /// What becomes of the second, which tells `queued` when it waits for another connection. `then`: once
    /// the first has been stuck for two seconds.
    Report behind(
        unsigned connections, const std::function<void(bool)>& queued,
        const std::function<void(const Route&, Pool&)>& then = [](auto&, auto&) {}) {
        Gate first_writes, second_hears;
        std::atomic<bool> stuck = false;
        std::atomic<std::size_t> answers = 0;
        GroupServer server(
            {.offers = "250-PIPELINING\r\n250 CHUNKING", .answer = [&](const auto& heard) -> std::string {
                 if (heard.connection != 1) return "";
                 if (heard.line == mail) first_writes.wait();
                 if (heard.line == "BDAT LAST") goes_on_.wait();
                 return "";
             }});
        WatchedStream::Watch watch;
        watch.reading = [] {};
        watch.read = [&](std::string_view bytes) {
            for (std::size_t at = 0; (at = bytes.find("250 ok", at)) != bytes.npos; ++at) ++answers;
            if (!stuck || answers < 2) return;
            second_hears.open();  // the first does not read
            if (second_stops_ != nullptr) second_stops_->wait();
        };
        watch.written = [&](std::string_view bytes) {
            if (bytes.find("<r0@") == bytes.npos) return;
            stuck = true;
            first_writes.open();
            EXPECT_TRUE(goes_on_.wait());
            stuck = false;
        };
        Route route = route_to(server);
        route.dial = [&](const net::Endpoint& endpoint, const Lines& addresses,
                         const net::Patience& patience) {
            return std::make_unique<WatchedStream>(net::connect(endpoint, addresses, route.egress, patience),
                                                   watch);
        };
        Pool pool({.connections = connections, .messages_per_connection = 3});
        std::thread one([&] { EXPECT_EQ(sent(route, pool, 0).verdict, Verdict::accepted); });
        EXPECT_TRUE(first_writes.wait());
        std::thread time([&] {
            EXPECT_TRUE(second_hears.wait());
            ahead_ms_ += 2'000;
            then(route, pool);
        });
        Order order{.recipients = {1}};
        order.queued = queued;
        SmtpTransport transport(route, Partial::report, pool);
        Report second = transport.deliver(*message_to(3), order,
                                          {route.clock, nullptr, route.clock.monotonic_ms() + 20'000});
        before_the_first_ = stuck;
        goes_on_.open();
        one.join();
        time.join();
        pool.close();
        heard_ = server.heard();
        return second;
    }

    Gate goes_on_;
    Gate* second_stops_ = nullptr;  ///< until this is open, as its machine is slow
    bool before_the_first_ = false;
    std::map<int, Lines> heard_;
};

TEST_F(StuckPen, IsNotWaitedForWhereThereMayBeAnotherConnection) {
    const Report second = behind(2, {});
    EXPECT_EQ(second.verdict, Verdict::accepted);
    EXPECT_TRUE(before_the_first_);
    EXPECT_EQ(second.attempts.size(), 1u) << "nothing of it was said on the first connection";
    EXPECT_EQ(heard_.size(), 2u);
}

TEST_F(StuckPen, LeavesNoAttemptWhereThereMayNotBe) {
    const Report second = behind(1, [&](bool begins) { ahead_ms_ += begins ? 30'000 : 0; });
    EXPECT_EQ(second.verdict, Verdict::failed);
    EXPECT_TRUE(before_the_first_);
    ASSERT_TRUE(second.facts);
    EXPECT_EQ(second.facts->condition, "limit.connections");
    EXPECT_EQ(second.attempts.size(), 0u);
}

/// The connection takes two more messages; there are three.
TEST_F(StuckPen, CostsNobodyItsPlaceInTheQueue) {
    Gate second_waits, third_waits, fourth_waits;
    second_stops_ = &fourth_waits;
    const auto opens = [](Gate& gate) { return [&gate](bool begins) { begins ? gate.open() : void(); }; };
    const Report second = behind(1, opens(second_waits), [&](const Route& route, Pool& pool) {
        const auto later = [&](std::size_t recipient, Gate& waits) {
            return std::thread([&, recipient] {
                Order order{.recipients = {recipient}};
                order.queued = opens(waits);
                EXPECT_EQ(sent(route, pool, order).verdict, Verdict::accepted);
            });
        };
        std::thread third = later(2, third_waits);
        EXPECT_TRUE(third_waits.wait());
        std::thread fourth = later(0, fourth_waits);
        EXPECT_TRUE(second_waits.wait());
        goes_on_.open();
        third.join();
        fourth.join();
    });
    EXPECT_EQ(second.verdict, Verdict::accepted);
    EXPECT_EQ(heard_[2], (Lines{mail, rcpt0, "BDAT LAST", "QUIT"})) << "the last to come";
    EXPECT_EQ(heard_.size(), 2u) << "what was given back was no message of the connection";
}

}  // namespace
}  // namespace mailsend::delivery
