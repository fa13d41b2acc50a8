#include "smtp/session.hpp"

#include "crypto/base64.hpp"
#include "unit/plugin/smtp/dialogue.hpp"

namespace mailsend::smtp {
namespace {

sasl::Credentials alice() {
    return {"alice", wfc::SecretString("secret")};
}

SessionOptions with_starttls() {
    SessionOptions options = in_clear();
    options.protection = Protection::starttls;
    return options;
}

TEST(Session, SaysNothingBeforeTheGreeting) {
    Dialogue server(in_clear());
    EXPECT_EQ(server.session.want(), Session::Want::read);
    EXPECT_EQ(server.session.stage(), Stage::greeting);
    EXPECT_EQ(server.said(), "");
    EXPECT_EQ(server.reply("220 hello"), "EHLO client.example.test");
}

TEST(Session, IsReadyAfterEhloWhenNothingElseIsAsked) {
    Dialogue server(in_clear());
    server.reply("220 hello");
    EXPECT_EQ(server.reply("250 mail.example.test"), "");
    EXPECT_TRUE(server.session.ready());
    EXPECT_EQ(server.session.want(), Session::Want::nothing);
}

TEST(Session, StopsWhenStartTlsIsNotOffered) {
    Dialogue server(with_starttls());
    server.reply("220 hello");
    const Facts facts = server.fails_on("250-mail.example.test\r\n250 STARTTLSX\r\n");
    EXPECT_EQ(facts.condition, "starttls.missing");
    EXPECT_EQ(facts.stage, Stage::starttls);
    EXPECT_TRUE(server.session.in_step()) << "QUIT may still be said";
}

TEST(Session, ForgetsWhatWasOfferedInClear) {
    const sasl::Credentials credentials = alice();
    SessionOptions options = with_starttls();
    options.credentials = &credentials;
    Dialogue server(std::move(options));
    server.reply("220 hello");
    EXPECT_EQ(server.reply("250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN"), "STARTTLS");
    server.reply("220 go");
    ASSERT_EQ(server.session.want(), Session::Want::tls);
    server.session.tls_established();
    EXPECT_EQ(server.said(), "EHLO client.example.test");
    const Facts facts = server.fails_on("250 mail\r\n");
    EXPECT_EQ(facts.condition, "auth.not_offered");
}

TEST(Session, TreatsBytesBehindTheReplyToStartTlsAsAnAttack) {
    Dialogue server(with_starttls());
    server.reply("220 hello");
    server.reply("250-mail\r\n250 STARTTLS");
    const Facts facts = server.fails_on("220 go\r\n250 injected\r\n");
    EXPECT_EQ(facts.condition, "starttls.injection");
    EXPECT_FALSE(server.session.in_step());
}

TEST(Session, TreatsAPartialLineBehindTheReplyToStartTlsAsAnAttack) {
    Dialogue server(with_starttls());
    server.reply("220 hello");
    server.reply("250-mail\r\n250 STARTTLS");
    EXPECT_EQ(server.fails_on("220 go\r\n2").condition, "starttls.injection");
}

TEST(Session, SignsInOnlyUnderTlsUnlessAllowed) {
    const sasl::Credentials credentials = alice();
    SessionOptions options = in_clear();
    options.credentials = &credentials;
    Dialogue server(options);
    server.reply("220 hello");
    EXPECT_EQ(server.fails_on("250-mail\r\n250 AUTH PLAIN\r\n").condition, "auth.cleartext_forbidden");
    options.allow_cleartext_auth = true;
    Dialogue allowed(std::move(options));
    allowed.reply("220 hello");
    EXPECT_EQ(allowed.reply("250-mail\r\n250 AUTH PLAIN"), "AUTH PLAIN AGFsaWNlAHNlY3JldA==");
    allowed.reply("235 ok");
    EXPECT_TRUE(allowed.session.ready());
    EXPECT_EQ(allowed.session.mechanism(), "PLAIN");
}

TEST(Session, NamesTheMechanismsWhenNoneFits) {
    const sasl::Credentials credentials = alice();
    SessionOptions options = in_clear();
    options.credentials = &credentials;
    options.allow_cleartext_auth = true;
    Dialogue server(std::move(options));
    server.reply("220 hello");
    const Facts facts = server.fails_on("250-mail\r\n250 AUTH NTLM GSSAPI\r\n");
    EXPECT_EQ(facts.condition, "auth.no_mechanism");
    EXPECT_NE(facts.sentence.find("NTLM GSSAPI"), std::string::npos);
}

/// A session with `credentials` in clear, at its AUTH line.
struct SigningIn {
    explicit SigningIn(sasl::Credentials given, const std::string& offered, const std::string& wanted = {})
        : credentials(std::move(given)), server(options_for(wanted)) {
        server.reply("220 hello");
        auth = server.reply("250-mail\r\n250 AUTH " + offered);
    }
    SessionOptions options_for(const std::string& wanted) {
        SessionOptions options = in_clear();
        options.credentials = &credentials;
        options.mechanism = wanted;
        options.allow_cleartext_auth = true;
        options.replied = [this](Stage, const Reply& reply) { log += reply.lines.front() + "\n"; };
        return options;
    }
    Facts closed() {
        try {
            server.session.closed_by_peer();
        } catch (const Failure& failure) {
            return failure.facts();
        }
        ADD_FAILURE() << "no failure";
        return {};
    }

