// Which connection a message goes on, and how long one is kept.
#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

class PoolTest : public OverPool {};

TEST_F(PoolTest, ASessionIsKeptForTheNextCallAndLeftPolitely) {
    GroupServer server({});
    const Route route = route_to(server);
    Pool pool({});
    EXPECT_FALSE(sent(route, pool, 0).attempts.at(0).reused);
    const Report second = sent(route, pool, 1);
    EXPECT_TRUE(second.attempts.at(0).reused);
    EXPECT_EQ(second.attempts[0].address, "127.0.0.1");
    EXPECT_EQ(second.verdict, Verdict::accepted);
    pool.close();
    EXPECT_EQ(server.heard()[1],
              (Lines{mail, rcpt0, "DATA", "<message>", mail, rcpt1, "DATA", "<message>", "QUIT"}));
}

TEST_F(PoolTest, ASessionIsNeverUsedByAnotherLogin) {
    GroupServer server({.offers = "250-PIPELINING\r\n250 AUTH PLAIN"});
    Pool pool({});
    const auto as = [&](const char* user, const char* password) {
        Route route = route_to(server);
        route.allow_cleartext_auth = true;
        route.credentials = {.username = user, .password = wfc::SecretString(password)};
        return sent(route, pool, 0).attempts.at(0).reused;
    };
    EXPECT_FALSE(as("alice", "secret"));
    EXPECT_FALSE(as("bob", "secret"));
    EXPECT_FALSE(as("alice", "other"));
    EXPECT_TRUE(as("alice", "secret"));
    Route route = route_to(server);
    EXPECT_FALSE(sent(route, pool, 0).attempts.at(0).reused) << "without a login";
    route.certificate = &route;
    EXPECT_FALSE(sent(route, pool, 0).attempts.at(0).reused) << "with a client certificate";
    pool.close();
}

TEST_F(PoolTest, AConnectionHasNoMoreMessagesThanAllowed) {
    GroupServer server({});
    const Route route = route_to(server);
    Pool pool({.messages_per_connection = 2});
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(sent(route, pool, i).verdict, Verdict::accepted);
    pool.close();
    const auto heard = server.heard();
    EXPECT_EQ(heard.at(1).size(), 9u);
    EXPECT_EQ(heard.at(1).back(), "QUIT");
    EXPECT_EQ(heard.at(2), (Lines{mail, rcpt2, "DATA", "<message>", "QUIT"}));
}

