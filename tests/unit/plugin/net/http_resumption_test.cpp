/// Requests that go on with TLS sessions of those before.
#include <gtest/gtest.h>

#include "http_peer.hpp"
#include "resuming_server.hpp"

namespace {

using mailsend::net::exchange;
using mailsend::net::HttpTerms;
using mailsend::net::TlsVersion;
using mailsend::net::Trust;
using test::facts_of;
using test::get;
using test::patience;
using test::ResumingServer;

class HttpResumption : public testing::Test {
  protected:
    std::string ask() {
        return std::string(
            exchange(get("https://localhost:" + std::to_string(server_.port()) + "/"), terms(), patience())
                .body.reveal());
    }
    HttpTerms terms() {
        HttpTerms terms;
        terms.trust = [this] { return trust_; };
        return terms;
    }

    inbox::Authority authority_;
    ResumingServer server_{authority_.issue({"localhost"}), TLS1_3_VERSION,
                           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"};
    std::shared_ptr<const Trust> trust_ =
        std::make_shared<const Trust>(authority_.certificate_pem(), TlsVersion::tls1_2);
};

TEST_F(HttpResumption, GoesOnWithTheSessionOfTheRequestBefore) {
    EXPECT_EQ(ask(), "hello");
    EXPECT_EQ(ask(), "hello");
    EXPECT_EQ(server_.resumed(), 1);
}

TEST_F(HttpResumption, ConnectsOnceMoreWhereTheServerBreaksOffOnIt) {
    EXPECT_EQ(ask(), "hello");
    server_.hang_up(1);
    EXPECT_EQ(ask(), "hello");
    EXPECT_EQ(server_.resumed(), 0);
}

TEST_F(HttpResumption, ConnectsNotMoreThanOnceMore) {
    EXPECT_EQ(ask(), "hello");
    server_.hang_up(2);
    const auto facts = facts_of([&] { ask(); });
    EXPECT_EQ(facts.stage, mailsend::Stage::tls);
    EXPECT_EQ(facts.details.at("request_sent"), "no");
    EXPECT_FALSE(facts.details.contains(mailsend::net::session_offered));
    EXPECT_EQ(ask(), "hello");
}

TEST_F(HttpResumption, DoesNotConnectAgainWhereNoSessionWasOffered) {
    server_.hang_up(1);
    EXPECT_EQ(facts_of([&] { ask(); }).stage, mailsend::Stage::tls);
    EXPECT_EQ(ask(), "hello");
}

}  // namespace
