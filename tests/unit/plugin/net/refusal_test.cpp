/// Peers that end a handshake in other ways than by a bad certificate.

#include <array>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "peer.hpp"

namespace {

using mailsend::net::TlsVersion;
using mailsend::net::Trust;
using test::facts_of;
using test::patience;
using test::Peer;
using testing::HasSubstr;
using namespace std::chrono_literals;

const inbox::Authority& authority() {
    static const inbox::Authority one;
    return one;
}

mailsend::Facts refused(Peer::Serve serve, TlsVersion minimum = TlsVersion::tls1_2) {
    const Trust trust(authority().certificate_pem(), minimum);
    Peer peer(std::move(serve));
    const auto stream = peer.connect();
    auto facts = facts_of([&] { stream->start_tls(trust, "mail.example.test", patience()); });
    EXPECT_EQ(facts.stage, mailsend::Stage::tls);
    EXPECT_THAT(facts.sentence, HasSubstr("mail.example.test"));
    return facts;
}

inbox::Certificate good() {
    return authority().issue({"mail.example.test"});
}

/// Reads the ClientHello, so that what follows is an answer.
void await_hello(int connection) {
    std::array<char, 1024> bytes{};
    ::recv(connection, bytes.data(), bytes.size(), 0);
}

TEST(HandshakeRefused, QuotesAPlaintextServer) {
    const auto facts = refused([](int connection) {
        test::say(connection, "220 mail.example.test ESMTP Postfix\r\n");
        test::drain(connection);
    });
    EXPECT_EQ(facts.condition, "tls.plaintext_server");
    EXPECT_EQ(
        facts.sentence,
        "mail.example.test does not speak TLS on this port; it said: 220 mail.example.test ESMTP Postfix");
    EXPECT_EQ(facts.details.at("said"), "220 mail.example.test ESMTP Postfix");
}

TEST(HandshakeRefused, QuotesAPlaintextServerThatAnswersLate) {
    const auto facts = refused([](int connection) {
        await_hello(connection);
        test::say(connection, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    EXPECT_EQ(facts.condition, "tls.plaintext_server");
    EXPECT_EQ(facts.details.at("said"), "HTTP/1.1 400 Bad Request");
}

TEST(HandshakeRefused, DoesNotQuoteWhatIsNotText) {
    const auto facts =
        refused([](int connection) { test::say(connection, "\x01\x02\x03\x04\x05\x06\x07\x08"); });
    EXPECT_EQ(facts.condition, "tls.plaintext_server");
    EXPECT_EQ(facts.details.at("said"), "");
    EXPECT_EQ(facts.sentence, "mail.example.test does not speak TLS on this port");
}

TEST(HandshakeRefused, TellsAnEndFromAReset) {
    EXPECT_EQ(refused(await_hello).condition, "tls.eof");
    EXPECT_EQ(refused([](int connection) {
                  await_hello(connection);
                  test::reset(connection);
              }).condition,
              "tls.reset");
}

TEST(HandshakeRefused, SaysThatTheServerIsTooOld) {
    const auto facts =
        refused(test::greet_under_tls(good(), TLS1_2_VERSION, TLS1_2_VERSION), TlsVersion::tls1_3);
    EXPECT_EQ(facts.condition, "tls.version_server");
}

TEST(HandshakeRefused, SaysThatTheServerChoseAVersionThatIsNotAllowed) {
    // A ServerHello of TLS 1.0: record, handshake header, version, random, empty session, cipher,
    // compression.
    const auto facts = refused([](int connection) {
        await_hello(connection);
        std::string hello("\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01", 11);
        hello += std::string(32, 'r') + std::string("\x00\x00\x2f\x00", 4);
        test::say(connection, hello);
        test::drain(connection);
    });
    EXPECT_EQ(facts.condition, "tls.version_local");
}

TEST(HandshakeRefused, SaysThatThereIsNoCommonCipher) {
    const auto facts = refused([](int connection) {
        test::TlsAccept tls(connection, good(), TLS1_2_VERSION, TLS1_2_VERSION);
        // The client offers none for RSA keys alone, and the server has an EC key.
        SSL_set_cipher_list(tls.get(), "AES128-SHA");
        tls.accept();
    });
    EXPECT_EQ(facts.condition, "tls.no_cipher");
}

TEST(HandshakeRefused, KeepsTheReasonOfOtherAlerts) {
    const auto facts = refused([](int connection) {
        await_hello(connection);
        test::say(connection, std::string("\x15\x03\x03\x00\x02\x02\x50", 7));  // fatal, internal_error
        test::drain(connection);
    });
    EXPECT_EQ(facts.condition, "tls.handshake");
    EXPECT_EQ(facts.details.at("tls_reason"), "1080");
    EXPECT_THAT(facts.sentence, HasSubstr("internal error"));
}

TEST(HandshakeRefused, LearnsAtTheFirstReadThatAClientCertificateIsWanted) {
    Peer peer([](int connection) {
        test::TlsAccept tls(connection, good());
        SSL_set_verify(tls.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        tls.accept();
        test::drain(connection);
    });
    const Trust trust(authority().certificate_pem(), TlsVersion::tls1_2);
    const auto stream = peer.connect();
    stream->start_tls(trust, "mail.example.test", patience());
    std::array<char, 16> bytes{};
    const auto facts = facts_of([&] { stream->read(bytes.data(), bytes.size(), patience()); });
    EXPECT_EQ(facts.condition, "tls.client_cert");
}

}  // namespace
