#include "unit/plugin/smtp/dialogue.hpp"

namespace mailsend::smtp {
namespace {

/// A server past EHLO and a transaction to two recipients.
class SessionTransaction : public ::testing::Test {
  protected:
    SessionTransaction() : server(in_clear()) {
        transaction.reverse_path = "alice@example.test";
        transaction.forward_paths = {"bob@example.test", "carol@example.test"};
    }

    std::string begin(const std::string& offered = "250 mail") {
        server.reply("220 hello");
        server.reply(offered);
        server.session.begin(transaction);
        return server.said();
    }

    Dialogue server;
    Transaction transaction;
};

TEST_F(SessionTransaction, GoesFromMailToTheEndOfData) {
    EXPECT_EQ(begin(), "MAIL FROM:<alice@example.test>");
    EXPECT_EQ(server.reply("250 ok"), "RCPT TO:<bob@example.test>");
    EXPECT_EQ(server.reply("250 ok"), "RCPT TO:<carol@example.test>");
    EXPECT_EQ(server.reply("250 ok"), "DATA");
    server.reply("354 go");
    EXPECT_TRUE(server.session.may_send_body(transaction));
    server.session.end_of_data(transaction);
    EXPECT_EQ(server.session.stage(), Stage::dot);
    server.reply("250 2.0.0 queued as 4F2");
    EXPECT_TRUE(transaction.done);
    EXPECT_EQ(transaction.accepted_by->lines.front(), "250 2.0.0 queued as 4F2");
    EXPECT_TRUE(server.session.ready());
}

TEST_F(SessionTransaction, GoesOnAfterARefusedRecipient) {
    begin();
    server.reply("250 ok");
    EXPECT_EQ(server.reply("550 5.1.1 unknown"), "RCPT TO:<carol@example.test>");
    EXPECT_EQ(server.reply("250 ok"), "DATA");
    EXPECT_EQ(transaction.accepted_recipients(), 1u);
}

TEST_F(SessionTransaction, DoesNotSayDataWhenEveryRecipientWasRefused) {
    begin();
    server.reply("250 ok");
    server.reply("550 5.1.1 unknown");
    EXPECT_EQ(server.reply("450 4.2.0 later"), "");
    EXPECT_TRUE(transaction.done);
    EXPECT_FALSE(transaction.end_of_data_begun);
}

TEST_F(SessionTransaction, ResetsWhenItMustBeAllOrNothing) {
    transaction.all_or_nothing = true;
    begin();
    server.reply("250 ok");
    server.reply("250 ok");
    EXPECT_EQ(server.reply("550 5.1.1 unknown"), "RSET");
    server.reply("250 ok");
    EXPECT_TRUE(transaction.done);
    EXPECT_FALSE(transaction.accepted_by);
}

TEST_F(SessionTransaction, IsDecidedBeforeResetIsAnswered) {
    transaction.all_or_nothing = true;
    begin();
    server.reply("250 ok");
    server.reply("250 ok");
    server.reply("550 5.1.1 unknown");
    EXPECT_TRUE(transaction.done);
    EXPECT_EQ(server.session.stage(), Stage::quit) << "nobody waits long for it";
    EXPECT_NO_THROW(server.session.closed_by_peer());
}

TEST_F(SessionTransaction, TakesTheEndOfDataBackWhenItNeverLeft) {
    begin();
    for (int i = 0; i < 3; ++i) server.reply("250 ok");
    server.reply("354 go");
    server.session.end_of_data(transaction);
    server.session.end_of_data_withheld(transaction);
    EXPECT_FALSE(transaction.end_of_data_begun);
    EXPECT_EQ(server.session.stage(), Stage::data);
    server.reply("552 5.3.4 too big");
    EXPECT_EQ(transaction.refused_at, Stage::data);
}

TEST_F(SessionTransaction, AsksNobodyElseOnceAllOrNothingIsDecided) {
    transaction.all_or_nothing = true;
    transaction.forward_paths = {"a@example.test", "b@example.test", "c@example.test"};
    begin();
    server.reply("250 ok");
    server.reply("250 ok");
    EXPECT_EQ(server.reply("550 5.1.1 unknown"), "RSET");
    EXPECT_EQ(transaction.recipient_replies.size(), 2u);
}

TEST_F(SessionTransaction, RecordsWhereTheServerRefused) {
    begin();
    server.reply("552 5.3.4 too big");
    EXPECT_EQ(transaction.refused_at, Stage::mail);
    EXPECT_EQ(transaction.refusal->code, 552);
    EXPECT_TRUE(server.session.ready()) << "a refused sender does not end the session";
}

TEST_F(SessionTransaction, ResetsOneThatWasLeftHalfWayBeforeTheNext) {
    begin();
    server.reply("250 ok");
    server.reply("450 4.2.0 later");
    server.reply("450 4.2.0 later");
    Transaction next;
    next.reverse_path = transaction.reverse_path;
    next.forward_paths = transaction.forward_paths;
    server.session.begin(next);
    EXPECT_EQ(server.said(), "RSET");
    EXPECT_EQ(server.session.stage(), Stage::mail);
    EXPECT_EQ(server.reply("250 ok"), "MAIL FROM:<alice@example.test>");
    EXPECT_FALSE(next.mail_answered) << "that was RSET";
    server.reply("250 ok");
    EXPECT_TRUE(next.mail_answered);
}

TEST_F(SessionTransaction, NeedsNoResetWhereItWasAnsweredToItsEnd) {
    begin();
    server.reply("550 not you");
    server.session.begin(transaction);
    EXPECT_EQ(server.said(), "MAIL FROM:<alice@example.test>") << "after a refused sender";
    for (int i = 0; i < 3; ++i) server.reply("250 ok");
    server.reply("354 go");
    server.session.end_of_data(transaction);
    server.reply("451 later");
    server.session.begin(transaction);
    EXPECT_EQ(server.said(), "MAIL FROM:<alice@example.test>") << "after the end of data";
}

TEST_F(SessionTransaction, SendsToThoseThereIsRoomFor) {
    begin();
    server.reply("250 ok");
    server.reply("250 ok");
    EXPECT_EQ(server.reply("452 4.5.3 Too many recipients"), "DATA");
    EXPECT_EQ(transaction.full->code, 452);
    EXPECT_EQ(transaction.recipient_replies.size(), 1u);
}

TEST_F(SessionTransaction, TellsAFullTransactionFromAFullMailbox) {
    for (const char* reply : {"452 4.2.2 over quota", "452 4.3.1 disk full", "552 5.2.2 full", "451 later"}) {
        Dialogue other(in_clear());
        Transaction one = transaction;
        other.reply("220 hello");
        other.reply("250 mail");
        other.session.begin(one);
        other.said();
        other.reply("250 ok");
        other.reply("250 ok");
        other.reply(reply);
        EXPECT_FALSE(one.full) << reply;
        EXPECT_EQ(one.recipient_replies.size(), 2u) << reply;
    }
}

TEST_F(SessionTransaction, RefusesTheFirstWhereThereIsNoRoomAtAll) {
    begin();
    server.reply("250 ok");
    EXPECT_EQ(server.reply("452 4.5.3 Too many recipients"), "RCPT TO:<carol@example.test>");
    EXPECT_FALSE(transaction.full);
}

TEST_F(SessionTransaction, StopsAskingAfter421) {
    begin();
    server.reply("250 ok");
    EXPECT_EQ(server.reply("421 shutting down"), "");
    EXPECT_TRUE(transaction.done);
    EXPECT_FALSE(server.session.in_step());
}

TEST_F(SessionTransaction, IsOutOfStepInsideTheBodyWhereQuitWouldBeText) {
    begin();
    for (int i = 0; i < 3; ++i) server.reply("250 ok");
    server.reply("354 go");
    EXPECT_FALSE(server.session.in_step());
}

TEST_F(SessionTransaction, TakesARefusalThatComesInsideTheBody) {
    begin();
    for (int i = 0; i < 3; ++i) server.reply("250 ok");
    server.reply("354 go");
    server.reply("552 5.3.4 too big already");
    EXPECT_TRUE(transaction.done);
    EXPECT_EQ(transaction.refused_at, Stage::data);
    EXPECT_FALSE(transaction.end_of_data_begun);
}

TEST_F(SessionTransaction, KnowsNothingWhenTheReplyToTheEndOfDataIsNone) {
    begin();
    for (int i = 0; i < 3; ++i) server.reply("250 ok");
    server.reply("354 go");
    server.session.end_of_data(transaction);
    EXPECT_EQ(server.fails_on("199 perhaps\r\n").condition, "protocol.garbage");
    EXPECT_TRUE(transaction.end_of_data_begun);
    EXPECT_FALSE(transaction.done);
}

TEST_F(SessionTransaction, DeclaresTheSizeWhereItIsOffered) {
    transaction.size = 4321;
    EXPECT_EQ(begin("250-mail\r\n250 SIZE 10000"), "MAIL FROM:<alice@example.test> SIZE=4321");
}

TEST_F(SessionTransaction, DoesNotSendWhatTheServerSaysItWillNotTake) {
    transaction.size = 10'001;
    try {
        begin("250-mail\r\n250 SIZE 10000");
        FAIL() << "no failure";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.facts().condition, "mail.size_exceeded");
        EXPECT_EQ(failure.facts().details.at("limit"), "10000");
    }
}

TEST_F(SessionTransaction, NeedsSmtpUtf8ForAddressesOutsideAscii) {
    transaction.needs_smtputf8 = true;
    transaction.forward_paths = {"jos\xC3\xA9@example.test"};
    EXPECT_THROW(begin(), Failure);
}

TEST_F(SessionTransaction, AsksForSmtpUtf8WhereItIsOffered) {
    transaction.needs_smtputf8 = true;
    EXPECT_EQ(begin("250-mail\r\n250 SMTPUTF8"), "MAIL FROM:<alice@example.test> SMTPUTF8");
}

TEST_F(SessionTransaction, EndsWithQuit) {
    begin();
    server.reply("550 no");
    server.session.quit();
    EXPECT_EQ(server.said(), "QUIT");
    server.reply("221 bye");
    EXPECT_EQ(server.session.want(), Session::Want::nothing);
    EXPECT_NO_THROW(server.session.closed_by_peer());
}

}  // namespace
}  // namespace mailsend::smtp
