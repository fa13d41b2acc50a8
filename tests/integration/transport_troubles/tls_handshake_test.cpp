// Handshakes that fail for other reasons than the server's certificate. Each happens on a port that begins
// with TLS and behind STARTTLS.
#include "transport_troubles/door.hpp"
#include "transport_troubles/odd_certificates.hpp"
#include "transport_troubles/trouble.hpp"

namespace {

using test::Door;
using test::Part;
using test::TlsTerms;
using test::Trouble;

class TlsTrouble : public test::TransportTrouble {
  protected:
    TlsTrouble() { mail_send_.host.file("ca.pem", {.bytes = authority_.certificate_pem()}); }

    TlsTerms good() const { return {.certificate = authority_.issue({"localhost"})}; }

    void both_ways(const Part& part, Trouble expected, const nlohmann::json& tls = {},
                   const std::string& hasty_at = {}) {
        expected.stage = "tls";
        for (const bool implicit : {true, false}) {
            const Door door(implicit ? part : test::behind_starttls(part));
            nlohmann::json settings =
                without_login("localhost", door.port(), implicit ? "implicit-tls" : "starttls");
            settings["tls"]["ca_file"] = "ca.pem";
            settings["tls"].update(tls.is_object() ? tls : nlohmann::json::object());
            if (!hasty_at.empty()) settings = hasty(settings, hasty_at);
            SCOPED_TRACE(implicit ? "from the first byte" : "behind STARTTLS");
            ends(expected, settings);
        }
    }

    inbox::Authority authority_;
};

/// `said` in answer to the client's first words.
Part answers(const std::string& said) {
    return [said](int connection) {
        test::hear(connection);
        test::say(connection, said);
        test::listen_to_the_end(connection);
    };
}

TEST_F(TlsTrouble, AServerThatSpeaksInClearIsQuoted) {
    const Trouble expected{
        .id = "tls.plaintext_server",
        .stage = "tls",
        .error_class = "permanent",
        .advice = "after-fix",
        .actor = "developer",
        .message = "localhost does not speak TLS on this port; it said: 220 mail.example.test ESMTP",
        .told = {"starttls"}};
    const Door door([](int connection) {
        test::say(connection, "220 mail.example.test ESMTP\r\n");
        test::listen_to_the_end(connection);
    });
    ends(expected, without_login("localhost", door.port(), "implicit-tls"));

    for (const std::string said :
         {"* OK IMAP4rev1 ready", "HTTP/1.1 400 Bad Request", "SSH-2.0-OpenSSH_9.2"}) {
        Trouble other = expected;
        other.message = "localhost does not speak TLS on this port; it said: " + said;
        both_ways(answers(said + "\r\n"), other);
    }
}

TEST_F(TlsTrouble, AnEndIsToldFromAReset) {
    both_ways([](int connection) { test::hear(connection); },
              {.id = "tls.eof",
               .stage = "tls",
               .error_class = "transient",
               .advice = "backoff",
               .actor = "mailbox-admin",
               .message = "localhost closed the connection during the TLS handshake"});
    both_ways(
        [](int connection) {
            test::hear(connection);
            test::reset(connection);
        },
        {.id = "tls.reset",
         .stage = "tls",
         .error_class = "transient",
         .advice = "backoff",
         .actor = "tenant-admin",
         .message = "localhost broke the connection during the TLS handshake"});
}

TEST_F(TlsTrouble, SilenceIsATimeOut) {
    both_ways(test::listen_to_the_end,
              {.id = "tls.timeout",
               .stage = "tls",
               .error_class = "transient",
               .advice = "backoff",
               .actor = "provider",
               .message = "timed out after 1 s while negotiating TLS"},
              {}, "connect");
}

TEST_F(TlsTrouble, AServerOfYesterdayHasNoVersionInCommon) {
    const Trouble expected{.id = "tls.version_server",
                           .stage = "tls",
                           .error_class = "permanent",
                           .advice = "after-fix",
                           .actor = "provider",
                           .message = "localhost refused every TLS version offered",
                           .told = {"tls.min_version", "1.2"}};
    TlsTerms old = good();
    old.minimum = TLS1_VERSION;
    old.maximum = TLS1_1_VERSION;
    old.also = [](SSL_CTX* context) { SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0"); };
    both_ways(test::under_tls(old), expected);

    TlsTerms not_new = good();
    not_new.maximum = TLS1_2_VERSION;
    both_ways(test::under_tls(not_new), expected, {{"min_version", "1.3"}});
}

TEST_F(TlsTrouble, AVersionThatWasNotOfferedIsNotAccepted) {
    // A ServerHello of TLS 1.0: record, handshake header, version, random, empty session, cipher,
    // compression. OpenSSL does not send one to a client that does not ask for it; broken servers do.
    std::string hello("\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01", 11);
    hello += std::string(32, 'r') + std::string("\x00\x00\x2f\x00", 4);
    both_ways(answers(hello), {.id = "tls.version_local",
                               .stage = "tls",
                               .error_class = "permanent",
                               .advice = "after-fix",
                               .actor = "developer",
                               .message = "localhost chose a TLS version below the minimum set here",
                               .told = {"tls.min_version"}});
}

TEST_F(TlsTrouble, AServerWithoutACommonCipherRefuses) {
    TlsTerms terms = good();
    terms.maximum = TLS1_2_VERSION;
    // For RSA keys alone, and the server's is an EC key.
    terms.also = [](SSL_CTX* context) { SSL_CTX_set_cipher_list(context, "AES128-SHA"); };
    both_ways(
        test::under_tls(terms),
        {.id = "tls.no_cipher",
         .stage = "tls",
         .error_class = "permanent",
         .advice = "after-fix",
         .actor = "provider",
         .message =
             "localhost refused the TLS handshake: no common cipher, or a client certificate is needed"});
}

TEST_F(TlsTrouble, AServerThatWantsAClientCertificateSaysSoUnderEitherVersion) {
    const inbox::Authority clients("Client Authority");
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SCOPED_TRACE(version);
        TlsTerms terms = good();
        terms.client_authority = clients.certificate_pem();
        terms.minimum = terms.maximum = version;
        both_ways(test::under_tls(terms), {.id = "tls.client_cert",
                                           .stage = "tls",
                                           .error_class = "permanent",
                                           .advice = "after-fix",
                                           .actor = "tenant-admin",
                                           .message = "localhost asks for a client certificate",
                                           .told = {"tls.client_certificate"}});
    }
}

TEST_F(TlsTrouble, AClientCertificateOfSomebodyElseIsRefused) {
    const inbox::Authority clients("Client Authority");
    const auto mine = inbox::Authority("Another Authority").issue_client("alice");
    mail_send_.host.secret("cert", mine.certificate_pem + mine.key_pem);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SCOPED_TRACE(version);
        TlsTerms terms = good();
        terms.client_authority = clients.certificate_pem();
        terms.minimum = terms.maximum = version;
        both_ways(
            test::under_tls(terms),
            {.id = "tls.client_cert_refused",
             .stage = "tls",
             .error_class = "permanent",
             .advice = "after-fix",
             .actor = "tenant-admin",
             .message =
                 "localhost refused the client certificate: issued by an authority that it does not know"},
            {{"client_certificate", {{"$secret", "cert"}}}});
    }
}

