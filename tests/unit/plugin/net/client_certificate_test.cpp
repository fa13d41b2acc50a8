#include <array>
#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <sys/socket.h>

#include "net/certificate.hpp"
#include "net/trust.hpp"
#include "peer.hpp"

namespace {

using mailsend::net::Trust;
using test::facts_of;
using test::patience;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The key as "openssl pkey -aes256" would write it.
std::string encrypted(const std::string& key_pem, bool traditional) {
    BIO* const in = BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size()));
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
    BIO* const out = BIO_new(BIO_s_mem());
    char word[] = "secret";
    if (traditional) {
        PEM_write_bio_PrivateKey_traditional(
            out, key, EVP_aes_128_cbc(), reinterpret_cast<const unsigned char*>(word), 6, nullptr, nullptr);
    } else {
        PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_128_cbc(), word, 6, nullptr, nullptr);
    }
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out, &bytes);
    std::string text(bytes, static_cast<std::size_t>(size));
    EVP_PKEY_free(key);
    BIO_free(in);
    BIO_free(out);
    return text;
}

class ClientCertificate : public testing::Test {
  protected:
    Trust showing(const std::string& pem) const {
        const std::string ca = authority_.certificate_pem();
        return Trust({.ca_pem = ca, .client_pem = pem});
    }
    mailsend::Facts unusable(const std::string& pem) const {
        auto facts = facts_of([&] { showing(pem); });
        EXPECT_EQ(facts.stage, mailsend::Stage::settings);
        EXPECT_EQ(facts.condition, "tls.client_certificate");
        EXPECT_EQ(facts.pointer, "/tls/client_certificate");
        return facts;
    }
    /// A server that needs a certificate of `clients_`; greets whoever has one.
    test::Peer::Serve asking(int maximum = TLS1_3_VERSION) {
        return [this, maximum, certificate = authority_.issue({"mail.example.test"})](int connection) {
            test::TlsAccept tls(connection, certificate, TLS1_2_VERSION, maximum);
            tls.ask_for_certificate(clients_.certificate_pem());
            if (!tls.accept()) return;
            X509* const shown = SSL_get1_peer_certificate(tls.get());
            client_ = mailsend::net::subject_of(shown);
            X509_free(shown);
            const auto* sent = SSL_get_peer_cert_chain(tls.get());
            // Without the certificate itself, on this side.
            chain_length_ = sent == nullptr ? 0 : sk_X509_num(sent);
            tls.write("220 hello\r\n");
            tls.read();
        };
    }
    /// Shakes hands and reads the greeting: TLS 1.3 refuses a client only then.
    static std::string greeted(const test::Peer& peer, const Trust& trust) {
        const auto stream = peer.connect();
        stream->start_tls(trust, "mail.example.test", patience());
        std::array<char, 64> bytes{};
        return {bytes.data(), stream->read(bytes.data(), bytes.size(), patience())};
    }
    static mailsend::Facts refused(test::Peer::Serve serve, const Trust& trust) {
        test::Peer peer(std::move(serve));
        auto facts = facts_of([&] { greeted(peer, trust); });
        EXPECT_EQ(facts.stage, mailsend::Stage::tls);
        EXPECT_EQ(facts.details["host"], "mail.example.test");
        return facts;
    }

    inbox::Authority authority_;
    inbox::Authority clients_{"Client Authority"};
    inbox::Certificate alice_ = clients_.issue_client("alice");
    std::string client_;
    int chain_length_ = 0;
};

TEST_F(ClientCertificate, IsShownToAServerThatAsks) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        test::Peer peer(asking(version));
        EXPECT_EQ(greeted(peer, showing(alice_.certificate_pem + alice_.key_pem)), "220 hello\r\n");
        peer.finish();
        EXPECT_EQ(client_, "CN=alice");
        EXPECT_EQ(chain_length_, 0);
    }
}

