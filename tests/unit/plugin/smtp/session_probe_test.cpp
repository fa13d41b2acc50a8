#include "unit/plugin/smtp/dialogue.hpp"

namespace mailsend::smtp {
namespace {

/// A session that only asks whether a sender and a recipient are taken.
class SessionProbe : public ::testing::Test {
  protected:
    SessionProbe() : server(in_clear()) {
        transaction.reverse_path = "alice@example.test";
        transaction.forward_paths = {"bob@example.test"};
        transaction.probe = true;
        server.reply("220 mail.example.test ready");
        server.reply("250 mail.example.test at your service");
        server.session.begin(transaction);
        EXPECT_EQ(server.said(), "MAIL FROM:<alice@example.test>");
    }

    Dialogue server;
    Transaction transaction;
};

TEST_F(SessionProbe, SaysRsetInThePlaceOfData) {
    EXPECT_EQ(server.reply("250 ok"), "RCPT TO:<bob@example.test>");
    EXPECT_EQ(server.reply("250 2.1.5 ok"), "RSET");
    EXPECT_TRUE(transaction.done) << "the answers stand, whatever becomes of RSET";
    EXPECT_EQ(server.reply("250 ok"), "");
    EXPECT_TRUE(server.session.ready());
    EXPECT_FALSE(transaction.refusal);
    EXPECT_EQ(transaction.recipient_replies.front()->words(), "250 2.1.5 ok");
}

TEST_F(SessionProbe, SaysRsetAlsoBehindARefusedSenderAndARefusedRecipient) {
    EXPECT_EQ(server.reply("550 5.7.1 not you"), "RSET");
    EXPECT_EQ(transaction.refused_at, Stage::mail);
    server.reply("250 ok");
    Transaction other = transaction;
    other.refusal.reset();
    other.done = false;
    server.session.begin(other);
    server.said();
    server.reply("250 ok");
    EXPECT_EQ(server.reply("550 5.1.1 nobody"), "RSET");
    EXPECT_EQ(server.reply("250 ok"), "");
    EXPECT_TRUE(server.session.ready());
}

TEST_F(SessionProbe, SaysNothingMoreToAServerThatLeaves) {
    EXPECT_EQ(server.reply("421 4.3.2 closing"), "");
    EXPECT_TRUE(transaction.done);
    EXPECT_FALSE(server.session.in_step());
}

TEST(SessionSigns, AreTheWordsOfTheGreetingAndTheNameInTheReplyToEhlo) {
    Dialogue server(in_clear());
    EXPECT_EQ(server.session.signs().greeting, "");
    server.reply("220 mx.example.test ESMTP abc - gsmtp");
    EXPECT_EQ(server.session.signs().greeting, "mx.example.test ESMTP abc - gsmtp");
    server.reply("250-smtp.example.test at your service\r\n250 SIZE 10");
    EXPECT_EQ(server.session.signs().server_name, "smtp.example.test");
}

TEST(SessionSigns, AreBoundedAndMayBeMissing) {
    Dialogue server(in_clear());
    server.reply("220 " + std::string(1000, 'g'));
    EXPECT_EQ(server.session.signs().greeting, std::string(256, 'g'));
    server.reply("250");
    EXPECT_EQ(server.session.signs().server_name, "");
}

TEST(SessionSigns, KeepWhatAServerSaidThatSpeaksNoSmtp) {
    Dialogue server(in_clear());
    const Facts facts = server.fails_on("* OK IMAP4rev1\r\n");
    EXPECT_EQ(facts.condition, "greet.not_smtp");
    EXPECT_EQ(facts.details.at("said"), "* OK IMAP4rev1\r\n");
}

}  // namespace
}  // namespace mailsend::smtp
