// PIPELINING (RFC 2920): a group leaves at once, and the next behind the end of data.
#include "unit/plugin/smtp/in_flight.hpp"

namespace mailsend::smtp {
namespace {

/// A server that offers PIPELINING.
class SessionGroup : public InFlight {
  protected:
    SessionGroup() : InFlight("HELP") {}
};

TEST_F(SessionGroup, SaysMailRecipientsAndDataAtOnce) {
    EXPECT_EQ(server.session.flow(), Flow::pipelined);
    EXPECT_EQ(begin(first), mail + two + "DATA");
    EXPECT_TRUE(first.begun);
    EXPECT_EQ(first.asked, 2u);
    server.reply("250 ok\r\n250 ok\r\n250 ok");
    EXPECT_FALSE(server.session.may_send_body(first));
    EXPECT_EQ(server.session.stage(), Stage::data);
    server.reply("354 go");
    EXPECT_TRUE(server.session.may_send_body(first));
    EXPECT_EQ(server.session.want(), Session::Want::nothing);
    EXPECT_FALSE(server.session.in_step()) << "QUIT would be text";
}

TEST_F(SessionGroup, BeginsTheNextBehindTheEndOfData) {
    begin(first);
    EXPECT_FALSE(server.session.may_begin());
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n354 go");
    EXPECT_FALSE(server.session.may_begin()) << "it would be text";
    server.session.end_of_data(first);
    ASSERT_TRUE(server.session.may_begin());
    EXPECT_EQ(begin(second), mail + two + "DATA");
    EXPECT_EQ(server.session.in_flight(), 2u);
    EXPECT_EQ(server.session.stage(), Stage::dot);
    server.reply("250 queued");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.accepted_by->lines.front(), "250 queued");
    EXPECT_EQ(server.session.in_flight(), 1u);
    server.reply("250 ok\r\n550 no\r\n250 ok\r\n354 go");
    EXPECT_TRUE(server.session.may_send_body(second));
    EXPECT_EQ(second.accepted_recipients(), 1u);
}

TEST_F(SessionGroup, KnowsTheStageOfEachTransaction) {
    begin(first);
    EXPECT_EQ(first.stage, Stage::mail);
    server.reply("250 ok");
    EXPECT_EQ(first.stage, Stage::rcpt);
    server.reply("250 ok\r\n250 ok");
    EXPECT_EQ(first.stage, Stage::data);
    server.reply("354 go");
    server.session.end_of_data(first);
    begin(second);
    EXPECT_EQ(first.stage, Stage::dot);
    EXPECT_EQ(second.stage, Stage::mail);
}

TEST_F(SessionGroup, GoesOnWithARefusedRecipientInItsMiddle) {
    first.forward_paths = {"a@example.test", "b@example.test", "c@example.test"};
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n550 5.1.1 unknown\r\n250 ok\r\n354 go");
    EXPECT_TRUE(server.session.may_send_body(first));
    ASSERT_EQ(first.recipient_replies.size(), 3u);
    EXPECT_EQ(first.recipient_replies[1]->code, 550);
    EXPECT_FALSE(first.refusal);
}

TEST_F(SessionGroup, IsReadAsWellWhereItsRepliesComeLateAndOctetByOctet) {
    begin(first);
    for (const char octet : std::string("250 ok\r\n250-a\r\n250 b\r\n451 later\r\n354 go\r\n"))
        server.session.received({&octet, 1});
    EXPECT_TRUE(server.session.may_send_body(first));
    EXPECT_EQ(first.recipient_replies[0]->lines.size(), 2u);
    EXPECT_EQ(first.recipient_replies[1]->code, 451);
}

TEST_F(SessionGroup, EndsWithTheReplyToDataWhereNobodyWasAccepted) {
    begin(first);
    server.reply("250 ok\r\n550 no\r\n550 no");
    EXPECT_TRUE(first.decided());
    EXPECT_FALSE(first.done);
    server.reply("554 5.5.1 no valid recipients");
    EXPECT_TRUE(first.done);
    EXPECT_FALSE(first.refusal) << "each recipient has his own";
    EXPECT_EQ(begin(second), "RSET\r\n" + mail + two + "DATA") << "MAIL had been taken";
}

TEST_F(SessionGroup, GivesAServerThatAwaitsABodyForNobodyAnEmptyOne) {
    for (const char* reply : {"250 2.0.0 ok", "554 5.5.1 nobody"}) {
        Transaction one = to_two();
        begin(one);
        EXPECT_EQ(server.reply("250 ok\r\n550 no\r\n550 no\r\n354 go"), ".");
        EXPECT_FALSE(server.session.may_send_body(one));
        EXPECT_FALSE(one.done);
        EXPECT_EQ(server.reply(reply), "");
        EXPECT_TRUE(one.done) << reply;
        EXPECT_FALSE(one.accepted_by);
        EXPECT_FALSE(one.refusal);
        EXPECT_FALSE(one.end_of_data_begun);
        EXPECT_TRUE(server.session.in_step());
    }
    EXPECT_EQ(begin(second), mail + two + "DATA") << "the end of data ended it";
}

TEST_F(SessionGroup, TakesARefusedSenderForTheOnlyRefusal) {
    begin(first);
    server.reply("550 5.7.1 not you\r\n503 5.5.1 MAIL first\r\n503 5.5.1 MAIL first\r\n503 5.5.1 MAIL first");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.refused_at, Stage::mail);
    EXPECT_EQ(first.refusal->code, 550);
    EXPECT_TRUE(first.recipient_replies.empty());
    EXPECT_EQ(begin(second), mail + two + "DATA");
}