TEST_F(ClientCertificate, IsFoundWhateverTheOrderAndSentWithoutItsRoot) {
    const std::string ca = clients_.certificate_pem();
    for (const std::string& pem : {alice_.key_pem + ca + alice_.certificate_pem,
                                   "subject=alice\n" + alice_.certificate_pem + ca + alice_.key_pem}) {
        test::Peer peer(asking());
        EXPECT_EQ(greeted(peer, showing(pem)), "220 hello\r\n");
        peer.finish();
        EXPECT_EQ(client_, "CN=alice");
        EXPECT_EQ(chain_length_, 0);
    }
}

TEST_F(ClientCertificate, IsNotMissedByAServerThatDoesNotAsk) {
    test::Peer peer(test::greet_under_tls(authority_.issue({"mail.example.test"})));
    EXPECT_EQ(greeted(peer, showing(alice_.certificate_pem + alice_.key_pem)), "220 hello\r\n");
}

TEST_F(ClientCertificate, IsMissedInOneWordWhenAServerAsksAndThereIsNone) {
    const Trust bare(authority_.certificate_pem(), mailsend::net::TlsVersion::tls1_2);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto facts = refused(asking(version), bare);
        EXPECT_EQ(facts.condition, "tls.client_cert") << version;
        EXPECT_EQ(facts.sentence, "mail.example.test asks for a client certificate");
    }
}

TEST_F(ClientCertificate, ThatIsMissedWithoutAWordIsMentionedAndNoMore) {
    const Trust bare(authority_.certificate_pem(), mailsend::net::TlsVersion::tls1_2);
    const auto certificate = authority_.issue({"mail.example.test"});
    const auto hung_up = [&](bool asks) {
        return refused(
            [&, asks](int connection) {
                test::TlsAccept tls(connection, certificate, TLS1_2_VERSION, TLS1_2_VERSION);
                if (asks) SSL_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
                SSL_set_info_callback(tls.get(), [](const SSL* ssl, int, int) {
                    const auto state = SSL_get_state(ssl);
                    if (state == TLS_ST_SR_CERT || state == TLS_ST_SR_KEY_EXCH) {
                        ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
                    }
                });
                tls.accept();
            },
            bare);
    };
    const auto asked = hung_up(true);
    EXPECT_THAT(asked.condition, testing::AnyOf("tls.eof", "tls.reset"));
    EXPECT_THAT(asked.sentence, HasSubstr("it had asked for a client certificate and was shown none"));
    EXPECT_THAT(hung_up(false).sentence, Not(HasSubstr("client certificate")));
}

TEST_F(ClientCertificate, ThatIsMissedIsKnownUntilTheServerSpeaks) {
    const auto missed = [&](bool asks, const Trust& trust, bool speaks) {
        test::Peer peer([&](int connection) {
            test::TlsAccept tls(connection, authority_.issue({"mail.example.test"}));
            if (asks) tls.ask_for_certificate(clients_.certificate_pem());
            if (asks) SSL_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
            if (!tls.accept()) return;
            if (speaks) tls.write("220 hello\r\n");
            ::shutdown(connection, SHUT_WR);
            test::drain(connection);
        });
        const auto stream = peer.connect();
        stream->start_tls(trust, "mail.example.test", patience());
        std::array<char, 64> bytes{};
        EXPECT_EQ(stream->read(bytes.data(), bytes.size(), patience()) > 0, speaks);
        const bool result = stream->tls()->certificate_missed;
        stream->close();
        return result;
    };
    const Trust bare(authority_.certificate_pem(), mailsend::net::TlsVersion::tls1_2);
    EXPECT_TRUE(missed(true, bare, false));
    EXPECT_FALSE(missed(true, bare, true));
    EXPECT_FALSE(missed(false, bare, false));
    EXPECT_FALSE(missed(true, showing(alice_.certificate_pem + alice_.key_pem), false));
}

