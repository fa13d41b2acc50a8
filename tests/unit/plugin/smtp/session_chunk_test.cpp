// CHUNKING (RFC 3030): the message leaves with its envelope, behind any number of others.
#include <stdexcept>

#include "unit/plugin/smtp/in_flight.hpp"

namespace mailsend::smtp {
namespace {

/// A server that offers PIPELINING and CHUNKING.
class SessionChunk : public InFlight {
  protected:
    SessionChunk() : InFlight("CHUNKING") {}

    std::string chunk(Transaction& transaction, std::uint64_t octets, bool last) {
        server.session.chunk(transaction, octets, last);
        return server.said();
    }
    /// All that is said of a message of ten octets.
    std::string send(Transaction& transaction) {
        server.session.begin(transaction);
        return chunk(transaction, 10, true);
    }
};

TEST_F(SessionChunk, SaysAllOfAMessageBeforeAReply) {
    EXPECT_EQ(server.session.flow(), Flow::chunked);
    server.session.begin(first);
    ASSERT_TRUE(server.session.may_send_body(first));
    server.session.chunk(first, 1234, false);
    server.session.chunk(first, 0, true);
    EXPECT_EQ(server.said(), mail + two + "BDAT 1234\r\nBDAT 0 LAST");
    EXPECT_TRUE(first.end_of_data_begun);
    EXPECT_FALSE(server.session.may_send_body(first));
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n250 1234 octets\r\n250 queued");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.accepted_by->lines.front(), "250 queued");
    EXPECT_TRUE(server.session.in_step());
}

TEST_F(SessionChunk, NeedsPipelining) {
    Dialogue other(in_clear());
    other.reply("220 hello");
    other.reply("250-mail\r\n250 CHUNKING");
    EXPECT_EQ(other.session.flow(), Flow::lockstep);
}

TEST_F(SessionChunk, IsForgoneWhereItIsNotWanted) {
    server.session.forgo(false, true);
    EXPECT_EQ(server.session.flow(), Flow::pipelined);
    server.session.forgo(true, false);
    EXPECT_EQ(server.session.flow(), Flow::lockstep);
    SessionOptions options = in_clear();
    options.chunking = false;
    Dialogue other(options);
    other.reply("220 hello");
    other.reply("250-mail\r\n250-PIPELINING\r\n250 CHUNKING");
    EXPECT_EQ(other.session.flow(), Flow::pipelined);
}

TEST_F(SessionChunk, GoesOnAsItBeganWhereTheFlowIsForgoneMeanwhile) {
    server.session.begin(first);
    server.session.forgo(true, true);
    chunk(first, 10, true);
    EXPECT_FALSE(server.session.may_begin()) << "in lockstep, not before it is answered";
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n250 queued");
    EXPECT_TRUE(first.accepted_by);
    EXPECT_EQ(begin(second) + "\r\n", mail);
}

TEST_F(SessionChunk, SaysTheNextBeforeAReplyAndRsetBeforeItSinceTheFirstMayFail) {
    EXPECT_EQ(send(first), mail + two + "BDAT 10 LAST");
    ASSERT_TRUE(server.session.may_begin());
    EXPECT_EQ(send(second), "RSET\r\n" + mail + two + "BDAT 10 LAST");
    EXPECT_EQ(server.session.in_flight(), 2u);
    server.reply(
        "250 ok\r\n550 no\r\n550 no\r\n554 nobody\r\n250 reset\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 queued");
    EXPECT_TRUE(first.done);
    EXPECT_FALSE(first.accepted_by);
    EXPECT_TRUE(second.accepted_by);
}

TEST_F(SessionChunk, NeedsNoRsetBehindAMessageThatIsKnownToBeTaken) {
    send(first);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n250 queued");
    EXPECT_EQ(send(second), mail + two + "BDAT 10 LAST");
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n554 5.7.1 not this");
    EXPECT_EQ(second.refused_at, Stage::dot);
    Transaction third = to_two();
    EXPECT_TRUE(begin(third).starts_with("RSET")) << "who refuses the last chunk may keep the envelope";
}

TEST_F(SessionChunk, TakesARefusedChunkForTheRefusalOfTheMessage) {
    server.session.begin(first);
    chunk(first, 10, false);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n452 4.3.1 disk full");
    EXPECT_TRUE(first.decided());
    EXPECT_FALSE(first.done);
    EXPECT_EQ(first.refused_at, Stage::data);
    server.session.give_up(first);
    EXPECT_EQ(server.said(), "RSET");
    EXPECT_FALSE(first.end_of_data_begun);
    server.reply("250 reset");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(begin(second) + "\r\n", mail + two) << "RSET was said";
}

TEST_F(SessionChunk, HearsNothingNewInTheRepliesBehindARefusedChunk) {
    server.session.begin(first);
    server.session.chunk(first, 10, false);
    server.session.chunk(first, 10, false);
    chunk(first, 10, true);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n452 4.3.1 disk full\r\n503 5.5.1 what?");
    EXPECT_FALSE(first.done);
    EXPECT_TRUE(first.decided());
    server.reply("250 2.0.0 last chunk");
    EXPECT_TRUE(first.done);
    EXPECT_FALSE(first.accepted_by) << "the first refusal counts";
    EXPECT_EQ(first.refusal->code, 452);
}

TEST_F(SessionChunk, HearsNothingInTheReplyToAMessageForNobody) {
    for (const char* reply : {"503 5.5.1 no valid recipients", "250 2.0.0 taken, for nobody"}) {
        Transaction one = to_two();
        send(one);
        if (server.session.in_flight() == 0) FAIL();
        const bool after_rset = std::string_view(reply).starts_with("250");
        server.reply((after_rset ? "250 reset\r\n" : "") + std::string("250 ok\r\n550 no\r\n550 no"));
        EXPECT_TRUE(one.decided());
        server.reply(reply);
        EXPECT_TRUE(one.done);
        EXPECT_FALSE(one.refusal);
        EXPECT_FALSE(one.accepted_by);
    }
}

TEST_F(SessionChunk, TakesARefusedSenderForTheOnlyRefusal) {
    send(first);
    server.reply("550 5.7.1 not you\r\n503 what?\r\n503 what?\r\n503 what?");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.refused_at, Stage::mail);
    EXPECT_TRUE(first.recipient_replies.empty());
}

TEST_F(SessionChunk, AwaitsTheRecipientsWhereItMustBeAllOrNothing) {
    first.all_or_nothing = true;
    begin(first);
    EXPECT_FALSE(server.session.may_send_body(first));
    server.reply("250 ok\r\n250 ok\r\n250 ok");
    EXPECT_TRUE(server.session.may_send_body(first));
    EXPECT_EQ(first.stage, Stage::data);
    chunk(first, 10, true);
    server.reply("250 queued");
    second.all_or_nothing = true;
    begin(second);
    EXPECT_EQ(server.reply("250 ok\r\n250 ok\r\n550 no"), "RSET");
    EXPECT_TRUE(second.done);
    EXPECT_FALSE(second.end_of_data_begun);
    EXPECT_FALSE(server.session.may_send_body(second));
}

TEST_F(SessionChunk, MayBeGivenUpBeforeAReply) {
    server.session.begin(first);
    server.session.chunk(first, 10, false);
    server.session.give_up(first);
    server.session.begin(second);
    EXPECT_EQ(server.said(), mail + two + "BDAT 10\r\nRSET\r\n" + mail + two.substr(0, two.size() - 2));
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 reset");
    EXPECT_TRUE(first.done);
    EXPECT_FALSE(first.accepted_by);
    EXPECT_FALSE(first.refusal);
}

TEST_F(SessionChunk, BreaksOffWhereRsetIsRefusedAndMoreWasSaidBehindIt) {
    server.session.begin(first);
    server.session.give_up(first);
    send(second);
    const Facts facts = server.fails_on("250 ok\r\n250 ok\r\n250 ok\r\n500 what?\r\n");
    EXPECT_EQ(facts.condition, "protocol.garbage");
    EXPECT_FALSE(second.done);
}

TEST_F(SessionChunk, SaysNothingAboutAMessageThatWasAbandoned) {
    send(first);
    send(second);
    server.session.abandon(first);
    const Transaction as_it_was = first;
    EXPECT_EQ(server.session.in_flight(), 1u);
    server.reply(
        "250 ok\r\n250 ok\r\n250 ok\r\n250 queued\r\n250 reset\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 queued");
    EXPECT_EQ(first.recipient_replies.size(), as_it_was.recipient_replies.size());
    EXPECT_FALSE(first.done);
    EXPECT_TRUE(second.done);
}

TEST_F(SessionChunk, BreaksOffWhereAMessageIsAbandonedInItsMiddle) {
    begin(first);
    server.session.abandon(first);
    EXPECT_FALSE(server.session.may_begin());
    EXPECT_FALSE(server.session.in_step());
}

TEST_F(SessionChunk, GoesOnHearingTheOthersWhereAMessageIsAbandonedInItsMiddle) {
    send(first);
    begin(second);
    server.session.abandon(second);
    EXPECT_EQ(server.session.in_flight(), 1u);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n250 queued\r\n250 ok\r\n250 ok\r\n250 ok");
    EXPECT_TRUE(first.done);
    EXPECT_TRUE(first.accepted_by);
    EXPECT_FALSE(second.mail_answered) << "it is not touched any more";
    EXPECT_TRUE(second.recipient_replies.empty());
    EXPECT_FALSE(server.session.may_begin());
    EXPECT_FALSE(server.session.in_step()) << "QUIT might become a part of the message";
}

TEST_F(SessionChunk, IsDoneWithWhatIsAbandonedButDecided) {
    send(first);
    server.reply("550 5.7.1 no");
    EXPECT_FALSE(first.done) << "the replies to the others are to come";
    server.session.abandon(first);
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.refusal->code, 550);
}

