// A message that is moved from one connection to the next because of others, again and again.
#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

/// Counts, for threads that wait for each other.
class Count {
  public:
    void add() {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    /// False when it does not come to `least` within 10 s.
    bool wait(int least) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return count_ >= least; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

class Moves : public OverPool, public testing::WithParamInterface<const char*> {
  protected:
    /// So many tries a message has at most.
    static constexpr int most = 65;

    struct Result {
        Report report;
        std::string told;  ///< to the ledger: "(" ending, then the fate
    };

    /// Sends a message to r0 that comes behind another one on each connection; the server ends `bad` of these
    /// connections with 421 to the other one.
    Result sent_behind_others(GroupServer& server, int bad) {
        const Route route = route_to(server);
        Pool pool({.connections = 1});
        Count ahead, waiting;
        std::thread others([&] {
            for (int n = 1; n <= bad; ++n) {
                Order order{.recipients = {0}};
                order.ending = [&](const auto&) {
                    ahead.add();
                    EXPECT_TRUE(waiting.wait(n));
                };
                SmtpTransport transport(route, Partial::report, pool);
                const Report report =
                    transport.deliver(*long_message_to("long@example.test"), order, patience_of(route));
                EXPECT_EQ(report.verdict, Verdict::rejected) << n;
            }
        });
        int round = 1;
        EXPECT_TRUE(ahead.wait(round));
        WatchedMessage message(message_to(1));
        message.rewound = [&] { EXPECT_TRUE(++round > bad || ahead.wait(round)); };
        Result result;
        Order order{.recipients = {0}};
        order.queued = [&](bool begins) {
            if (begins) waiting.add();
        };
        order.ending = [&](const auto&) { result.told += '('; };
        order.answered = [&](std::span<const RecipientReport> reports) {
            result.told += "arnu"[static_cast<int>(reports.front().fate)];
        };
        SmtpTransport transport(route, Partial::report, pool);
        result.report = transport.deliver(message, order, patience_of(route));
        others.join();
        transport.close(patience_of(route));
        pool.close();
        return result;
    }
    static std::string going_down(const GroupServer::Heard& heard, int bad) {
        const bool end = heard.line == "." || heard.line == "BDAT LAST";
        return end && heard.connection <= bad ? "421 4.3.2 going down+cut" : "";
    }
    static std::string times(int count, const std::string& what) {
        std::string all;
        for (int i = 0; i < count; ++i) all += what;
        return all;
    }
};

TEST_P(Moves, EndAfterSixtyFourWithAFailureThatSaysWhyAndNothingIsSent) {
    GroupServer server(
        {.offers = GetParam(), .answer = [](const auto& heard) { return going_down(heard, most); }});
    const auto [report, told] = sent_behind_others(server, most);
    EXPECT_EQ(report.verdict, Verdict::failed);
    EXPECT_EQ(fates(report), "n");
    ASSERT_TRUE(report.facts);
    EXPECT_EQ(report.facts->condition, "conn.closed");
    EXPECT_EQ(report.facts->details.at("host"), "127.0.0.1");
    EXPECT_NE(report.facts->sentence, "");
    EXPECT_EQ(report.recipients[0].facts->condition, "conn.closed");
    EXPECT_LE(report.attempts.size(), std::size_t{most});
    EXPECT_FALSE(report.attempts.back().facts) << "they stand in the report";
    EXPECT_EQ(told, times(most, "(n")) << "noted for each connection, and opened again";
    EXPECT_EQ(server.connections(), most);
    EXPECT_TRUE(server.delivered().empty());
}

TEST_P(Moves, ThatEndInTimeSendItOnce) {
    constexpr int bad = 3;
    GroupServer server(
        {.offers = GetParam(), .answer = [](const auto& heard) { return going_down(heard, bad); }});
    const auto [report, told] = sent_behind_others(server, bad);
    EXPECT_EQ(report.verdict, Verdict::accepted);
    EXPECT_EQ(told, times(bad, "(n") + "(a");
    for (std::size_t i = 0; i + 1 < report.attempts.size(); ++i) {
        ASSERT_TRUE(report.attempts[i].facts);
        EXPECT_EQ(report.attempts[i].facts->condition, "conn.closed");
    }
    EXPECT_EQ(server.delivered(), (std::map<std::string, int>{{"r0@example.test", 1}}));
}

INSTANTIATE_TEST_SUITE_P(Flows, Moves, testing::Values("250 PIPELINING", "250-PIPELINING\r\n250 CHUNKING"));

}  // namespace
}  // namespace mailsend::delivery
