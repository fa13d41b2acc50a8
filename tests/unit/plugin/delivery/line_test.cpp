// Several calls on one connection: who writes what, and what one means for the others.
#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

class LineTest : public OverPool {
  protected:
    /// Sends to r0 and, while that message is about to end, to r1: there is one connection, and the second
    /// waits for it.
    std::pair<Report, Report> two(const Route& route, Pool& pool) {
        Gate first_ends, second_waits;
        std::pair<Report, Report> reports;
        Order first{.recipients = {0}};
        first.ending = [&](const auto&) {
            first_ends.open();
            EXPECT_TRUE(second_waits.wait());
        };
        std::thread one([&] { reports.first = sent(route, pool, first); });
        EXPECT_TRUE(first_ends.wait());
        Order second{.recipients = {1}};
        second.queued = [&](bool begins) {
            if (begins) second_waits.open();
        };
        reports.second = sent(route, pool, second);
        second_waits.open();
        one.join();
        return reports;
    }
    std::pair<Report, Report> two(const GroupServer& server) {
        Pool pool({.connections = 1});
        const auto reports = two(route_to(server), pool);
        pool.close();
        return reports;
    }
    std::atomic<bool> scanned_ = false;
};

TEST_F(LineTest, WhoeverEndsABodyAlsoWritesTheNextCallsCommands) {
    std::atomic<bool> together = false;
    GroupServer server({.answer = [&](const auto& heard) -> std::string {
        if (heard.line == ".") together = together || heard.more;
        return "";
    }});
    const auto [first, second] = two(server);
    EXPECT_EQ(first.verdict, Verdict::accepted);
    EXPECT_EQ(second.verdict, Verdict::accepted);
    EXPECT_TRUE(second.attempts.at(0).reused);
    EXPECT_EQ(server.heard()[1],
              (Lines{mail, rcpt0, "DATA", "<message>", mail, rcpt1, "DATA", "<message>", "QUIT"}));
    EXPECT_TRUE(together) << "the next MAIL came with the end of data";
}

TEST_F(LineTest, WithoutPipeliningTheNextCallWaitsForTheReply) {
    GroupServer server({.offers = "250 8BITMIME", .answer = [&](const auto& heard) -> std::string {
                            EXPECT_FALSE(heard.more) << heard.line;
                            return "";
                        }});
    const auto [first, second] = two(server);
    EXPECT_EQ(second.verdict, Verdict::accepted);
    EXPECT_EQ(server.heard()[1].size(), 9u);
}

TEST_F(LineTest, WhoeverHasHandedOverBehindAMessageThatTakesItsTimeWaitsAsLongAsThatMay) {
    GroupServer server(
        {.offers = "250-PIPELINING\r\n250 CHUNKING", .answer = [&](const auto& heard) -> std::string {
             if (heard.line == "BDAT LAST" && !scanned_.exchange(true))
                 std::this_thread::sleep_for(std::chrono::milliseconds(900));
             return "";
         }});
    Route route = route_to(server);
    route.timeouts.command = 300;
    route.timeouts.data = 10'000;
    Pool pool({.connections = 1});
    const auto [first, second] = two(route, pool);
    pool.close();
    EXPECT_EQ(first.verdict, Verdict::accepted);
    EXPECT_EQ(second.verdict, Verdict::accepted) << (second.facts ? second.facts->sentence : "");
}

