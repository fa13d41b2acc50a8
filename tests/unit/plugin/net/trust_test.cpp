#include "net/trust.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "peer.hpp"

namespace {

using mailsend::net::TlsVersion;
using mailsend::net::Trust;
using test::facts_of;

TEST(Trust, RefusesAFileWithoutCertificate) {
    const auto facts = facts_of([] { Trust("no certificate here\n", TlsVersion::tls1_2); });
    EXPECT_EQ(facts.stage, mailsend::Stage::settings);
    EXPECT_EQ(facts.condition, "tls.ca_file");
    EXPECT_EQ(facts.pointer, "/tls/ca_file");
    EXPECT_EQ(facts.sentence, "the CA file holds no certificate in PEM form");
}

TEST(Trust, RefusesAFileWithADamagedCertificate) {
    const inbox::Authority authority;
    std::string damaged = authority.certificate_pem();
    damaged.replace(damaged.size() / 2, 8, "!!!!!!!!");
    const auto facts = facts_of([&] { Trust(authority.certificate_pem() + damaged, TlsVersion::tls1_2); });
    EXPECT_EQ(facts.condition, "tls.ca_file");
    EXPECT_EQ(facts.sentence, "certificate 2 of the CA file cannot be read");
}

TEST(Trust, RefusesAFileWithADamagedRevocationList) {
    const std::string damaged = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";
    const auto facts =
        facts_of([&] { Trust(inbox::Authority().certificate_pem() + damaged, TlsVersion::tls1_2); });
    EXPECT_EQ(facts.condition, "tls.ca_file");
    EXPECT_EQ(facts.sentence, "revocation list 1 of the CA file cannot be read");
}

TEST(Trust, RefusesAFileThatIsTooLarge) {
    EXPECT_EQ(facts_of([] { Trust(std::string((16U << 20U) + 1, '\n'), TlsVersion::tls1_2); }).condition,
              "tls.ca_file");
}

TEST(Trust, TakesSeveralAuthoritiesWithTextBetweenThem) {
    const inbox::Authority first("First");
    const inbox::Authority second("Second");
    const Trust trust("# first\n" + first.certificate_pem() + "\n# second\n" + second.certificate_pem(),
                      TlsVersion::tls1_2);
    for (const inbox::Authority* authority : {&first, &second}) {
        test::Peer peer(test::greet_under_tls(authority->issue({"mail.example.test"})));
        const auto stream = peer.connect();
        EXPECT_NO_THROW(stream->start_tls(trust, "mail.example.test", test::patience()));
    }
}

TEST(Trust, IsBuiltFromTheSystemsStoreAndLeavesNoErrors) {
    const Trust trust("", TlsVersion::tls1_3);
    EXPECT_NE(trust.context(), nullptr);
    EXPECT_EQ(ERR_peek_error(), 0U);
}

/// Whether one of the system's roots is believed: its own root is the shortest chain that a store can vouch
/// for; one that has expired does not count.
bool believes_the_system(const Trust& trust) {
    BIO* const bundle = BIO_new_file("/etc/ssl/certs/ca-certificates.crt", "r");
    EXPECT_NE(bundle, nullptr) << "the package ca-certificates is missing";
    bool found = false;
    while (X509* root = found ? nullptr : PEM_read_bio_X509(bundle, nullptr, nullptr, nullptr)) {
        X509_STORE_CTX* const check = X509_STORE_CTX_new();
        X509_STORE_CTX_init(check, SSL_CTX_get_cert_store(trust.context()), root, nullptr);
        found = X509_verify_cert(check) == 1;
        X509_STORE_CTX_free(check);
        X509_free(root);
    }
    BIO_free(bundle);
    ERR_clear_error();
    return found;
}

TEST(Trust, FindsTheSystemsAuthorities) {
    EXPECT_TRUE(believes_the_system(Trust("", TlsVersion::tls1_2)));
}

TEST(Trust, HasTheSystemsAuthoritiesBesideItsOwnOnlyWhenAskedTo) {
    const inbox::Authority authority;
    const std::string pem = authority.certificate_pem();
    for (const bool system_too : {false, true}) {
        const Trust trust({.ca_pem = pem, .system_too = system_too});
        EXPECT_EQ(believes_the_system(trust), system_too);
        test::Peer peer(test::greet_under_tls(authority.issue({"mail.example.test"})));
        const auto stream = peer.connect();
        EXPECT_NO_THROW(stream->start_tls(trust, "mail.example.test", test::patience()));
    }
    EXPECT_TRUE(believes_the_system(Trust({.system_too = true})));
}

TEST(Trust, StillRefusesStrangersWithBoth) {
    const std::string pem = inbox::Authority("Own").certificate_pem();
    const Trust trust({.ca_pem = pem, .system_too = true});
    test::Peer peer(test::greet_under_tls(inbox::Authority("Stranger").issue({"mail.example.test"})));
    const auto stream = peer.connect();
    const auto facts = facts_of([&] { stream->start_tls(trust, "mail.example.test", test::patience()); });
    EXPECT_THAT(facts.condition, testing::StartsWith("cert."));
}

/// A list that revokes nothing, of an authority that does not matter.
std::string revocation_list() {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509_CRL* const list = X509_CRL_new();
    X509_CRL_set_version(list, X509_CRL_VERSION_2);
    ASN1_TIME* const moment = X509_gmtime_adj(nullptr, -60);
    X509_CRL_set1_lastUpdate(list, moment);
    X509_gmtime_adj(moment, 3600);
    X509_CRL_set1_nextUpdate(list, moment);
    X509_CRL_sign(list, key, EVP_sha256());
    BIO* const text = BIO_new(BIO_s_mem());
    PEM_write_bio_X509_CRL(text, list);
    char* bytes = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(text, &bytes));
    std::string pem(bytes, size);
    BIO_free(text);
    ASN1_TIME_free(moment);
    X509_CRL_free(list);
    EVP_PKEY_free(key);
    return pem;
}

TEST(Trust, KeepsNoSessionsWhereRevocationListsAreHeeded) {
    const std::string pem = inbox::Authority().certificate_pem();
    EXPECT_NE(Trust(pem, TlsVersion::tls1_2).sessions(), nullptr);
    EXPECT_EQ(Trust(pem + revocation_list(), TlsVersion::tls1_2).sessions(), nullptr);
}

TEST(Trust, IsSharedByManyThreads) {
    const inbox::Authority authority;
    const Trust trust(authority.certificate_pem(), TlsVersion::tls1_2);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            test::Peer peer(test::greet_under_tls(authority.issue({"mail.example.test"})));
            const auto stream = peer.connect();
            stream->start_tls(trust, "mail.example.test", test::patience());
            EXPECT_EQ(stream->tls()->version, "TLSv1.3");
        });
    }
    for (auto& thread : threads) thread.join();
}

}  // namespace
