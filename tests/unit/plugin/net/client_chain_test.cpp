/// The chain that goes with a client certificate, as the server gets it.

#include <gmock/gmock.h>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "net/certificate.hpp"
#include "net/trust.hpp"
#include "peer.hpp"

namespace {

using mailsend::net::Trust;
using testing::ElementsAre;
using testing::IsEmpty;

template <auto Free>
struct Release {
    template <class T>
    void operator()(T* pointer) const noexcept {
        Free(pointer);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;

/// A certificate with its key that can issue others.
struct Link {
    std::unique_ptr<X509, Release<X509_free>> certificate;
    Key key;

    std::string pem() const {
        const Bio out(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509(out.get(), certificate.get());
        return text(out.get());
    }
    std::string key_pem() const {
        const Bio out(BIO_new(BIO_s_mem()));
        PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        return text(out.get());
    }

  private:
    static std::string text(BIO* out) {
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(out, &bytes);
        return {bytes, static_cast<std::size_t>(size)};
    }
};

/// Issued by `issuer`, or by itself.
Link issue(const std::string& name, const Link* issuer) {
    Link made;
    made.certificate.reset(X509_new());
    made.key.reset(EVP_EC_gen("P-256"));
    X509* const one = made.certificate.get();
    X509_set_version(one, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(one), static_cast<long>(std::hash<std::string>{}(name) >> 34));
    X509_gmtime_adj(X509_getm_notBefore(one), -3600);
    X509_gmtime_adj(X509_getm_notAfter(one), 3600);
    X509_set_pubkey(one, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(one), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    const Link& by = issuer == nullptr ? made : *issuer;
    X509_set_issuer_name(one, X509_get_subject_name(by.certificate.get()));
    const std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>> authority(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE"));
    X509_add_ext(one, authority.get(), -1);
    X509_sign(one, by.key.get(), EVP_sha256());
    return made;
}

class ClientChain : public testing::Test {
  protected:
    /// The names of the certificates that a server gets after the client's own.
    std::vector<std::string> sent(const std::string& pem, const std::string& trusted_too = {}) const {
        std::vector<std::string> names;
        const auto certificate = servers_.issue({"mail.example.test"});
        test::Peer peer([&](int connection) {
            test::TlsAccept tls(connection, certificate);
            tls.ask_for_certificate(root_.pem());
            SSL_set_verify(tls.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
            if (!tls.accept()) return;
            const auto* chain = SSL_get_peer_cert_chain(tls.get());
            for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
                names.push_back(mailsend::net::subject_of(sk_X509_value(chain, i)));
            }
            tls.write("220 hello\r\n");
            tls.read();
        });
        const std::string trusted = servers_.certificate_pem() + trusted_too;
        const Trust trust({.ca_pem = trusted, .client_pem = pem});
        {
            const auto stream = peer.connect();
            stream->start_tls(trust, "mail.example.test", test::patience());
            char byte = 0;
            stream->read(&byte, 1, test::patience());
            stream->close();
        }
        peer.finish();
        return names;
    }

    inbox::Authority servers_;
    Link root_ = issue("root", nullptr);
    Link upper_ = issue("upper", &root_);
    Link lower_ = issue("lower", &upper_);
    Link own_ = issue("alice", &lower_);
};

TEST_F(ClientChain, GoesFromIssuerToIssuerWhateverTheOrderOfTheText) {
    for (const std::string& pem : {own_.key_pem() + root_.pem() + upper_.pem() + lower_.pem() + own_.pem(),
                                   own_.pem() + lower_.pem() + upper_.pem() + root_.pem() + own_.key_pem(),
                                   upper_.pem() + own_.pem() + own_.key_pem() + root_.pem() + lower_.pem()}) {
        EXPECT_THAT(sent(pem), ElementsAre("CN=lower", "CN=upper"));
    }
}

TEST_F(ClientChain, LeavesOutWhatDoesNotBelongToItAndWhatTheTextDoesNotHold) {
    const Link other = issue("other", nullptr);
    const Link below_other = issue("below other", &other);
    EXPECT_THAT(sent(own_.pem() + below_other.pem() + own_.key_pem() + lower_.pem() + own_.pem()),
                ElementsAre("CN=lower"));
    EXPECT_THAT(sent(root_.pem() + root_.key_pem()), IsEmpty()) << "issued by itself";
    // OpenSSL would complete the chain from the authorities that servers are checked against.
    EXPECT_THAT(sent(own_.pem() + own_.key_pem(), lower_.pem() + upper_.pem() + root_.pem()), IsEmpty());
}

TEST_F(ClientChain, PrefersACrossSignedAuthorityToTheSameOneSignedByItself) {
    Link crossed = issue("lower", &upper_);
    X509_set_pubkey(crossed.certificate.get(), lower_.key.get());
    X509_sign(crossed.certificate.get(), upper_.key.get(), EVP_sha256());
    Link self = issue("lower", nullptr);
    X509_set_pubkey(self.certificate.get(), lower_.key.get());
    X509_sign(self.certificate.get(), lower_.key.get(), EVP_sha256());
    EXPECT_THAT(sent(own_.pem() + own_.key_pem() + self.pem() + crossed.pem() + upper_.pem()),
                ElementsAre("CN=lower", "CN=upper"));
}

}  // namespace