TEST_F(SessionGroup, GivesAServerThatGoesOnAfterARefusedSenderAnEmptyBody) {
    begin(first);
    EXPECT_EQ(server.reply("550 not you\r\n250 ok\r\n250 ok\r\n354 go"), ".");
    server.reply("250 ok");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.refused_at, Stage::mail);
    EXPECT_FALSE(first.accepted_by);
}

TEST_F(SessionGroup, RecordsARefusalOfDataForThoseWhoWereAccepted) {
    begin(first);
    server.reply("250 ok\r\n250 ok\r\n550 no\r\n451 4.3.0 no room");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.refused_at, Stage::data);
}

TEST_F(SessionGroup, WaitsForTheRecipientsWhereItMustBeAllOrNothing) {
    first.all_or_nothing = true;
    EXPECT_EQ(begin(first), mail + two.substr(0, two.size() - 2));
    EXPECT_EQ(server.reply("250 ok\r\n250 ok"), "");
    EXPECT_EQ(server.reply("250 ok"), "DATA");
}

TEST_F(SessionGroup, ResetsWhereItMustBeAllOrNothingAndOneIsRefused) {
    first.all_or_nothing = true;
    begin(first);
    EXPECT_EQ(server.reply("250 ok\r\n550 no"), "RSET");
    EXPECT_TRUE(first.decided());
    server.reply("250 ok");
    EXPECT_TRUE(first.done) << "the verdict stands, whatever becomes of RSET";
    EXPECT_EQ(first.recipient_replies.size(), 2u);
    EXPECT_EQ(begin(second), mail + two + "DATA") << "RSET is on its way";
    server.reply("250 reset");
    server.reply("250 ok\r\n250 ok\r\n250 ok\r\n354 go");
    EXPECT_TRUE(server.session.may_send_body(second));
}

TEST_F(SessionGroup, ProbesWithRsetInThePlaceOfData) {
    first.probe = true;
    EXPECT_EQ(begin(first), mail + two + "RSET");
    server.reply("250 ok\r\n250 ok\r\n550 no");
    EXPECT_TRUE(first.done);
    EXPECT_EQ(first.recipient_replies.size(), 2u);
    server.reply("250 ok");
    EXPECT_TRUE(server.session.in_step());
}

TEST_F(SessionGroup, LeavesNoMoreThan256RecipientsUnanswered) {
    first.forward_paths.assign(600, "bob@example.test");
    const std::string said = begin(first);
    EXPECT_EQ(first.asked, 256u);
    EXPECT_FALSE(said.ends_with("DATA"));
    EXPECT_EQ(server.reply("250 ok\r\n250 ok\r\n250 ok"),
              "RCPT TO:<bob@example.test>\r\nRCPT TO:<bob@example.test>");
    std::string rest;
    for (int i = 0; i < 598; ++i) rest += server.reply("250 ok");
    EXPECT_TRUE(rest.ends_with("DATA"));
    server.reply("354 go");
    EXPECT_EQ(first.accepted_recipients(), 600u);
    EXPECT_TRUE(server.session.may_send_body(first));
}

TEST_F(SessionGroup, KnowsWhoWasLeftOverWhereverThereWasNoRoom) {
    first.forward_paths = {"a@example.test", "b@example.test", "c@example.test", "d@example.test"};
    begin(first);
    server.reply(
        "250 ok\r\n452 too many\r\n250 ok\r\n452 4.5.3 too many\r\n452 4.2.2 mailbox full\r\n354 go");
    EXPECT_FALSE(first.left_over(0)) << "nobody had been accepted: it is a refusal";
    EXPECT_FALSE(first.left_over(1));
    EXPECT_TRUE(first.left_over(2));
    EXPECT_FALSE(first.left_over(3));
    EXPECT_TRUE(first.left_over(4)) << "nobody is there";
    EXPECT_EQ(first.full->words(), "452 4.5.3 too many");
}

TEST_F(SessionGroup, AsksNobodyElseOnceThereIsNoRoom) {
    first.forward_paths.assign(600, "bob@example.test");
    begin(first);
    EXPECT_EQ(server.reply("250 ok\r\n250 ok\r\n452 4.5.3 too many"), "RCPT TO:<bob@example.test>\r\nDATA");
    EXPECT_EQ(first.asked, 257u);
    EXPECT_FALSE(first.left_over(256)) << "no reply yet";
    EXPECT_TRUE(first.left_over(257));
}

}  // namespace
}  // namespace mailsend::smtp
