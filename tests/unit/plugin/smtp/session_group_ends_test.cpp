// What becomes of a group where the server leaves, closes, or says what fits nothing.
#include "unit/plugin/smtp/in_flight.hpp"

namespace mailsend::smtp {
namespace {

/// A server that offers PIPELINING.
class SessionGroupEnds : public InFlight {
  protected:
    SessionGroupEnds() : InFlight("HELP") {}
};

TEST_F(SessionGroupEnds, StopsAt421AndShutsOutWhatIsBehindIt) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n354 go");
    server.session.end_of_data(first);
    begin(second);
    server.reply("421 4.3.2 closing");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.refused_at, Stage::dot);
    EXPECT_FALSE(second.done);
    EXPECT_TRUE(second.shut_out);
    EXPECT_FALSE(server.session.may_begin());
    EXPECT_FALSE(server.session.in_step());
    EXPECT_EQ(server.session.in_flight(), 0u);
    EXPECT_EQ(server.session.want(), Session::Want::nothing);
}

TEST_F(SessionGroupEnds, KeepsWhatWasAnsweredBefore421InItsMiddle) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n421 4.3.2 closing");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.recipient_replies.size(), 2u);
    EXPECT_FALSE(first.accepted_by);
    EXPECT_FALSE(first.end_of_data_begun);
}

TEST_F(SessionGroupEnds, BreaksOffAtOneReplyTooMany) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n554 no");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(server.fails_on("250 and more\r\n").condition, "protocol.garbage");
    EXPECT_FALSE(server.session.may_begin());
    EXPECT_FALSE(server.session.in_step());
}

TEST_F(SessionGroupEnds, BreaksOffAtAReplyToTheNextGroupBeforeItHasLeft) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n354 go");
    server.session.end_of_data(first);
    server.session.begin(second);
    EXPECT_EQ(server.fails_on("250 queued\r\n250 ok\r\n").condition, "protocol.garbage");
    EXPECT_TRUE(first.done);
    EXPECT_FALSE(second.mail_answered);
}

TEST_F(SessionGroupEnds, BreaksOffAtAReplyThatFitsNoCommand) {
    begin(first);
    server.reply("250 ok");
    EXPECT_EQ(server.fails_on("354 go\r\n").condition, "protocol.garbage");
    EXPECT_TRUE(first.mail_answered);
    EXPECT_FALSE(first.done);
    EXPECT_FALSE(first.shut_out);
    EXPECT_FALSE(server.session.may_begin());
}

TEST_F(SessionGroupEnds, LeavesUnknownWhatLacksTheReplyToItsEnd) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n354 go");
    server.session.end_of_data(first);
    begin(second);
    EXPECT_THROW(server.session.closed_by_peer(), Failure);
    EXPECT_TRUE(first.end_of_data_begun && !first.done) << "unknown";
    EXPECT_TRUE(!second.end_of_data_begun && !second.done) << "never sent";
    EXPECT_EQ(server.session.in_flight(), 0u);
}

TEST_F(SessionGroupEnds, IsDoneWithWhatWasDecidedWhenTheServerCloses) {
    begin(first);
    server.reply("250 ok\r\n550 no\r\n550 no");
    EXPECT_THROW(server.session.closed_by_peer(), Failure);
    EXPECT_TRUE(first.done) << "nobody gets it, whatever DATA would have been answered";
}

TEST_F(SessionGroupEnds, TakesBackAnEndOfDataAndWhatWasSaidBehindIt) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n354 go");
    server.session.end_of_data(first);
    server.session.begin(second);
    server.session.end_of_data_withheld(first);
    EXPECT_EQ(server.said(), "");
    EXPECT_FALSE(first.end_of_data_begun);
    EXPECT_FALSE(second.begun);
    EXPECT_EQ(server.session.in_flight(), 1u);
    server.reply("552 5.3.4 too big");
    EXPECT_EQ(first.refused_at, Stage::data);
    EXPECT_FALSE(second.mail_answered);
}

TEST_F(SessionGroupEnds, TakesBackTheEndOfDataAlsoOfASessionThatEndedMeanwhile) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n354 go");
    server.session.end_of_data(first);
    EXPECT_THROW(server.session.closed_by_peer(), Failure);
    server.session.end_of_data_withheld(first);
    EXPECT_FALSE(first.end_of_data_begun) << "not a byte of it has left: nobody can have the message";
}

}  // namespace
}  // namespace mailsend::smtp
