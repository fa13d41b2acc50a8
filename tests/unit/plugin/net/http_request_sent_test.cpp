// A failure says where the server cannot have seen anything of the request: it may be made again then.
#include <gmock/gmock.h>

#include "http_peer.hpp"
#include "support/connect_proxy.hpp"

namespace {

using mailsend::net::Endpoint;
using mailsend::net::HttpTerms;
using test::facts_of;
using test::get;
using test::loopback_url;
using test::patience;
using test::Peer;

void expect_unsent(const std::string& url, const HttpTerms& terms, const char* condition) {
    const auto facts = facts_of([&] { exchange(get(url), terms, patience()); });
    EXPECT_EQ(facts.condition, condition);
    EXPECT_TRUE(facts.details.contains("request_sent") && facts.details.at("request_sent") == "no") << url;
}

TEST(HttpRequestSent, IsNoWhereNobodyWasReached) {
    const std::uint16_t port = test::closed_port();
    HttpTerms terms;
    expect_unsent("http://127.0.0.1:" + std::to_string(port) + "/token", terms, "conn.refused");
    terms.proxy = Endpoint{"127.0.0.1", port, {}};
    expect_unsent("https://login.example.test/token", terms, "proxy.unreachable");
}

TEST(HttpRequestSent, IsNoWhereTheTunnelOrTlsFails) {
    test::ConnectProxy proxy;
    proxy.refuse("HTTP/1.1 403 Forbidden\r\n\r\n");
    HttpTerms terms;
    terms.proxy = Endpoint{"127.0.0.1", proxy.port(), {}};
    expect_unsent("https://login.example.test/token", terms, "proxy.connect");
    Peer peer([](int connection) { test::say(connection, "220 mail.example.test ESMTP\r\n"); });
    terms = {};
    terms.trust = [] {
        return std::make_shared<const mailsend::net::Trust>("", mailsend::net::TlsVersion::tls1_2);
    };
    expect_unsent("https://127.0.0.1:" + std::to_string(peer.port()) + "/", terms, "tls.plaintext_server");
}

TEST(HttpRequestSent, IsNotDeniedOnceAByteIsOut) {
    for (const std::string& answer : {std::string(), std::string("SSH-2.0-x\r\n")}) {
        Peer peer(test::answering(answer));
        const auto facts = facts_of([&] { exchange(get(loopback_url(peer)), {}, patience()); });
        EXPECT_FALSE(facts.details.contains("request_sent")) << facts.condition;
    }
    Peer silent([](int connection) { test::drain(connection); });
    HttpTerms terms;
    terms.answer_ms = 100;
    const auto facts = facts_of([&] { exchange(get(loopback_url(silent)), terms, patience()); });
    EXPECT_EQ(facts.condition, "http.timeout");
    EXPECT_FALSE(facts.details.contains("request_sent"));
}

}  // namespace