TEST_F(PoolTest, AConnectionThatWasIdleForTooLongIsNotUsed) {
    GroupServer server({});
    const Route route = route_to(server);
    Pool pool({.idle_timeout_ms = 10'000});
    sent(route, pool, 0);
    ahead_ms_ = 9'000;
    EXPECT_TRUE(sent(route, pool, 0).attempts.at(0).reused);
    ahead_ms_ = 20'000;
    EXPECT_FALSE(sent(route, pool, 0).attempts.at(0).reused);
    pool.close();
}

TEST_F(PoolTest, WithoutAnIdleTimeNothingIsKept) {
    GroupServer server({});
    const Route route = route_to(server);
    Pool pool({.idle_timeout_ms = 0});
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(sent(route, pool, 0).attempts.at(0).reused);
    EXPECT_EQ(server.heard().at(1).back(), "QUIT");
}

TEST_F(PoolTest, AConnectionThatTheServerHasClosedMeanwhileIsNotUsed) {
    GroupServer server({.answer = [&](const auto& heard) -> std::string {
        if (heard.line != ".") return "";
        return heard.connection == 1 ? "250 taken+cut" : "";
    }});
    const Route route = route_to(server);
    Pool pool({});
    sent(route, pool, 0);
    const Report report = sent(route, pool, 1);
    EXPECT_EQ(report.verdict, Verdict::accepted);
    pool.close();
    EXPECT_EQ(server.delivered(),
              (std::map<std::string, int>{{"r0@example.test", 1}, {"r1@example.test", 1}}));
}

TEST_F(PoolTest, AnotherLoginTakesTheRoomOfAnIdleConnection) {
    GroupServer server({.offers = "250-PIPELINING\r\n250 AUTH PLAIN"});
    Pool pool({.connections = 1});
    sent(route_to(server), pool, 0);
    Route route = route_to(server);
    route.allow_cleartext_auth = true;
    route.credentials = {.username = "alice", .password = wfc::SecretString("secret")};
    EXPECT_EQ(sent(route, pool, 1).verdict, Verdict::accepted);
    pool.close();
    EXPECT_EQ(server.heard().at(1).back(), "QUIT");
}

TEST_F(PoolTest, ACallWaitsForAConnectionNoLongerThanItMay) {
    Gate over;
    std::atomic<bool> taken = false;
    GroupServer server({.offers = "250 8BITMIME", .answer = [&](const auto& heard) -> std::string {
                            if (heard.line == ".") {
                                taken = true;
                                over.wait();
                            }
                            return "";
                        }});
    const Route route = route_to(server);
    Pool pool({.connections = 1});
    std::thread first([&] { EXPECT_EQ(sent(route, pool, 0).verdict, Verdict::accepted); });
    while (!taken) std::this_thread::yield();
    Order order = order_for(1);
    std::string told;
    order.queued = [&](bool begins) { told += begins ? "(" : ")"; };
    SmtpTransport transport(route, Partial::report, pool);
    const net::Patience patience(route.clock, nullptr, route.clock.monotonic_ms() + 300);
    const Report report = transport.deliver(*message_to(1), order, patience);
    EXPECT_EQ(report.verdict, Verdict::failed);
    EXPECT_EQ(report.facts->condition, "limit.connections");
    EXPECT_TRUE(report.attempts.empty());
    EXPECT_TRUE(told.starts_with("(") && told.ends_with(")")) << told;
    over.open();
    first.join();
    transport.close(patience);
    pool.close();
}

class PoolHeldUpTest : public PoolTest {
  protected:
    /// What a call is told that waits for the only connection, while another one is held up in opening it by
    /// what `hold` sets.
    Facts told_beside(const std::function<void(Route&, Order&, const std::function<void()>& held)>& hold) {
        GroupServer server({});
        const Route route = route_to(server);
        Pool pool({.connections = 1});
        Gate waited, opening;
        Route slow = route_to(server);
        Order order = order_for(1);
        hold(slow, order, [&] {
            opening.open();
            waited.wait();
        });
        std::thread first([&] {
            SmtpTransport transport(slow, Partial::report, pool);
            EXPECT_EQ(transport.deliver(*message_to(1), order, patience_of(route)).verdict,
                      Verdict::accepted);
        });
        opening.wait();
        SmtpTransport transport(route, Partial::report, pool);
        const net::Patience little(route.clock, nullptr, route.clock.monotonic_ms() + 100);
        const Report report = transport.deliver(*message_to(1), order_for(1), little);
        waited.open();
        first.join();
        pool.close();
        return report.facts.value();
    }
};

TEST_F(PoolHeldUpTest, AConnectionThatIsStillBeingOpenedAtTheDeadlineIsNotCalledInUse) {
    const Facts told = told_beside([](Route& route, Order&, const std::function<void()>& held) {
        route.entered = [held](Stage stage) {
            if (stage == Stage::greeting) held();
        };
    });
    EXPECT_EQ(told.condition, "deadline.passed");
    EXPECT_EQ(told.sentence, "the deadline passed while connecting");
}

TEST_F(PoolHeldUpTest, OneThatWaitsForTheConnectionsOfOtherProcessesIs) {
    const Facts told = told_beside([](Route&, Order& order, const std::function<void()>& held) {
        order.leave = [held](const auto&, const auto&) -> std::unique_ptr<Leave> {
            held();
            return nullptr;
        };
    });
    EXPECT_EQ(told.condition, "limit.connections");
}

TEST_F(PoolTest, TheLeaveToHaveAConnectionEndsWithASignInThatFails) {
    class Counted final : public Leave {
      public:
        explicit Counted(int& count) : count_(count) { ++count_; }
        ~Counted() override { --count_; }
        Counted(const Counted&) = delete;
        Counted& operator=(const Counted&) = delete;
        void keep_alive() noexcept override {}

      private:
        int& count_;
    };
    GroupServer server({.answer = [](const auto& heard) -> std::string {
        return heard.line.starts_with("EHLO") ? "550 5.7.1 no" : "";
    }});
    const Route route = route_to(server);
    Pool pool({});
    SmtpTransport transport(route, Partial::report, pool);
    int given = 0, held = 0;
    Order order = order_for(1);
    order.leave = [&](const auto&, const auto&) {
        ++given;
        return std::make_unique<Counted>(held);
    };
    EXPECT_EQ(transport.deliver(*message_to(1), order, patience_of(route)).verdict, Verdict::failed);
    EXPECT_EQ(given, 1);
    EXPECT_EQ(held, 0) << "others may have it, while this one waits to try again";
    transport.close(patience_of(route));
}

TEST_F(PoolTest, ACallThatIsWokenAgainAndAgainStillHearsThatItIsCancelled) {
    Gate in_body, may_end;
    GroupServer server({.offers = "250-PIPELINING\r\n250 AUTH PLAIN"});
    const Route route = route_to(server);
    Pool pool({.connections = 3, .messages_per_connection = 2});
    std::thread busy([&] {
        Order order{.recipients = {0}};
        order.ending = [&](const auto&) {
            in_body.open();
            may_end.wait();
        };
        sent(route, pool, order);
    });
    EXPECT_TRUE(in_body.wait());
    std::atomic<bool> over = false, others_go_on = true;
    std::thread others([&] {  // they give connections back all the time, of which each call is told
        Route other = route_to(server);
        other.allow_cleartext_auth = true;
        other.credentials = {.username = "alice", .password = wfc::SecretString("secret")};
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (!over && std::chrono::steady_clock::now() < end) sent(other, pool, 2);
        others_go_on = false;
    });
    std::atomic<bool> cancelled = false;
    Order order{.recipients = {1}};
    order.leave = [](const auto&, const auto&) -> std::unique_ptr<Leave> {
        throw Failure(Stage::connect, "limit.connections", "no more for this login");
    };
    order.queued = [&](bool begins) { cancelled = cancelled || begins; };
    SmtpTransport transport(route, Partial::report, pool);
    const net::Patience patience(
        route.clock, [&] { return cancelled.load(); }, route.clock.monotonic_ms() + 60'000);
    EXPECT_EQ(transport.deliver(*message_to(3), order, patience).verdict, Verdict::cancelled);
    EXPECT_TRUE(others_go_on) << "it did not wait for a pause of theirs";
    over = true;
    others.join();
    may_end.open();
    busy.join();
    transport.close(patience);
    pool.close();
}

TEST_F(PoolTest, AServerThatHangsUpBehindTheSignInIsNotSignedInToOverAndOver) {
    GroupServer server({.answer = [](const auto& heard) -> std::string {
        return heard.line.starts_with("EHLO") ? "250 PIPELINING+cut" : "";
    }});
    const Route route = route_to(server);
    Pool pool({});
    const Report report = sent(route, pool, 0);
    pool.close();
    EXPECT_EQ(report.verdict, Verdict::failed);
    EXPECT_LE(server.connections(), 3);
}

}  // namespace
}  // namespace mailsend::delivery
