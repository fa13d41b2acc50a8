// Replies of servers inside what people paste: logs, exceptions, notices.
#include <gtest/gtest.h>

#include "pasted_read.hpp"

namespace mailsend {
namespace {

using test::Read;
using test::read;

struct Row {
    const char* what;
    std::string text;
    Stage stage;
    std::string words;  ///< of the reply
    const char* id;
};

const std::string no_password =
    "535 5.7.8 Username and Password not accepted. For more information, go to "
    "https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1 - gsmtp";
const std::string app_password =
    "534 5.7.9 Application-specific password required. For more information, go to "
    "https://support.google.com/mail/?p=InvalidSecondFactor d9443c01a7336 - gsmtp";
const std::string unknown = "550 5.1.1 <bob@example.test>: Recipient address rejected: User unknown";

const Row rows[] = {
    {"one line",
     "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
     Stage::auth,
     "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
     "outlook.auth.smtp_disabled_tenant"},
    {"several lines with CR LF",
     "534-5.7.9 Application-specific password required. For more information, go to\r\n"
     "534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor d9443c01a7336 - gsmtp\r\n",
     Stage::auth, app_password, "gmail.auth.app_password_required"},
    {"several lines, joined by blanks",
     "534-5.7.9 Application-specific password required. For more information, go to 534 5.7.9 "
     "https://support.google.com/mail/?p=InvalidSecondFactor d9443c01a7336 - gsmtp",
     Stage::auth, app_password, "gmail.auth.app_password_required"},
    {"line breaks as a log in JSON writes them",
     R"(534-5.7.9 Application-specific password required. For more information, go to\r\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor d9443c01a7336 - gsmtp)",
     Stage::auth, app_password, "gmail.auth.app_password_required"},
    {"one line, broken by whoever showed it",
     "535 5.7.139 Authentication unsuccessful, the user\n   credentials were incorrect. [X.prod.outlook.com]",
     Stage::auth,
     "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [X.prod.outlook.com]",
     "outlook.auth.credentials_wrong"},
    {"Postfix",
     "Nov 22 09:00:01 mx postfix/smtp[4711]: 4F2A1: to=<bob@example.test>, "
     "relay=mx.example.test[192.0.2.25]:25, delay=1.2, delays=0.1/0/0.6/0.5, dsn=5.1.1, status=bounced (host "
     "mx.example.test[192.0.2.25] said: 550 5.1.1 <bob@example.test>: Recipient address rejected: User "
     "unknown (in reply to RCPT TO command))",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"Postfix, the greeting",
     "status=deferred (host mx.example.test[192.0.2.25] refused to talk to me: 421 4.7.0 Try again later)",
     Stage::greeting, "421 4.7.0 Try again later", ""},
    {"Postfix, several lines",
     "(host smtp.gmail.com[192.0.2.1] said: 550-5.7.26 This mail has been blocked because the sender is "
     "unauthenticated. 550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM. 550 "
     "5.7.26 - gsmtp (in reply to end of DATA command))",
     Stage::dot,
     "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all "
     "senders to authenticate with either SPF or DKIM. - gsmtp",
     ""},
    {"Postfix, signing in",
     "SASL authentication failed; server smtp.example.test[192.0.2.1] said: 535 5.7.8 Error: authentication "
     "failed: (reason unavailable)",
     Stage::auth, "535 5.7.8 Error: authentication failed: (reason unavailable)", ""},
    {"Exim",
     "2026-11-22 09:00:01 1r5abc-0001 ** bob@example.test R=dnslookup T=remote_smtp H=mx.example.test "
     "[192.0.2.25]: SMTP error from remote mail server after RCPT TO:<bob@example.test>: 550 5.1.1 "
     "<bob@example.test>: Recipient address rejected: User unknown",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"sendmail",
     "... while talking to mx.example.test.:\n>>> RCPT To:<bob@example.test>\n<<< " + unknown +
         "\n550 5.1.1 bob... User unknown\n",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"a notice of non-delivery",
     "Final-Recipient: rfc822; bob@example.test\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; "
     "mx.example.test\nDiagnostic-Code: smtp; 550 5.1.1 <bob@example.test>: Recipient address\n    rejected: "
     "User unknown\nLast-Attempt-Date: Sun, 22 Nov 2026 09:00:01 +0000",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"msmtp",
     "msmtp: authentication failed (method PLAIN)\nmsmtp: server message: 535-5.7.8 Username and Password "
     "not "
     "accepted. For more information, go to\nmsmtp: server message: 535 5.7.8  "
     "https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1 - gsmtp\nmsmtp: could not send mail",
     Stage::auth, no_password, "gmail.auth.bad_credentials"},
    {"nodemailer",
     R"(Error: Invalid login: 535-5.7.8 Username and Password not accepted. For more information, go to
535 5.7.8  https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1 - gsmtp
    at SMTPConnection._formatError (/app/node_modules/nodemailer/lib/smtp-connection/index.js:790:19)
    at Socket.emit (node:events:517:28) {
  code: 'EAUTH',
  response: '535-5.7.8 Username and Password not accepted. For more information, go to\n' +
    '535 5.7.8  https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1 - gsmtp',
  responseCode: 535,
  command: 'AUTH PLAIN'
})",
     Stage::auth, no_password, "gmail.auth.bad_credentials"},
    {"an error of nodemailer as JSON",
     R"({"code":"EENVELOPE","response":"550 5.1.1 <bob@example.test>: Recipient address rejected: User unknown","responseCode":550,"command":"RCPT TO"})",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"Python", R"(smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed'))",
     Stage::auth, "535 5.7.8 Error: authentication failed", "generic.auth.failed"},
    {"Python, several lines",
     R"(smtplib.SMTPAuthenticationError: (534, b'5.7.9 Application-specific password required. For more information, go to\n5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor d9443c01a7336 - gsmtp'))",
     Stage::auth, app_password, "gmail.auth.app_password_required"},
    {"Python, recipients",
     R"(smtplib.SMTPRecipientsRefused: {'bob@example.test': (550, b'5.1.1 <bob@example.test>: Recipient address rejected: User unknown')})",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"Java",
     "javax.mail.AuthenticationFailedException: 535-5.7.8 Username and Password not accepted. For more "
     "information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1 - "
     "gsmtp\n\n\tat com.sun.mail.smtp.SMTPTransport$Authenticator.authenticate(SMTPTransport.java:965)",
     Stage::auth, no_password, "gmail.auth.bad_credentials"},
    {"PHP",
     R"(Expected response code 250 but got code "535", with message "535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1 - gsmtp\r\n")",
     Stage::auth, no_password, "gmail.auth.bad_credentials"},
    {".NET, which drops the code",
     "System.Net.Mail.SmtpException: The SMTP server requires a secure connection or the client was not "
     "authenticated. The server response was: 5.7.57 Client not authenticated to send mail.",
     Stage::auth, "", ""},
    {"MailSend itself",
     "MailSend: failed to send mail: 550 5.1.1 <bob@example.test>: Recipient address rejected: User unknown",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"a transcript",
     "220 mx.example.test ESMTP\n250 mx.example.test\nMAIL FROM:<alice@example.test>\n250 2.1.0 "
     "Ok\nRCPT TO:<bob@example.test>\n" +
         unknown + "\nQUIT\n221 2.0.0 Bye",
     Stage::rcpt, unknown, "generic.rcpt.unknown"},
    {"a status alone", "5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
     Stage::auth, "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
     "outlook.auth.credentials_wrong"},
};

TEST(PastedLogs, FindsTheReplyInWhatIsAroundIt) {
    for (const Row& row : rows) {
        const Read was = read(row.text);
        EXPECT_EQ(was.facts.stage, row.stage) << row.what << ": " << to_string(was.facts.stage);
        if (!row.words.empty()) {
            EXPECT_EQ(was.words(), row.words) << row.what;
        }
        if (*row.id != '\0') {
            EXPECT_EQ(was.id, row.id) << row.what;
        }
        EXPECT_TRUE(was.facts.reply.has_value()) << row.what;
    }
}

}  // namespace
}  // namespace mailsend