    sasl::Credentials credentials;
    std::string log;
    Dialogue server;
    std::string auth;
};

TEST(Session, NamesTheMechanismAskedForAndThoseOffered) {
    try {
        const SigningIn session(alice(), "PLAIN LOGIN", "CRAM-MD5");
        ADD_FAILURE() << "no failure";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.facts().condition, "auth.no_mechanism");
        EXPECT_EQ(failure.facts().sentence, "the settings ask for CRAM-MD5; the server offers PLAIN LOGIN");
        EXPECT_EQ(failure.facts().details.at("names"), "PLAIN LOGIN");
    }
}

TEST(Session, RemembersWhyItGaveTheLoginUpWhenTheServerCloses) {
    SigningIn session(alice(), "PLAIN");
    EXPECT_FALSE(session.server.session.hopeless());
    EXPECT_EQ(session.server.reply("334 more"), "*");
    ASSERT_TRUE(session.server.session.hopeless());
    EXPECT_EQ(session.server.session.hopeless()->condition, "auth.challenge");
    EXPECT_EQ(session.closed().condition, "auth.challenge");
    EXPECT_FALSE(session.server.session.in_step());
}

TEST(Session, SaysThatTheServerClosedWhereTheLoginMightHaveSucceeded) {
    SigningIn session(alice(), "PLAIN");
    EXPECT_EQ(session.closed().condition, "conn.closed");
}

TEST(Session, ShowsNoCredentialsThatTheServerRepeatsAfterItsRefusal) {
    SigningIn session(alice(), "PLAIN");
    session.log.clear();
    session.server.fails_on("500 what?\r\n");
    session.server.session.quit();
    session.server.said();
    session.server.reply("500 AGFsaWNlAHNlY3JldA== what?");
    EXPECT_EQ(session.log, "500 what?\n500 **** what?\n");
}

TEST(Session, AnswersAChallengeThatRepeatsItsNonceAsItCame) {
    // With this user name the nonce stands at the same place of a base64 group in both messages, so that the
    // server's has a long run in common with ours.
    SigningIn session({"alice1", wfc::SecretString("secret")}, "SCRAM-SHA-256");
    const std::string first =
        crypto::base64_decode(session.auth.substr(std::string_view("AUTH SCRAM-SHA-256 ").size())).value();
    const std::string challenge =
        crypto::base64_encode(first.substr(first.find("r=")) + "theirs,s=QSXCR+Q6sek8bf92,i=4096");
    ASSERT_NE(session.auth.find(challenge.substr(0, 16)), std::string::npos);
    const std::string answer = session.server.reply("334 " + challenge);
    EXPECT_EQ(crypto::base64_decode(answer).value().substr(0, 9), "c=biws,r=");
    EXPECT_EQ(session.log.find(challenge.substr(0, 16)), std::string::npos) << "the log need not have it";
}

TEST(Session, FallsBackToHeloForServersWithoutEhlo) {
    Dialogue server(in_clear());
    server.reply("220 hello");
    EXPECT_EQ(server.reply("502 what?"), "HELO client.example.test");
    server.reply("250 mail");
    EXPECT_TRUE(server.session.ready());
}

TEST(Session, DoesNotFallBackToHeloWhereTlsIsRequired) {
    Dialogue server(with_starttls());
    server.reply("220 hello");
    const Facts facts = server.fails_on("502 what?\r\n");
    EXPECT_EQ(facts.stage, Stage::ehlo);
    EXPECT_EQ(facts.reply->code, 502);
}

TEST(Session, ReportsARefusalInsteadOfAGreeting) {
    Dialogue server(in_clear());
    const Facts facts = server.fails_on("554 5.7.1 go away\r\n");
    EXPECT_EQ(facts.stage, Stage::greeting);
    EXPECT_EQ(facts.reply->code, 554);
    EXPECT_TRUE(server.session.in_step());
}

TEST(Session, IsOutOfStepAfter421) {
    Dialogue server(in_clear());
    server.fails_on("421 too busy\r\n");
    EXPECT_FALSE(server.session.in_step()) << "the server closes the channel (RFC 5321 3.8)";
}

TEST(Session, NamesOtherProtocolsOnThePort) {
    Dialogue server(in_clear());
    const Facts facts = server.fails_on("* OK IMAP4rev1 ready\r\n");
    EXPECT_EQ(facts.condition, "greet.not_smtp");
    EXPECT_NE(facts.sentence.find("* OK IMAP4rev1"), std::string::npos);
}

TEST(Session, RecognisesATlsAlertInsteadOfAGreeting) {
    Dialogue server(in_clear());
    EXPECT_EQ(server.fails_on(std::string("\x15\x03\x01\x00\x02\x02\x46", 7)).condition, "greet.tls_alert");
}

TEST(Session, EndsAtOnceWhenTheServerClosesInsideAReply) {
    Dialogue server(in_clear());
    server.reply("220 hello");
    server.session.received("250-one\r\n");
    try {
        server.session.closed_by_peer();
        FAIL() << "no failure";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.facts().condition, "conn.closed");
        EXPECT_EQ(failure.facts().stage, Stage::ehlo);
    }
}

