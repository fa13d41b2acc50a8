#include <gmock/gmock.h>
#include <openssl/pem.h>

#include "net/certificate.hpp"
#include "net/trust.hpp"
#include "peer.hpp"

namespace {

using mailsend::net::Trust;
using test::facts_of;
using test::patience;
using testing::HasSubstr;

/// "AB:CD:…" as the component writes it.
std::string fingerprint(const inbox::Certificate& certificate) {
    BIO* const text = BIO_new_mem_buf(certificate.certificate_pem.data(),
                                      static_cast<int>(certificate.certificate_pem.size()));
    X509* const read = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    std::string digits = mailsend::net::fingerprint_of(read);
    X509_free(read);
    BIO_free(text);
    return digits;
}

/// As the settings hold it: lower-case digits.
std::string pin_of(const inbox::Certificate& certificate) {
    std::string digits;
    for (const char c : fingerprint(certificate)) {
        if (c != ':') digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return digits;
}

class Pin : public testing::Test {
  protected:
    static void accepted(const inbox::Certificate& certificate, const Trust& trust) {
        test::Peer peer(test::greet_under_tls(certificate));
        const auto stream = peer.connect();
        EXPECT_NO_THROW(stream->start_tls(trust, "mail.example.test", patience()));
        EXPECT_TRUE(stream->tls());
    }
    static mailsend::Facts refused(const inbox::Certificate& certificate, const Trust& trust) {
        test::Peer peer(test::greet_under_tls(certificate));
        const auto stream = peer.connect();
        auto facts = facts_of([&] { stream->start_tls(trust, "mail.example.test", patience()); });
        EXPECT_EQ(facts.stage, mailsend::Stage::tls);
        EXPECT_FALSE(stream->tls());
        return facts;
    }

    inbox::Authority authority_;
    const inbox::Certificate own_ = inbox::Authority::self_signed({"mail.example.test"});
    const inbox::Certificate issued_ = authority_.issue({"mail.example.test"});
};

TEST_F(Pin, IsTheSha256ThatOpensslPrints) {
    EXPECT_THAT(fingerprint(own_), testing::MatchesRegex("([0-9A-F][0-9A-F]:){31}[0-9A-F][0-9A-F]"));
}

TEST_F(Pin, AloneLetsASelfSignedServerIn) {
    accepted(own_, Trust({.pin_sha256 = pin_of(own_)}));
}

TEST_F(Pin, AloneLooksNeitherAtNameNorDatesNorIssuer) {
    const auto odd = authority_.issue({"other.example.org"}, -7200, -3600);
    accepted(odd, Trust({.pin_sha256 = pin_of(odd)}));
}

TEST_F(Pin, RefusesEveryOtherCertificateAndShowsItsFingerprint) {
    const auto facts = refused(issued_, Trust({.pin_sha256 = pin_of(own_)}));
    EXPECT_EQ(facts.condition, "cert.pin_mismatch");
    EXPECT_EQ(facts.sentence,
              "the certificate of mail.example.test is not the pinned one; its SHA-256 fingerprint is " +
                  fingerprint(issued_));
    EXPECT_EQ(facts.details.at("fingerprint"), fingerprint(issued_));
    EXPECT_EQ(facts.details.at("host"), "mail.example.test");
}

TEST_F(Pin, IsNoSubstituteForAnotherOneOfTheSameKeyHolder) {
    // The same name from the same authority: what is pinned is one certificate, not whose it is.
    const auto renewed = authority_.issue({"mail.example.test"});
    EXPECT_EQ(refused(renewed, Trust({.pin_sha256 = pin_of(issued_)})).condition, "cert.pin_mismatch");
}

TEST_F(Pin, WithACaFileMustHoldAsWellAsTheAuthority) {
    const std::string ca = authority_.certificate_pem();
    accepted(issued_, Trust({.ca_pem = ca, .pin_sha256 = pin_of(issued_)}));

    const auto wrong_pin = refused(authority_.issue({"mail.example.test"}),
                                   Trust({.ca_pem = ca, .pin_sha256 = pin_of(issued_)}));
    EXPECT_EQ(wrong_pin.condition, "cert.pin_mismatch");
    EXPECT_FALSE(wrong_pin.details.contains("also"));

    EXPECT_EQ(refused(own_, Trust({.ca_pem = ca, .pin_sha256 = pin_of(own_)})).condition, "cert.self_signed");

    const auto elsewhere = authority_.issue({"other.example.org"});
    EXPECT_EQ(refused(elsewhere, Trust({.ca_pem = ca, .pin_sha256 = pin_of(elsewhere)})).condition,
              "cert.host_mismatch");
}

TEST_F(Pin, LeadsAndNamesTheOtherFaults) {
    const auto facts =
        refused(own_, Trust({.ca_pem = authority_.certificate_pem(), .pin_sha256 = pin_of(issued_)}));
    EXPECT_EQ(facts.condition, "cert.pin_mismatch");
    EXPECT_EQ(facts.details.at("also"), "cert.self_signed");
}

TEST_F(Pin, IsNeverMetByHalfADigest) {
    EXPECT_EQ(refused(own_, Trust({.pin_sha256 = pin_of(own_).substr(0, 40)})).condition,
              "cert.pin_mismatch");
}

TEST_F(Pin, OfNoMatterWhichServerIsShownWithOtherFaultsToo) {
    const auto facts = refused(own_, Trust({.ca_pem = authority_.certificate_pem()}));
    EXPECT_EQ(facts.condition, "cert.self_signed");
    EXPECT_EQ(facts.details.at("fingerprint"), fingerprint(own_));
}

}  // namespace
