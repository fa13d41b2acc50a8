#include <array>
#include <gmock/gmock.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include "peer.hpp"

namespace {

using mailsend::Cancelled;
using mailsend::net::TimedOut;
using mailsend::net::TlsVersion;
using mailsend::net::Trust;
using test::facts_of;
using test::patience;
using test::Peer;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// One authority that the client trusts.
class Handshake : public testing::Test {
  protected:
    mailsend::Facts refused(Peer::Serve serve, const std::string& host = "mail.example.test") const {
        return refused(std::move(serve), host, trust_);
    }
    static mailsend::Facts refused(Peer::Serve serve, const std::string& host, const Trust& trust) {
        Peer peer(std::move(serve));
        const auto stream = peer.connect();
        auto facts = facts_of([&] { stream->start_tls(trust, host, patience()); });
        EXPECT_EQ(facts.stage, mailsend::Stage::tls);
        EXPECT_EQ(facts.details["host"], host);
        EXPECT_FALSE(stream->tls());
        return facts;
    }

    inbox::Authority authority_;
    Trust trust_{authority_.certificate_pem(), TlsVersion::tls1_2};
};

TEST_F(Handshake, AgreesOnTls13) {
    Peer peer(test::greet_under_tls(authority_.issue({"mail.example.test"})));
    const auto stream = peer.connect();
    stream->start_tls(trust_, "mail.example.test", patience());
    const auto facts = stream->tls();
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->version, "TLSv1.3");
    EXPECT_THAT(facts->cipher, HasSubstr("TLS_"));
    EXPECT_EQ(facts->subject, "CN=mail.example.test");
    EXPECT_GT(facts->not_after_unix, ::time(nullptr));
    EXPECT_FALSE(facts->resumed);
    std::array<char, 64> bytes{};
    EXPECT_EQ(std::string(bytes.data(), stream->read(bytes.data(), bytes.size(), patience())),
              "220 hello\r\n");
    EXPECT_EQ(ERR_peek_error(), 0U);
    stream->close();
}

TEST_F(Handshake, AgreesOnTls12) {
    Peer peer(test::greet_under_tls(authority_.issue({"mail.example.test"}), TLS1_2_VERSION, TLS1_2_VERSION));
    const auto stream = peer.connect();
    stream->start_tls(trust_, "mail.example.test.", patience());
    EXPECT_EQ(stream->tls()->version, "TLSv1.2");
    stream->close();
}

TEST_F(Handshake, ChecksAddressesToo) {
    Peer peer(test::greet_under_tls(authority_.issue({"127.0.0.1"})));
    const auto stream = peer.connect();
    EXPECT_NO_THROW(stream->start_tls(trust_, "127.0.0.1", patience()));
    stream->close();
    const auto facts = refused(test::greet_under_tls(authority_.issue({"127.0.0.1"})), "127.0.0.2");
    EXPECT_EQ(facts.condition, "cert.host_mismatch");
    EXPECT_EQ(facts.details.at("names"), "127.0.0.1");
}

TEST_F(Handshake, SendsTheNameButNeverAnAddress) {
    for (const std::string host : {"mail.example.test", "127.0.0.1"}) {
        std::string asked;
        Peer peer([&](int connection) {
            test::TlsAccept tls(connection, authority_.issue({host}));
            tls.accept();
            const char* name = SSL_get_servername(tls.get(), TLSEXT_NAMETYPE_host_name);
            asked = name == nullptr ? "nothing" : name;
        });
        const auto stream = peer.connect();
        stream->start_tls(trust_, host, patience());
        peer.finish();
        EXPECT_EQ(asked, host == "127.0.0.1" ? "nothing" : host);
    }
}

TEST_F(Handshake, RefusesAnotherName) {
    const auto facts = refused(test::greet_under_tls(authority_.issue({"a.example.org", "b.example.org"})));
    EXPECT_EQ(facts.condition, "cert.host_mismatch");
    EXPECT_EQ(facts.details.at("names"), "a.example.org, b.example.org");
    EXPECT_EQ(facts.sentence,
              "the certificate of mail.example.test is made out to a.example.org, b.example.org, "
              "not to mail.example.test");
}

TEST_F(Handshake, RefusesAnotherNameBehindAStallBeforeASecretCanBeSent) {
    std::string heard = "nothing yet";
    Peer peer([&](int connection) {
        std::this_thread::sleep_for(500ms);
        test::TlsAccept tls(connection, authority_.issue({"other.example.org"}));
        heard = tls.accept() ? tls.read() : "";
    });
    {
        const auto stream = peer.connect();
        const auto facts = facts_of([&] { stream->start_tls(trust_, "mail.example.test", patience()); });
        EXPECT_EQ(facts.condition, "cert.host_mismatch");
        // Nor can the broken stream be talked into sending it in clear.
        EXPECT_EQ(facts_of([&] { stream->write("AUTH secret", patience()); }).condition, "conn.reset");
        EXPECT_FALSE(stream->tls());
    }
    peer.finish();
    EXPECT_EQ(heard, "");
}

