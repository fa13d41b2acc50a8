// DSN (RFC 3461): asked for only where it is offered and wanted.
#include "unit/plugin/smtp/dialogue.hpp"

namespace mailsend::smtp {
namespace {

std::string mail_said(const std::string& offered, std::optional<std::string> envelope_id) {
    Dialogue server(in_clear());
    server.reply("220 hello");
    server.reply(offered);
    Transaction transaction;
    transaction.reverse_path = "a@example.test";
    transaction.forward_paths = {"b@example.test"};
    transaction.envelope_id = std::move(envelope_id);
    server.session.begin(transaction);
    return server.said();
}

TEST(SessionDsn, NamesTheEnvelopeAndAsksForHeadersOnlyWhereDsnIsOffered) {
    EXPECT_EQ(mail_said("250-mail\r\n250 DSN", "1234@example.test"),
              "MAIL FROM:<a@example.test> RET=HDRS ENVID=1234@example.test");
    EXPECT_EQ(mail_said("250 mail", "1234@example.test"), "MAIL FROM:<a@example.test>");
    EXPECT_EQ(mail_said("250-mail\r\n250 DSN", std::nullopt), "MAIL FROM:<a@example.test>");
}

TEST(SessionDsn, EncodesTheEnvelopeIdAsXtext) {
    EXPECT_EQ(mail_said("250-mail\r\n250 DSN", "a+b=c d"),
              "MAIL FROM:<a@example.test> RET=HDRS ENVID=a+2Bb+3Dc+20d");
}

TEST(SessionDsn, LeavesAnEnvelopeIdOutThatMayNotBeSaid) {
    for (const std::string& id : {std::string(), std::string(101, 'x'), std::string("a\r\nRCPT TO:<b>"),
                                  std::string("\xC3\xA4"), std::string(40, '+')}) {
        EXPECT_EQ(mail_said("250-mail\r\n250 DSN", id), "MAIL FROM:<a@example.test> RET=HDRS");
    }
}

}  // namespace
}  // namespace mailsend::smtp
