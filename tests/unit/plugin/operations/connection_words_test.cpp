#include "operations/connection_words.hpp"

#include <gmock/gmock.h>

namespace {

using mailsend::Facts;
using mailsend::Language;
using mailsend::tls_words;
using testing::HasSubstr;

constexpr std::int64_t now = 1'700'000'000;
constexpr std::int64_t day = 86'400;

mailsend::net::TlsFacts tls(std::int64_t days_left, const char* version = "TLSv1.3") {
    mailsend::net::TlsFacts facts;
    facts.version = version;
    facts.cipher = "TLS_AES_256_GCM_SHA384";
    facts.names = "mail.example.test";
    facts.issuers = {"Intermediate", "Root"};
    facts.not_after_unix = now + days_left * day + 60;
    return facts;
}

TEST(ConnectionWords, OfTlsNameVersionCipherChainNamesAndTheDaysLeft) {
    const auto words = tls_words(tls(80), now, Language::en);
    EXPECT_FALSE(words.warning);
    for (const char* part :
         {"TLSv1.3", "TLS_AES_256_GCM_SHA384", "mail.example.test", "Intermediate, Root", "80"})
        EXPECT_THAT(words.text, HasSubstr(part));
    EXPECT_THAT(tls_words(tls(80), now, Language::ja).text, HasSubstr("残り 80 日"));
}

TEST(ConnectionWords, WarnOfACertificateThatEndsWithinThreeWeeksAndOfOldTls) {
    EXPECT_FALSE(tls_words(tls(21), now, Language::en).warning);
    EXPECT_TRUE(tls_words(tls(20), now, Language::en).warning);
    EXPECT_THAT(tls_words(tls(20), now, Language::en).text, HasSubstr("20"));
    EXPECT_TRUE(tls_words(tls(-3), now, Language::en).warning);
    EXPECT_TRUE(tls_words(tls(80, "TLSv1.1"), now, Language::en).warning);
}

TEST(ConnectionWords, OfACertificateNameEveryOtherFaultAndTheClock) {
    Facts facts;
    facts.condition = "cert.host_mismatch";
    facts.details = {
        {"also", "cert.expired"}, {"now", "2026-01-01T00:00:00Z"}, {"not_after", "2025-01-01T00:00:00Z"}};
    const std::string text = clues(facts, Language::en);
    for (const char* part : {"certificate has expired", "2026-01-01", "2025-01-01"})
        EXPECT_THAT(text, HasSubstr(part));
    EXPECT_EQ(text.find("cert."), text.npos) << text;
    facts.details["also"] = "cert.expired, cert.unknown_ca";
    const std::string ja = clues(facts, Language::ja);
    EXPECT_TRUE(ja.starts_with("。")) << ja;
    for (const char* part : {"サーバー証明書の期限が切れています、", "証明書の発行元を確認できません"})
        EXPECT_THAT(ja, HasSubstr(part));
    EXPECT_EQ(ja.find("cert."), ja.npos) << ja;
    facts.details.erase("also");
    EXPECT_EQ(clues(facts, Language::en), "") << "its dates are fine";
}

TEST(ConnectionWords, NameTheProtocolThatTheServerSpoke) {
    Facts facts;
    facts.details = {{"said", "* OK IMAP4rev1"}};
    EXPECT_THAT(clues(facts, Language::en), HasSubstr("IMAP"));
    facts.details = {{"said", "220 mail.example.test"}};
    EXPECT_THAT(clues(facts, Language::en), HasSubstr("starttls"));
    facts.details = {{"said", "whatever"}};
    EXPECT_EQ(clues(facts, Language::en), "");
}

}  // namespace
