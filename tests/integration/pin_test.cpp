// tls.pin_sha256: one certificate and no other.
#include <gmock/gmock.h>

#include "inbox/certificates.hpp"
#include "support/served_mail_send.hpp"

namespace {

using testing::HasSubstr;

class Pinned : public test::ServedMailSend {
  protected:
    Pinned() { serve(); }

    /// The fingerprint in the message of a refusal, as a person would copy it.
    static std::string shown_in(const test::Sent& sent) {
        const std::string words = "SHA-256 fingerprint is ";
        const std::size_t at = sent.message().find(words);
        EXPECT_NE(at, std::string::npos) << sent.document.dump(1);
        return at == std::string::npos ? "" : sent.message().substr(at + words.size(), 95);
    }
};

TEST_F(Pinned, TheFingerprintThatARefusalShowsIsTheOneToEnter) {
    for (const bool implicit_tls : {false, true}) {
        nlohmann::json pinned = settings(implicit_tls);
        pinned["tls"] = {{"pin_sha256", std::string(64, '0')}};
        const test::Sent refused = send(pinned);
        EXPECT_EQ(refused.id(), "cert.pin_mismatch") << refused.document.dump(1);
        EXPECT_EQ(refused.stage(), "tls");
        EXPECT_TRUE(arrived().empty() || implicit_tls);

        pinned["tls"]["pin_sha256"] = shown_in(refused);
        const test::Sent sent = send(pinned);  // no CA file: nobody else vouches for this server
        EXPECT_EQ(sent.status, WFC_OK) << sent.document.dump(1);

        pinned["tls"]["ca_file"] = "ca.pem";
        EXPECT_EQ(send(pinned).status, WFC_OK);
    }
}

TEST_F(Pinned, TheAuthorityMustHoldTooWhereItIsGiven) {
    nlohmann::json pinned = settings(true);
    pinned["tls"] = {{"pin_sha256", std::string(64, '0')}};
    pinned["tls"]["pin_sha256"] = shown_in(send(pinned));
    mail_send_.host.file("ca.pem", {.bytes = inbox::Authority().certificate_pem()});
    pinned["tls"]["ca_file"] = "ca.pem";
    const test::Sent refused = send(pinned);
    EXPECT_EQ(refused.id(), "cert.unknown_ca") << refused.document.dump(1);
    EXPECT_TRUE(arrived().empty());
}

TEST_F(Pinned, TheExplanationShowsTheFingerprintInEveryLanguage) {
    for (const char* language : {"en", "ja"}) {
        nlohmann::json pinned = settings(true);
        pinned["tls"] = {{"pin_sha256", std::string(64, '0')}};
        pinned["language"] = language;
        const test::Sent refused = send(pinned);
        EXPECT_THAT(refused.document["error"]["explanation"]["cause"].get<std::string>(),
                    HasSubstr(shown_in(refused)));
    }
}

}  // namespace