TEST(Session, RefusesAReplyThatNobodyWaitsFor) {
    Dialogue server(in_clear());
    server.reply("220 hello");
    const Facts facts = server.fails_on("250 mail\r\n250 and more\r\n");
    EXPECT_EQ(facts.condition, "protocol.garbage");
    EXPECT_FALSE(server.session.in_step());
}

TEST(Session, RefusesRepliesToCommandsThatHaveNotLeftYet) {
    Dialogue server(in_clear());
    EXPECT_EQ(server.fails_on("220 hello\r\n250 mail\r\n").condition, "protocol.garbage");
    EXPECT_FALSE(server.session.in_step());
}

TEST(Session, TakesA421ThatComesBehindAReply) {
    Dialogue server(in_clear());
    server.reply("220 hello");
    server.reply("250 mail");
    const Facts facts = server.fails_on("421 4.3.2 shutting down\r\n");
    EXPECT_EQ(facts.reply->code, 421);
    EXPECT_TRUE(facts.condition.empty()) << "the server's own words are the message";
}

TEST(Session, StartsWithTheHandshakeUnderImplicitTls) {
    SessionOptions options = in_clear();
    options.protection = Protection::implicit_tls;
    Dialogue server(std::move(options));
    EXPECT_EQ(server.session.want(), Session::Want::tls);
    EXPECT_EQ(server.session.stage(), Stage::tls);
    server.session.tls_established();
    EXPECT_EQ(server.session.stage(), Stage::greeting);
    EXPECT_EQ(server.reply("220 hello"), "EHLO client.example.test");
}

TEST(Session, ShowsTheLogNoCredentials) {
    const sasl::Credentials credentials = alice();
    std::string log;
    SessionOptions options = in_clear();
    options.credentials = &credentials;
    options.allow_cleartext_auth = true;
    options.sent = [&](Stage, std::string_view line) { log.append(line).append("\n"); };
    Dialogue server(std::move(options));
    server.reply("220 hello");
    server.reply("250-mail\r\n250 AUTH PLAIN");
    EXPECT_EQ(log, "EHLO client.example.test\nAUTH PLAIN ****\n");
}

}  // namespace
}  // namespace mailsend::smtp
