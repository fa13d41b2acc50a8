// The end of data where somebody has to note first that it is about to leave: what goes wrong before it has
// left is no unknown outcome.
#include <span>

#include "over_smtp.hpp"

namespace mailsend::delivery {
namespace {

class Ending : public OverSmtp {
  protected:
    /// Notes that the end is near not before the server has done what it was told.
    Order order_that_waits_for(ScriptServer& server) {
        Order order = order_for(1);
        order.ending = [&](const std::vector<std::size_t>&) {
            told_ += "ending ";
            EXPECT_TRUE(server.interrupt_now()) << "the whole body was to be written before";
        };
        order.answered = [this](std::span<const RecipientReport> reports) {
            told_ += "arnu"[static_cast<int>(reports.front().fate)];
        };
        return order;
    }
    std::string told_;
};

TEST_F(Ending, IsWithheldFromAServerThatHasGoneMeanwhile) {
    for (const bool hard : {false, true}) {
        told_.clear();
        ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go",
                              hard ? "after Hello: reset" : "after Hello: cut"}});
        const Report report = delivered(route_to(server), {order_that_waits_for(server)})[0];
        EXPECT_EQ(report.verdict, Verdict::failed);
        EXPECT_EQ(fates(report), "n");
        EXPECT_EQ(report.facts->stage, Stage::data);
        EXPECT_EQ(report.facts->condition, hard ? "data.reset" : "conn.closed");
        EXPECT_EQ(told_, "ending n") << "the ledger opens them again";
        EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, "DATA", "<body>"}));
    }
}

TEST_F(Ending, IsWithheldFromAServerThatHasRefusedMeanwhile) {
    for (const char* refusal : {"after Hello: 552 5.3.4 Too large", "after Hello: 552 5.3.4 Too large+cut"}) {
        told_.clear();
        ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", refusal}});
        const Report report = delivered(route_to(server), {order_that_waits_for(server)})[0];
        EXPECT_EQ(report.verdict, Verdict::rejected);
        EXPECT_EQ(report.facts->stage, Stage::data);
        EXPECT_EQ(report.facts->reply->code, 552);
        EXPECT_EQ(told_, "ending r");
        const Lines heard = server.heard();
        EXPECT_TRUE(heard.back() == "<body>" || heard.back() == "<end>") << "no dot: " << heard.back();
    }
}

TEST_F(Ending, IsWithheldWhereTheCallIsCancelledMeanwhile) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken"}});
    bool cancelled = false;
    Order order = order_for(1);
    order.ending = [&](const std::vector<std::size_t>&) { cancelled = true; };
    order.answered = [&](std::span<const RecipientReport> reports) {
        told_ += "arnu"[static_cast<int>(reports.front().fate)];
    };
    const Route route = route_to(server);
    SmtpTransport transport(route, Partial::report);
    const net::Patience patience(
        route.clock, [&] { return cancelled; }, route.clock.monotonic_ms() + 60'000);
    EXPECT_EQ(transport.deliver(*message_to(1), order, patience).verdict, Verdict::cancelled);
    EXPECT_EQ(told_, "n");
    EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, "DATA", "<cut off>"}));
}

/// Larger than what is written at once.
TEST_F(Ending, ComesBehindTheLastOfALongBody) {
    ScriptServer server({{"220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken"}});
    const auto message = long_message_to("r0@example.test");
    const Route route = route_to(server);
    SmtpTransport transport(route, Partial::report);
    Order order = order_for(1);
    std::array<char, 16> bytes{};
    order.ending = [&](const std::vector<std::size_t>&) {
        told_ = message->read(bytes.data(), bytes.size()) == 0 ? "all was read" : "there is more";
    };
    EXPECT_EQ(transport.deliver(*message, order, patience_of(route)).verdict, Verdict::accepted);
    transport.close(patience_of(route));
    EXPECT_EQ(told_, "all was read");
    EXPECT_EQ(server.heard(), (Lines{"<connection>", mail, rcpt0, "DATA", "<message>", "QUIT"}));
}

}  // namespace
}  // namespace mailsend::delivery
