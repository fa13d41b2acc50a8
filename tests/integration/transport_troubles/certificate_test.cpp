// Certificates that prove nothing, shown on a port that begins with TLS and behind STARTTLS.
#include "transport_troubles/door.hpp"
#include "transport_troubles/odd_certificates.hpp"
#include "transport_troubles/trouble.hpp"

namespace {

using test::Door;
using test::make_certificate;
using test::TlsTerms;
using test::Trouble;

class CertificateTrouble : public test::TransportTrouble {
  protected:
    CertificateTrouble() { trust(authority_.certificate_pem()); }

    void trust(const std::string& pem) { mail_send_.host.file("ca.pem", {.bytes = pem}); }

    /// The last document in English. All of these end at TLS, are nobody's to repeat, and send nothing.
    nlohmann::json shown(const TlsTerms& terms, Trouble expected, const std::string& host = "localhost",
                         const std::string& pin = {}) {
        expected.stage = "tls";
        expected.error_class = "permanent";
        expected.advice = "after-fix";
        nlohmann::json document;
        for (const bool implicit : {true, false}) {
            const auto part = test::under_tls(terms);
            const Door door(implicit ? part : test::behind_starttls(part));
            nlohmann::json settings =
                without_login(host, door.port(), implicit ? "implicit-tls" : "starttls");
            settings["tls"]["ca_file"] = "ca.pem";
            if (!pin.empty()) settings["tls"]["pin_sha256"] = pin;
            SCOPED_TRACE(implicit ? "from the first byte" : "behind STARTTLS");
            document = ends(expected, settings);
        }
        return document;
    }

    /// The stage at which sending to a server of that certificate ends; empty when its greeting was heard.
    std::string greeted_by(const inbox::Certificate& certificate) {
        const Door door(test::under_tls({.certificate = certificate}));
        nlohmann::json settings = hasty(without_login("localhost", door.port(), "implicit-tls"), "command");
        settings["tls"]["ca_file"] = "ca.pem";
        const std::string stage = send(settings).stage();
        return stage == "ehlo" ? "" : stage;
    }

    static std::string cause(const nlohmann::json& document) {
        return document.value("/error/explanation/cause"_json_pointer, "");
    }