TEST_F(TlsTrouble, AKeyExchangeThatIsTooShortIsTheServersWeakness) {
    const auto own = test::make_certificate({.name = "localhost", .rsa_bits = 2048});
    mail_send_.host.file("ca.pem", {.bytes = own.certificate_pem});
    TlsTerms terms{.certificate = own};
    terms.maximum = TLS1_2_VERSION;
    terms.also = [](SSL_CTX* context) {
        SSL_CTX_set_cipher_list(context, "DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0");
        SSL_CTX_set_dh_auto(context, 2);  // 1024 bits, whatever the certificate has
    };
    both_ways(test::under_tls(terms), {.id = "tls.weak_server",
                                       .stage = "tls",
                                       .error_class = "permanent",
                                       .advice = "after-fix",
                                       .actor = "provider",
                                       .message = "localhost offers a key exchange that is too weak"});
}

TEST_F(TlsTrouble, AnotherAlertIsToldInItsOwnWords) {
    TlsTerms terms = good();
    terms.also = [](SSL_CTX* context) {
        SSL_CTX_set_client_hello_cb(
            context,
            [](SSL*, int* alert, void*) {
                *alert = SSL_AD_INTERNAL_ERROR;
                return SSL_CLIENT_HELLO_ERROR;
            },
            nullptr);
    };
    both_ways(test::under_tls(terms), {.id = "tls.handshake",
                                       .stage = "tls",
                                       .error_class = "permanent",
                                       .advice = "after-fix",
                                       .actor = "mailbox-admin",
                                       .message = "localhost broke off the TLS handshake: ",
                                       .told = {"internal error"}});
}

}  // namespace