TEST_F(LineTest, NobodyIsPutBehindAMessageThatTheServerHangsOn) {
    const std::string chunks = "250-PIPELINING\r\n250 CHUNKING";
    for (const auto& [offers, place] :
         {std::pair{std::string("250 PIPELINING"), std::string(".")}, {chunks, mail}}) {
        Gate hangs, goes_on;
        std::atomic<bool> answered = false;
        GroupServer server({.offers = offers, .answer = [&, at = place](const auto& heard) -> std::string {
                                if (heard.connection != 1 || heard.line != at) return "";
                                hangs.open();
                                EXPECT_TRUE(goes_on.wait());
                                return "";
                            }});
        const Route route = route_to(server);
        Pool pool({.connections = 2});
        std::thread one([&] {
            EXPECT_EQ(sent(route, pool, 0).verdict, Verdict::accepted);
            answered = true;
        });
        EXPECT_TRUE(hangs.wait());
        ahead_ms_ += 2'000;
        EXPECT_EQ(sent(route, pool, 1).verdict, Verdict::accepted) << offers;
        EXPECT_FALSE(answered) << offers;
        goes_on.open();
        one.join();
        pool.close();
        EXPECT_EQ(server.connections(), 2);
    }
}

TEST_F(LineTest, A421RetiresTheConnectionWithoutFailingTheCallBehind) {
    for (const char* offers : {"250 PIPELINING", "250-PIPELINING\r\n250 CHUNKING"}) {
        GroupServer server({.offers = offers, .answer = [&](const auto& heard) -> std::string {
                                const bool end = heard.line == "." || heard.line == "BDAT LAST";
                                return end && heard.connection == 1 ? "421 4.3.2 going down+cut" : "";
                            }});
        const auto [first, second] = two(server);
        EXPECT_EQ(first.verdict, Verdict::rejected);
        EXPECT_EQ(first.facts->reply->code, 421);
        EXPECT_EQ(second.verdict, Verdict::accepted) << offers;
        EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r1@example.test", 1}}));
    }
}

TEST_F(LineTest, AServerThatSays421AndGoesOnAllTheSameIsGivenNoMessageTwice) {
    GroupServer server(
        {.offers = "250-PIPELINING\r\n250 CHUNKING", .answer = [&](const auto& heard) -> std::string {
             if (heard.line != "BDAT LAST" || scanned_.exchange(true)) return "";
             std::this_thread::sleep_for(std::chrono::milliseconds(200));  // the other one leaves meanwhile
             return "421 4.3.2 this one later";
         }});
    const auto [first, second] = two(server);
    EXPECT_EQ(first.verdict, Verdict::rejected);
    EXPECT_EQ(first.facts->reply->code, 421);
    EXPECT_EQ(second.verdict, Verdict::accepted);
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r1@example.test", 1}}));
}

TEST_F(LineTest, AMessageInChunksLeavesWithItsCommands) {
    std::atomic<int> groups = 0;
    GroupServer server(
        {.offers = "250-PIPELINING\r\n250 CHUNKING", .answer = [&](const auto& heard) -> std::string {
             if (heard.line.starts_with("MAIL")) groups += heard.more ? 1 : 0;
             return "";
         }});
    const Route route = route_to(server);
    Pool pool({});
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(sent(route, pool, i).verdict, Verdict::accepted);
    pool.close();
    EXPECT_EQ(groups, 3);
    EXPECT_EQ(server.heard()[1],
              (Lines{mail, rcpt0, "BDAT LAST", mail, rcpt1, "BDAT LAST", mail, rcpt2, "BDAT LAST", "QUIT"}));
}

/// Whoever is behind one for whom there is no room may be taken all the same.
TEST_F(LineTest, TheLedgerHearsOfEverybodyAlsoBehindOneForWhomThereIsNoRoom) {
    for (const char* offers : {"250 PIPELINING", "250-PIPELINING\r\n250 CHUNKING"}) {
        GroupServer server({.offers = offers, .answer = [](const auto& heard) -> std::string {
                                return heard.line == rcpt1 ? "452 4.5.3 Too many recipients" : "";
                            }});
        const Route route = route_to(server);
        Pool pool({});
        Order order = order_for(3);
        order.ending = [](const auto&) {};
        std::string told;
        order.answered = [&](std::span<const RecipientReport> reports) {
            for (const RecipientReport& one : reports) {
                told += std::to_string(one.place);
                told += "arnu"[static_cast<int>(one.fate)];
            }
        };
        const Report report = sent(route, pool, order);
        pool.close();
        EXPECT_EQ(report.verdict, Verdict::accepted);
        EXPECT_EQ(report.left_over, (std::vector<std::size_t>{1}));
        EXPECT_EQ(told, "0a1n2a") << offers;
        EXPECT_EQ(server.delivered(),
                  (std::map<std::string, int>{{"r0@example.test", 1}, {"r2@example.test", 1}}));
    }
}