    inbox::Authority authority_{"Test Root"};
};

/// Whether "one certificate sent" was taken for the cause.
constexpr const char* intermediate_missing = "sent no certificate but its own";

constexpr const char* a_moment = "20..-..-..T..:..:..Z";

TEST_F(CertificateTrouble, AnExpiredOneShowsItsEndAndTheClockHere) {
    const auto document = shown(
        {.certificate = authority_.issue({"localhost"}, -7200, -3600)},
        {.id = "cert.expired", .actor = "provider", .message = "the certificate of localhost expired on 20"});
    EXPECT_THAT(cause(document), testing::ContainsRegex(std::string("It ended ") + a_moment +
                                                        "; the clock here says " + a_moment));
}

TEST_F(CertificateTrouble, OneOfTheFutureShowsItsBeginningAndTheClockHere) {
    const auto document = shown({.certificate = authority_.issue({"localhost"}, 3600, 7200)},
                                {.id = "cert.not_yet_valid",
                                 .actor = "sender",
                                 .message = "the certificate of localhost is not valid before 20"});
    EXPECT_THAT(cause(document), testing::ContainsRegex(std::string("It begins ") + a_moment +
                                                        "; the clock here says " + a_moment));
}

TEST_F(CertificateTrouble, OneForAnotherNameListsItsNames) {
    shown({.certificate = authority_.issue({"mail.example.test", "smtp.example.test", "192.0.2.9"})},
          {.id = "cert.host_mismatch",
           .actor = "mailbox-admin",
           .message =
               "the certificate of localhost is made out to mail.example.test, smtp.example.test, 192.0.2.9, "
               "not to localhost",
           .told = {"mail.example.test, smtp.example.test, 192.0.2.9"}});
}

TEST_F(CertificateTrouble, OneForAnotherAddressListsItsAddresses) {
    shown({.certificate = authority_.issue({"192.0.2.9"})},
          {.id = "cert.host_mismatch",
           .actor = "mailbox-admin",
           .message = "the certificate of 127.0.0.1 is made out to 192.0.2.9, not to 127.0.0.1",
           .told = {"192.0.2.9"}},
          "127.0.0.1");
}

TEST_F(CertificateTrouble, AWrongNameCountsMoreThanAnOldDate) {
    shown({.certificate = authority_.issue({"mail.example.test"}, -7200, -3600)},
          {.id = "cert.host_mismatch",
           .actor = "mailbox-admin",
           .message = "the certificate of localhost is made out to mail.example.test"});
}

TEST_F(CertificateTrouble, OneThatVouchesForItselfIsToldFromAPrivateAuthority) {
    shown({.certificate = inbox::Authority::self_signed({"localhost"})},
          {.id = "cert.self_signed",
           .actor = "tenant-admin",
           .message = "the certificate of localhost is signed by itself",
           .told = {"tls.ca_file", "tls.pin_sha256"}});

    const inbox::Authority shield("Mail Shield Root");
    shown({.certificate = shield.issue({"localhost"}), .chain = {shield.certificate_pem()}},
          {.id = "cert.self_signed_chain",
           .actor = "tenant-admin",
           .message = "the certificate of localhost was issued by \"Mail Shield Root\"",
           .told = {"(Mail Shield Root)", "tls.ca_file"}});
}

TEST_F(CertificateTrouble, AMissingIntermediateIsToldByItsName) {
    const auto root = make_certificate({.name = "Odd Root", .authority = true});
    const auto between = make_certificate({.name = "Odd Intermediate", .authority = true}, &root);
    const auto leaf = make_certificate({.name = "localhost"}, &between);
    trust(root.certificate_pem);
    const Trouble expected{.id = "cert.unknown_ca",
                           .actor = "provider",
                           .message = "the certificate of localhost was issued by \"Odd Intermediate\"",
                           .told = {"(Odd Intermediate)"}};
    const auto alone = shown({.certificate = leaf}, expected);
    EXPECT_THAT(cause(alone), testing::HasSubstr(intermediate_missing));
}

TEST_F(CertificateTrouble, AWholeChainToAnUnknownAuthorityMissesNoIntermediate) {
    const auto root = make_certificate({.name = "Odd Root", .authority = true});
    const auto between = make_certificate({.name = "Odd Intermediate", .authority = true}, &root);
    const auto leaf = make_certificate({.name = "localhost"}, &between);
    const auto document = shown({.certificate = leaf, .chain = {between.certificate_pem}},
                                {.id = "cert.unknown_ca",
                                 .actor = "provider",
                                 .message = "the certificate of localhost was issued by \"Odd Root\"",
                                 .told = {"(Odd Root)"}});
    EXPECT_THAT(cause(document), testing::Not(testing::HasSubstr(intermediate_missing)));
}

TEST_F(CertificateTrouble, ARevokedOneIsRefusedByTheListInTheCaFile) {
    const auto root = make_certificate({.name = "Odd Root", .authority = true});
    const auto leaf = make_certificate({.name = "localhost"}, &root);
    const auto other = make_certificate({.name = "localhost"}, &root);
    trust(root.certificate_pem + test::revocation_list(root, {leaf.certificate_pem}));
    shown({.certificate = leaf},
          {.id = "cert.revoked",
           .actor = "provider",
           .message = "the certificate of localhost has been revoked by its authority"});
    EXPECT_EQ(greeted_by(other), "") << "the list names another certificate";
    trust(root.certificate_pem);
    EXPECT_EQ(greeted_by(leaf), "") << "no list, no revocation";
}

TEST_F(CertificateTrouble, AListSpeaksOfItsOwnAuthorityAlone) {
    const auto root = make_certificate({.name = "Odd Root", .authority = true});
    const auto other_root = make_certificate({.name = "Other Root", .authority = true});
    trust(root.certificate_pem + other_root.certificate_pem + test::revocation_list(root, {}));
    EXPECT_EQ(greeted_by(make_certificate({.name = "localhost"}, &other_root)), "");
}

TEST_F(CertificateTrouble, ARevocationListThatIsOverProvesNothing) {
    const auto root = make_certificate({.name = "Odd Root", .authority = true});
    trust(root.certificate_pem + test::revocation_list(root, {}, -7200, -3600));
    shown(
        {.certificate = make_certificate({.name = "localhost"}, &root)},
        {.id = "cert.invalid",
         .actor = "provider",
         .message = "the certificate of localhost cannot be checked: the revocation list of \"Odd Root\" in "
                    "tls.ca_file is out of date",
         .told = {"revocation list"}});
}

TEST_F(CertificateTrouble, ACaFileWithoutCertificatesIsASettingToMend) {
    trust("not a certificate\n");
    nlohmann::json settings = without_login("localhost", 587, "starttls");
    settings["tls"]["ca_file"] = "ca.pem";
    for (const char* language : {"en", "ja"}) {
        settings["language"] = language;
        std::string problem;
        EXPECT_EQ(mail_send_.component.configure(settings.dump(), problem), WFC_INVALID_SETTINGS);
        told_in(language,
                {.id = "tls.ca_file",
                 .stage = "settings",
                 .error_class = "permanent",
                 .advice = "after-fix",
                 .actor = "developer",
                 .message = "/tls/ca_file cannot be used: the CA file holds no certificate in PEM form",
                 .told = {"tls.ca_file"}},
                nlohmann::json::parse(problem));
        EXPECT_EQ(nlohmann::json::parse(problem).value("/error/pointer"_json_pointer, ""), "/tls/ca_file");
    }
}

TEST_F(CertificateTrouble, AnUnknownAuthorityIsToldByItsNameThoughItHasTheNameOfATrustedOne) {
    shown({.certificate = inbox::Authority("Test Root").issue({"localhost"})},
          {.id = "cert.unknown_ca",
           .actor = "provider",
           .message = "the certificate of localhost was issued by \"Test Root\"",
           .told = {"(Test Root)"}});
}

TEST_F(CertificateTrouble, ShortKeysAndOldDigestsAreTooWeak) {
    const auto any_level = [](SSL_CTX* context) { SSL_CTX_set_security_level(context, 0); };
    const auto root = make_certificate({.name = "Odd Root", .authority = true, .rsa_bits = 2048});
    const auto weak_root = make_certificate({.name = "Weak Root", .authority = true, .rsa_bits = 1024});
    const auto short_key = make_certificate({.name = "localhost", .rsa_bits = 1024}, &root);
    const auto old_digest =
        make_certificate({.name = "localhost", .rsa_bits = 2048, .digest = "SHA1"}, &root);
    const auto below_weak = make_certificate({.name = "localhost", .rsa_bits = 2048}, &weak_root);
    trust(root.certificate_pem + weak_root.certificate_pem);
    for (const auto& leaf : {short_key, old_digest, below_weak}) {
        shown({.certificate = leaf, .also = any_level},
              {.id = "cert.weak", .actor = "provider", .message = "", .told = {"key or signature"}});
    }
}

TEST_F(CertificateTrouble, OneForClientsIsNotAcceptableInAServer) {
    const auto root = make_certificate({.name = "Odd Root", .authority = true});
    trust(root.certificate_pem);
    shown({.certificate = make_certificate({.name = "localhost", .usage = "clientAuth"}, &root)},
          {.id = "cert.invalid",
           .actor = "provider",
           .message = "the certificate of localhost is not acceptable: unsuitable certificate purpose",
           .told = {"unsuitable certificate purpose"}});
}

TEST_F(CertificateTrouble, AnotherThanThePinnedOneShowsItsFingerprint) {
    const auto document = shown({.certificate = authority_.issue({"localhost"})},
                                {.id = "cert.pin_mismatch",
                                 .actor = "tenant-admin",
                                 .message = "the certificate of localhost is not the pinned one; its SHA-256 "
                                            "fingerprint is "},
                                "localhost", std::string(64, '0'));
    EXPECT_THAT(cause(document), testing::ContainsRegex("([0-9A-F][0-9A-F]:)+[0-9A-F][0-9A-F]"));
}

}  // namespace
