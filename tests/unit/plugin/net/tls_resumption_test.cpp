#include "net/tls_resumption.hpp"

#include <array>
#include <ctime>
#include <gmock/gmock.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <vector>

#include "resuming_server.hpp"

namespace {

using mailsend::net::TlsVersion;
using mailsend::net::Trust;
using mailsend::net::Verification;
using mailsend::net::would_pass;
using test::facts_of;
using test::patience;
using test::ResumingServer;
using namespace std::chrono_literals;

const std::string host = "mail.example.test";

class TlsResumption : public testing::Test {
  protected:
    static std::string fingerprint(const inbox::Certificate& certificate) {
        BIO* const text = BIO_new_mem_buf(certificate.certificate_pem.data(), -1);
        X509* const leaf = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
        std::array<unsigned char, 32> digest{};
        X509_digest(leaf, EVP_sha256(), digest.data(), nullptr);
        X509_free(leaf);
        BIO_free(text);
        std::string hex;
        for (const unsigned char octet : digest) {
            constexpr char digits[] = "0123456789abcdef";
            hex += digits[octet >> 4U];
            hex += digits[octet & 15U];
        }
        return hex;
    }

    inbox::Authority authority_;
    inbox::Certificate certificate_ = authority_.issue({host, "other.example.test"});
    Trust trust_{authority_.certificate_pem(), TlsVersion::tls1_2};
};

TEST_F(TlsResumption, GoesOnWithTheSessionOfAConnectionBeforeAndSaysTheSameOfThePeer) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ResumingServer server(certificate_, version);
        const auto first = server.visit(trust_);
        EXPECT_FALSE(first.resumed);
        EXPECT_THAT(first.issuers, testing::ElementsAre("Inbox Test Authority"));
        for (int i = 0; i < 5; ++i) {
            const auto next = server.visit(trust_);
            EXPECT_TRUE(next.resumed) << version;
            EXPECT_EQ(next.version, first.version);
            EXPECT_EQ(next.subject, first.subject);
            EXPECT_EQ(next.names, first.names);
            EXPECT_EQ(next.issuers, first.issuers);
            EXPECT_EQ(next.not_after_unix, first.not_after_unix);
        }
        EXPECT_EQ(server.resumed(), 5);
        EXPECT_EQ(ERR_peek_error(), 0U);
    }
}

TEST_F(TlsResumption, NeedsNoGoodbye) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ResumingServer server(certificate_, version);
        for (const bool resumed : {false, true, true}) {
            const auto stream = server.connect();
            stream->start_tls(trust_, host, patience());
            EXPECT_EQ(stream->tls()->resumed, resumed) << version;
            std::array<char, 64> bytes{};
            EXPECT_EQ(stream->read(bytes.data(), bytes.size(), patience()), 11U);
        }
    }
}

TEST_F(TlsResumption, ShakesHandsInFullWhereTheServerKnowsItsTicketsNoLonger) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        ResumingServer server(certificate_, version);
        server.visit(trust_);
        server.forget_tickets();
        const auto facts = server.visit(trust_);
        EXPECT_FALSE(facts.resumed);
        EXPECT_THAT(facts.issuers, testing::ElementsAre("Inbox Test Authority"));
        EXPECT_TRUE(server.visit(trust_).resumed);
    }
}

TEST_F(TlsResumption, OffersNoSessionUnderAnotherName) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ResumingServer server(certificate_, version);
        server.visit(trust_);
        EXPECT_FALSE(server.visit(trust_, "other.example.test").resumed);
        const auto stream = server.connect();
        const auto facts = facts_of([&] { stream->start_tls(trust_, "stranger.example.test", patience()); });
        EXPECT_EQ(facts.condition, "cert.host_mismatch");
        EXPECT_EQ(server.resumed(), 0);
    }
}

TEST_F(TlsResumption, OffersNoSessionOnOtherTerms) {
    const ResumingServer server(certificate_);
    server.visit(trust_);
    const Trust alike(authority_.certificate_pem(), TlsVersion::tls1_2);
    EXPECT_FALSE(server.visit(alike).resumed);
    const Trust nobody{mailsend::net::Unproven()};
    EXPECT_FALSE(server.visit(nobody).resumed);
    // What was seen without proof proves nothing to others.
    EXPECT_TRUE(server.visit(nobody).resumed);
    const std::string foreign = inbox::Authority("Foreign").certificate_pem();
    const Trust strict(foreign, TlsVersion::tls1_2);
    const auto stream = server.connect();
    EXPECT_THAT(facts_of([&] { stream->start_tls(strict, host, patience()); }).condition,
                testing::StartsWith("cert."));
}

TEST_F(TlsResumption, HoldsForPinnedCertificatesToo) {
    const ResumingServer server(certificate_);
    const std::string pin = fingerprint(certificate_);
    const std::string pem = authority_.certificate_pem();
    for (const bool alone : {true, false}) {
        const Trust trust({.ca_pem = alone ? std::string_view() : pem, .pin_sha256 = pin});
        EXPECT_FALSE(server.visit(trust).resumed);
        EXPECT_TRUE(server.visit(trust).resumed);
    }
}