TEST_F(SessionChunk, LeavesAllUnknownThatLacksItsLastReplyWhenTheServerCloses) {
    Transaction third = to_two();
    send(first);
    send(second);
    send(third);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n250 queued\r\n250 reset\r\n250 ok\r\n550 no\r\n550 no");
    EXPECT_THROW(server.session.closed_by_peer(), Failure);
    EXPECT_TRUE(first.accepted_by);
    EXPECT_TRUE(second.done) << "nobody gets it";
    EXPECT_TRUE(third.end_of_data_begun && !third.done && !third.shut_out) << "unknown";
}

TEST_F(SessionChunk, RefusesABodyThatIsNotDue) {
    EXPECT_THROW(server.session.chunk(first, 1, true), std::logic_error);
    send(first);
    EXPECT_THROW(server.session.chunk(first, 1, true), std::logic_error);
    EXPECT_THROW(server.session.give_up(first), std::logic_error);
    EXPECT_THROW(server.session.end_of_data(first), std::logic_error);
    server.session.begin(second);
    EXPECT_THROW(server.session.begin(first), std::logic_error);
}

TEST_F(SessionChunk, BeginsATransactionAnewAfterAnAttemptElsewhere) {
    send(first);
    server.reply("250 ok\r\n250 ok\r\n550 no\r\n554 no");
    EXPECT_TRUE(first.refusal);
    EXPECT_EQ(send(first), "RSET\r\n" + mail + two + "BDAT 10 LAST");
    EXPECT_FALSE(first.refusal || first.done || !first.recipient_replies.empty());
    server.reply("250 reset\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 queued");
    EXPECT_TRUE(first.accepted_by);
}

}  // namespace
}  // namespace mailsend::smtp
