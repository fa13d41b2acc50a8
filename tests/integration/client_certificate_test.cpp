// tls.client_certificate: a server that lets in only those who show one.
#include <gmock/gmock.h>

#include "inbox/certificates.hpp"
#include "support/served_mail_send.hpp"

namespace {

using testing::HasSubstr;
using testing::Not;

class AskedForACertificate : public test::ServedMailSend {
  protected:
    AskedForACertificate() { serve(clients_.certificate_pem()); }

    nlohmann::json showing(bool implicit_tls) const {
        nlohmann::json out = settings(implicit_tls);
        out["tls"]["client_certificate"] = {{"$secret", "cert"}};
        return out;
    }
    void store(const inbox::Certificate& certificate) {
        mail_send_.host.secret("cert", certificate.certificate_pem + certificate.key_pem);
    }

    inbox::Authority clients_{"Client Authority"};
};

TEST_F(AskedForACertificate, OneThatIsKnownOpensTheDoor) {
    store(clients_.issue_client("alice"));
    for (const bool implicit_tls : {false, true}) {
        const test::Sent sent = send(showing(implicit_tls));
        EXPECT_EQ(sent.status, WFC_OK) << sent.document.dump(1);
    }
    EXPECT_EQ(arrived().size(), 2U);
}

TEST_F(AskedForACertificate, NoneIsAFailureOfTlsWhereverItIsNoticed) {
    for (const bool implicit_tls : {false, true}) {
        // More than once: whether the server's alert or its reset is noticed first is a matter of time.
        for (int i = 0; i < 5; ++i) {
            const test::Sent sent = send(settings(implicit_tls));
            EXPECT_EQ(sent.id(), "tls.client_cert") << sent.document.dump(1);
            EXPECT_EQ(sent.stage(), "tls");
            EXPECT_EQ(sent.status, WFC_FAILED);
        }
    }
}

TEST_F(AskedForACertificate, ARenewedOneIsPickedUpWithoutNewSettings) {
    store(clients_.issue_client("alice", -7200, -3600));
    const test::Sent refused = send(showing(true));
    EXPECT_EQ(refused.id(), "tls.client_cert_refused") << refused.document.dump(1);
    EXPECT_EQ(refused.stage(), "tls");
    EXPECT_THAT(refused.message(), HasSubstr("expired"));

    store(clients_.issue_client("alice"));
    EXPECT_EQ(send().status, WFC_OK);
}

TEST_F(AskedForACertificate, AnUnusableSecretIsRefusedBeforeConnecting) {
    const auto alice = clients_.issue_client("alice");
    mail_send_.host.secret("cert", alice.key_pem);
    mail_send_.configure(showing(true));
    wfc::testhost::TestCall call("send", test::short_message());
    EXPECT_EQ(mail_send_.component.invoke(*call.table()), WFC_INVALID_SETTINGS);
    const auto document = nlohmann::json::parse(call.result());
    EXPECT_EQ(document["error"]["pointer"], "/tls/client_certificate") << document.dump(1);
    EXPECT_THAT(document.dump(), HasSubstr("no certificate"));
    EXPECT_THAT(document.dump(), Not(HasSubstr(alice.key_pem.substr(30, 20))));
    EXPECT_TRUE(mail_send_.host.egress_asked().empty());
}

}  // namespace
