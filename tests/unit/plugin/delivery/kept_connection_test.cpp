// A connection that was good for one message, and fails at each place of the next.
#include "over_pool.hpp"

namespace mailsend::delivery {
namespace {

class KeptConnection : public OverPool, public testing::WithParamInterface<const char*> {
  protected:
    static bool chunked() { return std::string_view(GetParam()).ends_with("CHUNKING"); }

    /// Sends one message that is taken, one to which the server answers `what` in the place of its reply to
    /// `line`, and one that is taken again.
    void send_through(const std::string& line, const std::string& what) {
        Gate over;
        std::atomic<bool> kept = false, failed = false;
        GroupServer server({.offers = GetParam(), .answer = [&](const auto& heard) -> std::string {
                                if (!kept || heard.line != line || failed.exchange(true)) return "";
                                if (what != "silence") return what;
                                over.wait();
                                return "cut";
                            }});
        Route route = route_to(server);
        route.timeouts.command = route.timeouts.data = 250;
        Pool pool({.connections = 2});
        EXPECT_EQ(sent(route, pool, 0).verdict, Verdict::accepted);
        kept = true;
        std::string told;
        Order order{.recipients = {1}};
        order.answered = [&](std::span<const RecipientReport> reports) {
            told += "arnu"[static_cast<int>(reports.front().fate)];
        };
        const Report report = sent(route, pool, order);
        EXPECT_TRUE(failed);
        EXPECT_EQ(sent(route, pool, 2).verdict, Verdict::accepted) << "on another connection, if need be";
        over.open();
        pool.close();
        auto delivered = server.delivered();
        EXPECT_EQ(delivered["r0@example.test"], 1);
        EXPECT_EQ(delivered["r2@example.test"], 1);
        check(report, told, delivered["r1@example.test"], line, what);
    }

    static void check(const Report& report, const std::string& told, int times, const std::string& line,
                      const std::string& what) {
        if (report.verdict == Verdict::unknown) {
            EXPECT_TRUE(chunked() || line == ".") << "before that nobody can have it";
            EXPECT_EQ(told, "u");
            EXPECT_LE(times, 1);
            return;
        }
        EXPECT_EQ(times, report.verdict == Verdict::accepted ? 1 : 0);
        if (report.verdict == Verdict::accepted) return;
        ASSERT_TRUE(report.facts);
        if (report.verdict == Verdict::rejected) {
            EXPECT_TRUE(what.starts_with(std::to_string(report.facts->reply->code)));
        } else {
            EXPECT_EQ(report.verdict, Verdict::failed);
            EXPECT_NE(report.facts->condition, "");
        }
    }
};

TEST_P(KeptConnection, ThatFailsAtAnyPlaceNeitherDoublesAMessageNorKeepsTheNextOneBack) {
    const Lines usual{mail, rcpt1, "DATA", "."}, in_chunks{mail, rcpt1, "BDAT LAST"};
    for (const std::string& line : chunked() ? in_chunks : usual) {
        for (const char* what : {"421 4.3.2 going down+cut", "421 4.3.2 going down", "cut", "reset",
                                 "500 what?", "hello", "silence"}) {
            SCOPED_TRACE(line + ": " + what);
            send_through(line, what);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Flows, KeptConnection,
                         testing::Values("250 8BITMIME", "250 PIPELINING", "250-PIPELINING\r\n250 CHUNKING"));

}  // namespace
}  // namespace mailsend::delivery
