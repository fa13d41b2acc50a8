// Mail through an HTTP proxy that understands CONNECT.
#include <gmock/gmock.h>

#include "support/connect_proxy.hpp"
#include "support/dns_server.hpp"
#include "support/served_mail_send.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ThroughAProxy : public test::ServedMailSend {
  protected:
    ThroughAProxy() { serve(); }

    nlohmann::json proxied(bool implicit_tls) const {
        nlohmann::json out = settings(implicit_tls);
        out["server"]["host"] = "mail.example.test";  // a name that only the proxy knows
        out["network"]["proxy"] = "http://127.0.0.1:" + std::to_string(proxy_.port());
        out["network"]["name_servers"] = {names_.address()};
        return out;
    }
    std::string target(bool implicit_tls) const {
        return "mail.example.test:" + std::to_string(implicit_tls ? tls_port() : port());
    }

    test::ConnectProxy proxy_;
    test::DnsServer names_;
};

TEST_F(ThroughAProxy, MailArrivesUnderBothKindsOfTls) {
    for (const bool implicit_tls : {false, true}) {
        proxy_.lead(target(implicit_tls), implicit_tls ? tls_port() : port());
        const test::Sent sent = send(proxied(implicit_tls));
        EXPECT_EQ(sent.status, WFC_OK) << sent.document.dump(1);
        EXPECT_EQ(sent.document["server"]["host"], "mail.example.test");
    }
    EXPECT_EQ(arrived().size(), 2U);
    EXPECT_EQ(names_.queries(), 0) << "the proxy looks names up";
    for (const auto& asked : mail_send_.host.egress_asked()) {
        EXPECT_EQ(asked.port, proxy_.port());
        EXPECT_EQ(asked.address, "127.0.0.1");
    }
}

TEST_F(ThroughAProxy, AGreetingInTheSameSegmentIsNotLost) {
    proxy_.lead(target(false), port());
    proxy_.wait_for_greeting();
    const test::Sent sent = send(proxied(false));
    EXPECT_EQ(sent.status, WFC_OK) << sent.document.dump(1);
}

TEST_F(ThroughAProxy, TheProxysOwnNameIsLookedUp) {
    names_.answer("proxy.example.test", {.a = {"127.0.0.1"}});
    proxy_.lead(target(false), port());
    nlohmann::json settings = proxied(false);
    settings["network"]["proxy"] = "http://proxy.example.test:" + std::to_string(proxy_.port());
    EXPECT_EQ(send(settings).status, WFC_OK);

    settings["network"]["proxy"] = "http://wrong.example.test:" + std::to_string(proxy_.port());
    const test::Sent sent = send(settings);
    EXPECT_EQ(sent.id(), "proxy.not_found") << sent.document.dump(1);
    EXPECT_EQ(sent.stage(), "resolve");
    EXPECT_THAT(sent.message(), HasSubstr("wrong.example.test"));
}

TEST_F(ThroughAProxy, ARefusalIsToldInTheProxysWords) {
    proxy_.refuse("HTTP/1.1 403 Port not allowed\r\nContent-Length: 4\r\n\r\nno!\n");
    test::Sent sent = send(proxied(true));
    EXPECT_EQ(sent.status, WFC_FAILED);
    EXPECT_EQ(sent.document["outcome"], "failed");
    EXPECT_EQ(sent.id(), "proxy.connect") << sent.document.dump(1);
    EXPECT_EQ(sent.stage(), "connect");
    EXPECT_THAT(sent.message(), HasSubstr("403 Port not allowed"));

    proxy_.refuse("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    sent = send();
    EXPECT_EQ(sent.id(), "proxy.auth_required");

    proxy_.refuse("");
    sent = send();
    EXPECT_EQ(sent.id(), "proxy.closed");
    EXPECT_TRUE(arrived().empty());
}

TEST_F(ThroughAProxy, ATargetThatTheProxyCannotReachIsTemporary) {
    const test::Sent sent = send(proxied(false));  // the proxy was told of no way there
    EXPECT_EQ(sent.id(), "proxy.target_unreachable") << sent.document.dump(1);
    EXPECT_EQ(sent.document["error"]["class"], "transient");
}

TEST_F(ThroughAProxy, ThatIsTooBusyIsTemporary) {
    proxy_.refuse("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\n\r\n");
    const test::Sent sent = send(proxied(false));
    EXPECT_EQ(sent.id(), "proxy.unavailable") << sent.document.dump(1);
    EXPECT_EQ(sent.document["error"]["class"], "transient");
    EXPECT_THAT(sent.message(), HasSubstr("429 Too Many Requests"));
}

TEST_F(ThroughAProxy, ThatAnswersNonsenseIsTold) {
    for (const char* nonsense : {"\r\r\r\r\r\r\r\r\r\r\r\r\r\n\r\n", "HTTP/1.1 \r\r\r\r\n\r\n"}) {
        proxy_.refuse(nonsense);
        const test::Sent sent = send(proxied(false));
        EXPECT_EQ(sent.status, WFC_FAILED);
        EXPECT_EQ(sent.id(), "proxy.garbage") << sent.document.dump(1);
    }
}

TEST_F(ThroughAProxy, ATargetThatTheHostForbidsIsNotEvenAskedFor) {
    mail_send_.host.egress([](const wfc::testhost::EgressQuestion& asked) {
        return asked.address != "192.0.2.25" && asked.address != "::1";
    });
    for (const char* host : {"192.0.2.25", "localhost"}) {
        nlohmann::json settings = proxied(false);
        settings["server"]["host"] = host;
        const test::Sent sent = send(settings);
        EXPECT_EQ(sent.id(), "egress.denied") << sent.document.dump(1);
        EXPECT_EQ(sent.stage(), "connect");
    }
    EXPECT_TRUE(proxy_.requests().empty());
    for (const auto& asked : mail_send_.host.egress_asked()) EXPECT_NE(asked.port, proxy_.port());
}

TEST_F(ThroughAProxy, AMailServerIsNoProxy) {
    nlohmann::json settings = proxied(false);
    settings["network"]["proxy"] = "http://127.0.0.1:" + std::to_string(port());
    const test::Sent sent = send(settings);
    EXPECT_EQ(sent.id(), "proxy.garbage") << sent.document.dump(1);
    EXPECT_THAT(sent.message(), HasSubstr("it said: 220"));
}

TEST_F(ThroughAProxy, AnAbsentProxyIsNamed) {
    nlohmann::json settings = proxied(false);
    const std::uint16_t nobody = test::LoopbackListener(1).port();
    settings["network"]["proxy"] = "http://127.0.0.1:" + std::to_string(nobody);
    const test::Sent sent = send(settings);
    EXPECT_EQ(sent.id(), "proxy.unreachable") << sent.document.dump(1);
    EXPECT_EQ(sent.stage(), "connect");
    EXPECT_THAT(sent.message(), HasSubstr("127.0.0.1:" + std::to_string(nobody) + " connection refused"));
}

}  // namespace