TEST_F(Handshake, RefusesAnEmptyName) {
    EXPECT_EQ(refused(test::greet_under_tls(authority_.issue({"mail.example.test"})), "").condition,
              "tls.handshake");
}

TEST_F(Handshake, SaysWhenACertificateExpired) {
    const auto facts = refused(test::greet_under_tls(authority_.issue({"mail.example.test"}, -7200, -3600)));
    EXPECT_EQ(facts.condition, "cert.expired");
    EXPECT_THAT(facts.sentence, HasSubstr("the certificate of mail.example.test expired on 20"));
    EXPECT_THAT(facts.details.at("not_after"), testing::ContainsRegex("^20..-..-..T..:..:..Z$"));
    EXPECT_LT(facts.details.at("not_after"), facts.details.at("now"));
}

TEST_F(Handshake, SaysWhenACertificateIsNotYetValid) {
    const auto facts = refused(test::greet_under_tls(authority_.issue({"mail.example.test"}, 3600, 7200)));
    EXPECT_EQ(facts.condition, "cert.not_yet_valid");
    EXPECT_GT(facts.details.at("not_before"), facts.details.at("now"));
}

TEST_F(Handshake, NamesEveryFaultOfACertificate) {
    const auto facts = refused(test::greet_under_tls(authority_.issue({"other.example.org"}, -7200, -3600)));
    EXPECT_EQ(facts.condition, "cert.host_mismatch");
    EXPECT_EQ(facts.details.at("also"), "cert.expired");
}

TEST_F(Handshake, RefusesAnUnknownAuthorityEvenOneOfTheSameName) {
    const inbox::Authority other;
    const auto facts = refused(test::greet_under_tls(other.issue({"mail.example.test"})));
    EXPECT_EQ(facts.condition, "cert.unknown_ca");
    EXPECT_EQ(facts.details.at("issuer"), "Inbox Test Authority");
    EXPECT_EQ(facts.details.at("chain_length"), "1");
    EXPECT_THAT(facts.sentence, HasSubstr("Inbox Test Authority"));
}

TEST_F(Handshake, RefusesACertificateSignedByItself) {
    const auto facts = refused(test::greet_under_tls(inbox::Authority::self_signed({"mail.example.test"})));
    EXPECT_EQ(facts.condition, "cert.self_signed");
}

TEST_F(Handshake, NamesTheRootOfAChainThatIsNotTrusted) {
    const inbox::Authority other("Mail Shield Root");
    inbox::Certificate leaf = other.issue({"mail.example.test"});
    const auto facts = refused([&](int connection) {
        test::TlsAccept tls(connection, leaf);
        tls.add_to_chain(other.certificate_pem());
        tls.accept();
    });
    EXPECT_EQ(facts.condition, "cert.self_signed_chain");
    EXPECT_THAT(facts.sentence, HasSubstr("Mail Shield Root"));
}

TEST_F(Handshake, TrustsOneServersOwnCertificateWhenItIsTheCaFile) {
    const auto own = inbox::Authority::self_signed({"mail.example.test"});
    const Trust trust(own.certificate_pem, TlsVersion::tls1_2);
    Peer peer(test::greet_under_tls(own));
    const auto stream = peer.connect();
    EXPECT_NO_THROW(stream->start_tls(trust, "mail.example.test", patience()));
}

TEST_F(Handshake, DoesNotTrustAPrivateAuthorityByTheSystemStore) {
    const Trust system("", TlsVersion::tls1_2);
    const auto facts =
        refused(test::greet_under_tls(authority_.issue({"mail.example.test"})), "mail.example.test", system);
    EXPECT_EQ(facts.condition, "cert.unknown_ca");
}

TEST_F(Handshake, IsCancelledWhileThePeerSaysNothing) {
    Peer peer([](int connection) { test::drain(connection); });
    const auto stream = peer.connect();
    const double took = test::elapsed_ms([&] {
        EXPECT_THROW(stream->start_tls(trust_, "mail.example.test", patience(10s, 100ms)), Cancelled);
    });
    EXPECT_LT(took, 1000);
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(Handshake, EndsAtTheStagesTimeoutAndAtTheDeadline) {
    Peer peer([](int connection) { test::drain(connection); });
    for (const bool overall : {false, true}) {
        const auto stream = peer.connect();
        const auto limit = overall ? patience(200ms) : patience(10s).within(200);
        try {
            const double took =
                test::elapsed_ms([&] { stream->start_tls(trust_, "mail.example.test", limit); });
            ADD_FAILURE() << "the handshake ended after " << took << " ms";
        } catch (const TimedOut& late) {
            EXPECT_EQ(late.overall(), overall);
        }
    }
}

}  // namespace
