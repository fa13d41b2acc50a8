// Texts that look like something else: mail that was accepted, statuses of logs and of HTTP, numbers of
// lines.
#include <chrono>
#include <gtest/gtest.h>

#include "pasted_read.hpp"

namespace mailsend {
namespace {

using test::Read;
using test::read;

struct Row {
    std::string text;
    const char* id;
};

void expect(const std::vector<Row>& rows) {
    for (const Row& row : rows) EXPECT_EQ(read(row.text).id, row.id) << row.text;
}

TEST(PastedTraps, AYesIsNoFailure) {
    expect({
        {"250 2.0.0 OK  1732262400 5b1f17b1804b1-4d0 - gsmtp", "explain.accepted"},
        {"235 2.7.0 Accepted", "explain.accepted"},
        {"354 End data with <CR><LF>.<CR><LF>", "explain.accepted"},
        {"postfix/smtp[1]: 4F2A1: to=<bob@example.test>, relay=mx.example.test[192.0.2.25]:25, delay=1.2, "
         "delays=0.1/0/0.6/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F2A2)",
         "explain.accepted"},
        {"postfix/virtual[1]: 4F2A1: to=<bob@example.test>, delay=250, dsn=2.0.0, status=sent (delivered to "
         "maildir)",
         "explain.accepted"},
        {"2026-11-22 09:00:01 1r5abc-0001 => bob@example.test R=dnslookup T=remote_smtp H=mx.example.test "
         "[192.0.2.25] C=\"250 2.0.0 Ok\"",
         "explain.accepted"},
        {"host=smtp.example.test tls=on auth=on from=a@example.test recipients=b@example.test mailsize=300 "
         "smtpstatus=250 smtpmsg='250 2.0.0 OK' exitcode=EX_OK",
         "explain.accepted"},
        {"recipients=b@example.test smtpstatus=250 exitcode=EX_OK", "explain.accepted"},
        {R"({"accepted":["bob@example.test"],"rejected":[],"response":"250 2.0.0 OK  1732 - gsmtp"})",
         "explain.accepted"},
        {"220 mx ESMTP\n250 mx\nAUTH PLAIN ****\n535 5.7.8 Error: authentication failed",
         "generic.auth.failed"},
        {"220 mx.example.test ESMTP\nread: Connection reset by peer", "conn.reset"},
    });
}

TEST(PastedTraps, AMessageThatWasHandedOverWithoutAnAnswerIsInDoubt) {
    expect({
        {"250 2.1.5 Ok\nDATA\n354 Go ahead\nread: Connection reset by peer", "outcome.unknown"},
        {"postfix/smtp[1]: 4F2A1: to=<b@example.test>, dsn=4.4.2, status=deferred (conversation with "
         "mx.example.test[192.0.2.25] timed out while sending end of data -- message may be sent more than "
         "once)",
         "outcome.unknown"},
        {"error: the whole message was sent but the server's answer never came", "outcome.unknown"},
    });
    EXPECT_NE(read("354 Go ahead\n250 2.0.0 Ok: queued\nConnection reset by peer").id, "outcome.unknown");
    EXPECT_EQ(read("354 Go ahead\n552 5.3.4 Message too big\nConnection reset by peer").facts.reply->code,
              552);
}

TEST(PastedTraps, TheStatusOfALogIsNotTheServers) {
    const std::string begin = "mx postfix/smtp[4711]: 4F2A1: to=<bob@example.test>, relay=none, delay=450, ";
    expect({
        {begin + "dsn=4.4.1, status=deferred (connect to mx.example.test[192.0.2.25]:25: Connection refused)",
         "conn.refused"},
        {begin + "dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for "
                 "name=example.test type=A: Host not found)",
         "dns.nxdomain"},
        {begin + "dsn=4.4.3, status=deferred (Host or domain name not found. Name service error for "
                 "name=example.test type=MX: Host not found, try again)",
         "dns.temporary"},
        {begin + "dsn=4.7.5, status=deferred (Server certificate not trusted)", "cert.unknown_ca"},
        {begin + "dsn=4.7.4, status=deferred (TLS is required, but was not offered by host "
                 "mx.example.test[192.0.2.25])",
         "starttls.missing"},
        {begin + "dsn=5.3.4, status=bounced (message size 11534336 exceeds size limit 10485760 of server "
                 "mx.example.test[192.0.2.25])",
         "mail.size_exceeded"},
        {"sendmail[1]: x: to=<bob@example.test>, mailer=esmtp, relay=mx.example.test., dsn=5.1.1, stat=User "
         "unknown",
         "generic.rcpt.unknown"},
        {"sendmail[1]: x: to=<bob@example.test>, relay=mx.example.test., dsn=2.0.0, stat=Sent (OK id=1)",
         "explain.accepted"},
    });
}

TEST(PastedTraps, TheSameWordsMeanOtherThingsElsewhere) {
    expect({
        {"InvalidAuthenticationToken: Access token has expired or is not yet valid.", "graph.token_invalid"},
        {"php_network_getaddresses: getaddrinfo failed: Temporary failure in name resolution",
         "dns.temporary"},
        {"Host not found, try again", "dns.temporary"},
        {"EACCES: permission denied, open '/data/report.pdf'", "explain.unrecognised"},
        {"PermissionError: [Errno 13] Permission denied: '/data/report.pdf'", "explain.unrecognised"},
        {"Error: connect EACCES 192.0.2.1:25", "conn.denied_locally"},
    });
}

TEST(PastedTraps, NumbersOfLinesAreNoReplies) {
    EXPECT_EQ(read("mail.log:550 5.1.1 User unknown").words(), "550 5.1.1 User unknown");
    expect({
        {"at Mailer.send (/app/mail.js:535:18)", "explain.unrecognised"},
        {"    at run (flow.js:421:7)", "explain.unrecognised"},
        {"at example.Mail.send(Mail.java:550)", "explain.unrecognised"},
        {"main.main()\n\t/src/main.go:554 +0x1d", "explain.unrecognised"},
    });
}

TEST(PastedTraps, StatusesOfHttpAreNoReplies) {
    expect({
        {"502 Bad Gateway", "explain.unrecognised"},
        {"500 Internal Server Error", "explain.unrecognised"},
        {"429 Too Many Requests", "explain.unrecognised"},
        {"Error: 404 Not Found", "explain.unrecognised"},
    });
    EXPECT_FALSE(read(R"("code":403,"message":"Request had insufficient auth)").facts.reply);
    EXPECT_FALSE(read(R"({"error":{"code":503,"message":"Try later","errors":[{"reason":"x")").facts.reply);
}

TEST(PastedTraps, VersionsAreNoStatuses) {
    expect({
        {"mysql 5.7.30 Ubuntu installed", "explain.unrecognised"},
        {"PHP 5.6.40 (cli)", "explain.unrecognised"},
        {"version 5.7.1 of MySQL", "explain.unrecognised"},
        {"mysql: 5.7.1", "explain.unrecognised"},
    });
    EXPECT_TRUE(read("Status: 5.1.1").facts.reply);
    EXPECT_TRUE(read("said: #5.1.1 User unknown").facts.reply);
}

TEST(PastedTraps, AnErrorOfAnyProgramNamesNoProvider) {
    for (const char* text :
         {R"({"error":{"code":500,"message":"Internal error"}})",
          R"({"kind":"Status","status":"Failure","message":"no pods","reason":"Forbidden","code":403})",
          R"({"error":{"code":"ERR_FOO","message":"no foo"}})", "https://example.test/?error=1",
          "https://example.test/login?error=not%20logged%20in"}) {
        const Read was = read(text);
        EXPECT_EQ(was.id, "explain.unrecognised") << text;
        EXPECT_EQ(was.facts.provider, "") << text;
    }
}

TEST(PastedTraps, WordsAreKnownWithoutTheirCode) {
    expect({
        {"User unknown", "generic.rcpt.unknown_text"},
        {"curl: (6) Could not resolve host: smtp.example.test", "dns.nxdomain"},
        {"curl: (7) Failed to connect to smtp.example.test port 587 after 3 ms: Couldn't connect to server",
         "conn.refused"},
        {"SMTP connect() failed.", "conn.timeout"},
        {"SMTP AUTH extension not supported by server.", "auth.not_offered"},
        {"Application-specific password required", "gmail.auth.app_password_required"},
        {"MailSend: failed to send mail: Application-specific password required",
         "gmail.auth.app_password_required"},
        {"SmtpClientAuthentication is disabled for the Tenant", "outlook.auth.smtp_disabled_tenant"},
        {"Username and Password not accepted", "gmail.auth.bad_credentials"},
        {"smtp: server doesn't support AUTH", "auth.not_offered"},
        {"I like spam and eggs on Sunday mornings", "explain.unrecognised"},
        {"Please try again later", "explain.unrecognised"},
        {"SMTP Error: Could not authenticate.", "generic.auth.failed_bare"},
    });
}

TEST(PastedTraps, OurOwnExplanationIsNotTheServersWords) {
    const Read was = read(
        "error: 550 5.1.1 <bob@example.test>: User unknown\n  The address does not exist there.\n  1. Ask "
        "bob.\nhint: run wfc explain\nwarning: x\n");
    EXPECT_EQ(was.words(), "550 5.1.1 <bob@example.test>: User unknown");
    EXPECT_EQ(read("550 5.1.1 User unknown\nwarning: the log is cut\n1. Ask bob.").words(),
              "550 5.1.1 User unknown");
    EXPECT_EQ(read("MailSend: failed to send mail: 550 5.1.1 User unknown\nThe engine goes on with step 2.")
                  .words(),
              "550 5.1.1 User unknown");
}

TEST(PastedTraps, ManyBackslashesTakeNoTime) {
    const auto begin = std::chrono::steady_clock::now();
    for (const std::size_t count : {std::size_t{40}, std::size_t{60000}})
        EXPECT_EQ(read(std::string(count, '\\') + "n").id, "explain.unrecognised");
    // Far more than it takes on a busy machine, far less than what grows with the square.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace mailsend