TEST_F(ClientCertificate, ThatTheServerRefusesSaysWhy) {
    const auto expired = clients_.issue_client("alice", -7200, -3600);
    const auto stranger = inbox::Authority("Client Authority").issue_client("alice");
    const auto server_only = clients_.issue({"alice"});
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const auto& [certificate, why] :
             {std::pair(expired, "expired"), std::pair(stranger, "authority that it does not know"),
              std::pair(server_only, "not acceptable")}) {
            const auto facts =
                refused(asking(version), showing(certificate.certificate_pem + certificate.key_pem));
            EXPECT_EQ(facts.condition, "tls.client_cert_refused") << why;
            EXPECT_THAT(facts.sentence,
                        AllOf(HasSubstr("mail.example.test refused the client certificate"), HasSubstr(why)));
        }
    }
}

TEST_F(ClientCertificate, NeedsCertificateAndKeyInOneText) {
    EXPECT_THAT(unusable("hello").sentence, HasSubstr("is not PEM text"));
    EXPECT_THAT(unusable(alice_.key_pem).sentence, HasSubstr("holds a private key but no certificate"));
    EXPECT_THAT(unusable(alice_.certificate_pem).sentence, HasSubstr("holds no private key"));
}

TEST_F(ClientCertificate, NeedsTheKeyOfThatCertificate) {
    const auto other = clients_.issue_client("bob");
    EXPECT_THAT(unusable(alice_.certificate_pem + other.key_pem).sentence,
                HasSubstr("does not belong to its certificate"));
    EXPECT_THAT(unusable(alice_.certificate_pem + alice_.key_pem + other.key_pem).sentence,
                HasSubstr("more than one private key"));
}

TEST_F(ClientCertificate, WithAnEncryptedKeySaysHowToDecryptIt) {
    for (const bool traditional : {false, true}) {
        EXPECT_THAT(unusable(alice_.certificate_pem + encrypted(alice_.key_pem, traditional)).sentence,
                    AllOf(HasSubstr("encrypted"), HasSubstr("openssl pkey -in")));
    }
}

TEST_F(ClientCertificate, ThatIsDamagedIsRefusedWithoutQuotingIt) {
    std::string bad_key = alice_.key_pem;
    bad_key.replace(bad_key.size() / 2, 8, "!!!!!!!!");
    std::string bad_certificate = alice_.certificate_pem;
    bad_certificate.replace(bad_certificate.size() / 2, 8, "!!!!!!!!");
    const std::string cut = alice_.key_pem.substr(0, alice_.key_pem.size() - 40);
    const std::string body = alice_.key_pem.substr(30, 20);
    for (const auto& [pem, why] :
         {std::pair(alice_.certificate_pem + bad_key, "key that cannot be read"),
          std::pair(bad_certificate + alice_.key_pem, "certificate that cannot be read"),
          std::pair(alice_.certificate_pem + cut, "was it cut off?"),
          std::pair(std::string("-----BEGIN "), "does not begin properly"),
          std::pair(std::string((1U << 20U) + 1, 'x'), "larger than 1 MiB")}) {
        EXPECT_THAT(unusable(pem).sentence, AllOf(HasSubstr(why), Not(HasSubstr(body))));
    }
    const std::string whole = alice_.certificate_pem + alice_.key_pem;
    for (const auto& [instead, why] :
         {std::pair("\\n", "the two characters \"\\n\" where lines should end"),
          std::pair("\\r\\n", "the two characters \"\\n\" where lines should end"),
          std::pair(" ", "lost its line breaks"), std::pair("", "lost its line breaks")}) {
        std::string flat = whole;
        for (std::size_t at = 0; (at = flat.find('\n', at)) != flat.npos;) flat.replace(at, 1, instead);
        EXPECT_THAT(unusable(flat).sentence, AllOf(HasSubstr(why), Not(HasSubstr(body)))) << flat;
    }
    std::string many = alice_.key_pem;
    for (int i = 0; i < 17; ++i) many += alice_.certificate_pem;
    EXPECT_THAT(unusable(many).sentence, HasSubstr("more than 16 certificates"));
}

}  // namespace