TEST_F(LineTest, AfterASilenceTheLastChunkWaitsForTheReplyToMail) {
    GroupServer server(
        {.offers = "250-PIPELINING\r\n250 CHUNKING", .answer = [&](const auto& heard) -> std::string {
             if (heard.line != mail || heard.connection != 1) return "";
             return ahead_ms_ > 0 ? "cut" : "";
         }});
    const Route route = route_to(server);
    Pool pool({});
    sent(route, pool, 0);
    ahead_ms_ = 5'000;
    const Report report = sent(route, pool, 1);
    EXPECT_EQ(report.verdict, Verdict::accepted) << "and not unknown";
    EXPECT_EQ(report.attempts.size(), 2u);
    pool.close();
}

TEST_F(LineTest, ACallThatStopsInsideItsBodyMovesTheOthers) {
    GroupServer server({});
    const Route route = route_to(server);
    Pool pool({.connections = 1});
    Gate in_body, second_waits;
    std::atomic<bool> cancelled = false;
    Order first{.recipients = {0}};
    first.ending = [&](const auto&) {
        in_body.open();
        second_waits.wait();
        cancelled = true;
    };
    std::thread one([&] {
        SmtpTransport transport(route, Partial::report, pool);
        const net::Patience patience(
            route.clock, [&] { return cancelled.load(); }, route.clock.monotonic_ms() + 60'000);
        EXPECT_EQ(transport.deliver(*message_to(1), first, patience).verdict, Verdict::cancelled);
    });
    EXPECT_TRUE(in_body.wait());
    Order second{.recipients = {1}};
    second.queued = [&](bool) { second_waits.open(); };
    EXPECT_EQ(sent(route, pool, second).verdict, Verdict::accepted);
    one.join();
    pool.close();
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r1@example.test", 1}}));
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(LineTest, AServerThatLosesItsWayInAGroupIsSpokenToInLockstep) {
    GroupServer server({.answer = [&](const auto& heard) -> std::string {
        return heard.line == mail && heard.more ? "250 ok+cut" : "";
    }});
    const Route route = route_to(server);
    Pool pool({});
    const Report first = sent(route, pool, 0);
    EXPECT_EQ(first.verdict, Verdict::accepted);
    EXPECT_EQ(first.attempts.size(), 2u);
    EXPECT_EQ(sent(route, pool, 1).verdict, Verdict::accepted);
    pool.close();
    const auto heard = server.heard();
    EXPECT_EQ(heard.at(1), (Lines{mail}));
    EXPECT_EQ(heard.at(2).size(), 9u);
    EXPECT_EQ(server.delivered().size(), 2u);
}

TEST_F(LineTest, AServerThatDoesNotKnowBdatAfterAllIsGivenData) {
    GroupServer server(
        {.offers = "250-PIPELINING\r\n250 CHUNKING", .answer = [&](const auto& heard) -> std::string {
             return heard.line.starts_with("BDAT") ? "502 not implemented" : "";
         }});
    const Route route = route_to(server);
    Pool pool({});
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(sent(route, pool, i).verdict, Verdict::accepted);
    pool.close();
    EXPECT_EQ(server.heard()[1], (Lines{mail, rcpt0, "BDAT LAST", "RSET", mail, rcpt0, "DATA", "<message>",
                                        mail, rcpt1, "DATA", "<message>", "QUIT"}));
    EXPECT_EQ(server.delivered().size(), 2u);
}

}  // namespace
}  // namespace mailsend::delivery