TEST_F(TlsResumption, EndsWithTheCertificate) {
    const ResumingServer server(authority_.issue({host}, -3600, 3));
    server.visit(trust_);
    const std::time_t expired = std::time(nullptr) + 4;
    while (std::time(nullptr) < expired) std::this_thread::sleep_for(100ms);
    const auto stream = server.connect();
    EXPECT_EQ(facts_of([&] { stream->start_tls(trust_, host, patience()); }).condition, "cert.expired");
    EXPECT_EQ(server.resumed(), 0);
}

TEST_F(TlsResumption, IsNotOfferedTwiceToAServerThatBreaksOffOnIt) {
    using Break = ResumingServer::Break;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const Break how : {Break::hang_up, Break::reset, Break::alert}) {
            ResumingServer server(certificate_, version);
            server.visit(trust_);
            server.break_off(1, how);
            const auto stream = server.connect();
            const auto facts = facts_of([&] { stream->start_tls(trust_, host, patience()); });
            EXPECT_EQ(facts.stage, mailsend::Stage::tls);
            EXPECT_EQ(facts.details.at("session_offered"), "yes");
            EXPECT_FALSE(server.visit(trust_).resumed);
            EXPECT_FALSE(server.visit(trust_).resumed) << "not within the minute";
        }
    }
}

TEST_F(TlsResumption, IsNotOfferedAgainToAServerThatKeepsSilentOnIt) {
    ResumingServer server(certificate_);
    server.visit(trust_);
    server.break_off(1, ResumingServer::Break::silence);
    {
        const auto stream = server.connect();
        EXPECT_THROW(stream->start_tls(trust_, host, patience(100ms)), mailsend::net::TimedOut);
    }
    EXPECT_FALSE(server.visit(trust_).resumed);
}

TEST_F(TlsResumption, IsNotToBlameWhereNothingWasOffered) {
    ResumingServer server(certificate_);
    server.hang_up(1);
    const auto stream = server.connect();
    EXPECT_FALSE(
        facts_of([&] { stream->start_tls(trust_, host, patience()); }).details.contains("session_offered"));
    EXPECT_FALSE(server.visit(trust_).resumed);
    EXPECT_TRUE(server.visit(trust_).resumed);
}

TEST_F(TlsResumption, ForgetsItsSessionsWithTheTrustThoughATicketComesLater) {
    const ResumingServer server(certificate_);
    auto trust = std::make_unique<Trust>(authority_.certificate_pem(), TlsVersion::tls1_2);
    const auto stream = server.connect();
    stream->start_tls(*trust, host, patience());
    const std::weak_ptr<mailsend::net::TlsSessionStore> store = trust->sessions();
    trust.reset();
    EXPECT_TRUE(store.expired());
    std::array<char, 64> bytes{};
    EXPECT_EQ(stream->read(bytes.data(), bytes.size(), patience()), 11U);
}

TEST_F(TlsResumption, IsSharedByManyThreads) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ResumingServer server(certificate_, version);
        server.visit(trust_);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 5; ++n) server.visit(trust_);
            });
        }
        for (auto& thread : threads) thread.join();
        EXPECT_GT(server.resumed(), 0);
    }
}

TEST_F(TlsResumption, WouldPassLooksAtNamesDatesAndPin) {
    const auto passes = [](const inbox::Certificate& certificate, const std::string& name,
                           const Verification& verification) {
        BIO* const text = BIO_new_mem_buf(certificate.certificate_pem.data(), -1);
        X509* const leaf = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
        const bool passed = would_pass(leaf, name, verification);
        X509_free(leaf);
        BIO_free(text);
        return passed;
    };
    EXPECT_TRUE(passes(certificate_, host, {}));
    EXPECT_TRUE(passes(certificate_, host + ".", {}));
    EXPECT_FALSE(passes(certificate_, "example.test", {}));
    EXPECT_FALSE(passes(certificate_, "", {}));
    EXPECT_FALSE(passes(certificate_, "127.0.0.1", {}));
    EXPECT_TRUE(passes(authority_.issue({"127.0.0.1"}), "127.0.0.1", {}));
    EXPECT_FALSE(passes(authority_.issue({"127.0.0.1"}), "127.0.0.2", {}));
    const auto over = authority_.issue({host}, -7200, -3600);
    EXPECT_FALSE(passes(over, host, {}));
    EXPECT_FALSE(passes(authority_.issue({host}, 3600, 7200), host, {}));
    Verification other_pin;
    other_pin.pin = "00:11";
    EXPECT_FALSE(passes(certificate_, host, other_pin));
    Verification unproven;
    unproven.unproven = true;
    EXPECT_TRUE(passes(over, "anything", unproven));
    EXPECT_FALSE(would_pass(nullptr, host, unproven));
}

}  // namespace
