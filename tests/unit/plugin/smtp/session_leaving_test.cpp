// 421 before messages that have left whole: whether the server closes, as it must, or goes on all the same.
#include "unit/plugin/smtp/in_flight.hpp"

namespace mailsend::smtp {
namespace {

/// A server that offers CHUNKING, and has two messages when it says 421.
class SessionLeaving : public InFlight {
  protected:
    SessionLeaving() : InFlight("CHUNKING") {}

    void send(Transaction& transaction) {
        server.session.begin(transaction);
        server.session.chunk(transaction, 10, true);
        server.said();
    }
    /// Both messages, and what the server says up to 421.
    void hears(const std::string& replies) {
        send(first);
        send(second);
        server.reply(replies);
        EXPECT_TRUE(server.session.leaving());
        EXPECT_FALSE(server.session.ready() || server.session.may_begin() || server.session.in_step());
    }
    void closes() { EXPECT_THROW(server.session.closed_by_peer(), Failure); }
    void ended() const {
        EXPECT_FALSE(server.session.ready() || server.session.leaving() || server.session.in_step());
        EXPECT_EQ(server.session.in_flight(), 0u);
    }
    static bool unknown(const Transaction& transaction) {
        return transaction.end_of_data_begun && !transaction.done && !transaction.shut_out;
    }

    const std::string taken = "250 reset\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 queued";
};

TEST_F(SessionLeaving, ShutsOutAllThatIsBehind421WhenTheServerCloses) {
    hears("250 ok\r\n250 ok\r\n421 4.3.2 closing");
    EXPECT_FALSE(first.done || first.shut_out || second.shut_out) << "it may still go on";
    closes();
    EXPECT_TRUE(first.done && first.shut_out) << "it was not taken: the server left before";
    EXPECT_EQ(first.recipient_replies.size(), 2u) << "the recipient that was taken does not get it either";
    EXPECT_FALSE(first.accepted_by);
    EXPECT_TRUE(second.end_of_data_begun && second.shut_out);
    ended();
}

TEST_F(SessionLeaving, ShutsThemOutWhenTheConnectionIsReset) {
    hears("421 4.3.2 closing");
    server.session.lost();
    EXPECT_TRUE(first.done) << "MAIL was refused";
    EXPECT_TRUE(second.shut_out);
    ended();
}

TEST_F(SessionLeaving, BelievesAServerThatGoesOnWhateverItSaid) {
    hears("250 ok\r\n250 ok\r\n421 4.7.0 this one later");
    server.reply("250 queued for bob\r\n" + taken);
    EXPECT_EQ(first.accepted_by->lines.front(), "250 queued for bob");
    EXPECT_EQ(first.recipient_replies[1]->code, 421);
    EXPECT_EQ(second.accepted_by->lines.front(), "250 queued");
    ended();
}

TEST_F(SessionLeaving, EndsWithTheLastMessageThatHadLeft) {
    hears("250 ok\r\n250 ok\r\n250 ok\r\n421 4.3.0 this one not");
    EXPECT_EQ(first.refused_at, Stage::dot);
    EXPECT_TRUE(first.done);
    server.reply("250 reset\r\n250 ok\r\n250 ok\r\n250 ok");
    EXPECT_TRUE(server.session.leaving());
    server.reply("554 5.7.1 nor this");
    EXPECT_EQ(second.refusal->code, 554);
    ended();
}

TEST_F(SessionLeaving, LeavesUnknownWhatAServerThatWentOnDoesNotAnswer) {
    hears("421 4.3.2 closing");
    server.reply(
        "503 5.5.1 MAIL first\r\n503 5.5.1 MAIL first\r\n503 5.5.1 MAIL first\r\n250 reset\r\n250 ok");
    closes();
    EXPECT_TRUE(first.done);
    EXPECT_TRUE(unknown(second)) << "it did not leave where it said it would";
    ended();
}

TEST_F(SessionLeaving, ShutsOutWhatIsBehindThe421AfterWhichTheServerDoesClose) {
    Transaction third = to_two();
    send(third);
    hears("250 ok\r\n250 ok\r\n250 ok\r\n421 4.3.2 later");
    EXPECT_EQ(third.refusal->code, 421);
    server.reply("250 reset\r\n421 4.3.2 and now goodbye");
    closes();
    EXPECT_EQ(first.refusal->code, 421);
    EXPECT_TRUE(second.shut_out);
}

TEST_F(SessionLeaving, LeavesUnknownWhatFollowsGarbage) {
    hears("421 4.3.2 closing");
    EXPECT_EQ(server.fails_on("what?\r\n").condition, "protocol.garbage");
    EXPECT_TRUE(unknown(second));
    ended();
}

TEST_F(SessionLeaving, DoesNotTakeWhatIsSaidInAnEnvelopeThatRsetMayNotHaveEnded) {
    hears("250 ok\r\n250 ok\r\n250 ok\r\n250 queued\r\n421 4.3.2 closing");
    EXPECT_TRUE(first.accepted_by);
    EXPECT_EQ(server.fails_on("250 ok\r\n").condition, "protocol.garbage");
    EXPECT_TRUE(unknown(second));
    ended();
}

TEST_F(SessionLeaving, NorWhenTheServerSays421Again) {
    hears("250 ok\r\n250 ok\r\n250 ok\r\n250 queued\r\n421 4.3.2 closing");
    server.reply("421 4.3.2 closing, closing");
    EXPECT_EQ(server.fails_on("250 ok\r\n").condition, "protocol.garbage");
    EXPECT_TRUE(unknown(second)) << "its recipients may have come into the envelope before";
    ended();
}

TEST_F(SessionLeaving, ShutsOutTheMessageWhoseRsetHeard421) {
    hears("250 ok\r\n250 ok\r\n250 ok\r\n250 queued\r\n421 4.3.2 closing");
    closes();
    EXPECT_TRUE(second.shut_out);
}

TEST_F(SessionLeaving, SaysNothingMoreOfAMessageThatHasNotLeftWhole) {
    send(first);
    server.session.begin(second);
    server.session.chunk(second, 10, false);
    server.reply("250 ok\r\n421 4.3.2 closing");
    EXPECT_TRUE(server.session.output().empty());
    EXPECT_FALSE(server.session.may_send_body(second));
    EXPECT_EQ(server.session.in_flight(), 1u);
    server.session.abandon(second);
    server.reply("250 ok\r\n250 queued for bob");
    EXPECT_TRUE(first.accepted_by);
    EXPECT_FALSE(second.done || second.end_of_data_begun);
    ended();
}

TEST_F(SessionLeaving, WaitsForNothingWhereNoMessageIsInDoubt) {
    server.session.begin(first);
    server.session.chunk(first, 10, false);
    server.said();
    server.reply("250 ok\r\n421 4.3.2 closing");
    EXPECT_TRUE(first.done);
    ended();
}

}  // namespace
}  // namespace mailsend::smtp
