/// Where a request may go, and which way: loopback, egress, the proxy.
#include <gmock/gmock.h>
#include <stdexcept>

#include "http_peer.hpp"
#include "support/connect_proxy.hpp"
#include "support/dns_server.hpp"

namespace {

using mailsend::net::Endpoint;
using mailsend::net::HttpRequest;
using mailsend::net::HttpTerms;
using test::answering;
using test::answering_under_tls;
using test::facts_of;
using test::get;
using test::loopback_url;
using test::patience;
using test::Peer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr const char* hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// Notes what it is asked and allows it or not.
class Egress {
  public:
    explicit Egress(bool allows) : allows_(allows) {
        table_.struct_size = sizeof table_;
        table_.ctx = this;
        table_.allow = [](void* self, wfc_view host, wfc_view address, std::uint16_t) noexcept -> wfc_status {
            auto& egress = *static_cast<Egress*>(self);
            egress.asked.push_back(std::string(host.data, host.size) + " " +
                                   std::string(address.data, address.size));
            return egress.allows_ ? WFC_OK : WFC_DENIED;
        };
    }
    wfc::Egress service() const { return wfc::Egress(&table_); }
    std::vector<std::string> asked;

  private:
    bool allows_;
    wfc_egress table_{};
};

TEST(HttpWay, LeadsNowhereInClearButToThisMachine) {
    test::DnsServer names;
    names.answer("near.example.test", {{"127.0.0.1"}, {}});
    names.answer("both.example.test", {{"127.0.0.1", "192.0.2.1"}, {}});
    Peer peer([](int) { ADD_FAILURE() << "somebody came"; });
    Egress egress(true);
    HttpTerms terms;
    terms.name_servers = {names.address()};
    terms.egress = egress.service();
    for (const char* host : {"near.example.test", "both.example.test", "192.0.2.1"}) {
        const std::string url = "http://" + std::string(host) + ":" + std::to_string(peer.port()) + "/";
        EXPECT_THROW(exchange(get(url), terms, patience()), std::invalid_argument) << host;
    }
    EXPECT_EQ(names.queries(), 0);
    EXPECT_THAT(egress.asked, IsEmpty());
}

TEST(HttpWay, IsAskedOfEgress) {
    Peer peer(answering(hello));
    Egress allowing(true);
    Egress denying(false);
    HttpTerms terms;
    terms.egress = denying.service();
    const auto facts = facts_of([&] { exchange(get(loopback_url(peer)), terms, patience()); });
    EXPECT_EQ(facts.condition, "egress.denied");
    EXPECT_EQ(facts.stage, mailsend::Stage::connect);
    EXPECT_EQ(facts.details.at("host"), "127.0.0.1");
    EXPECT_EQ(facts.details.at("port"), std::to_string(peer.port()));
    terms.egress = allowing.service();
    EXPECT_EQ(exchange(get(loopback_url(peer)), terms, patience()).status, 200);
    EXPECT_THAT(allowing.asked, ElementsAre("127.0.0.1 127.0.0.1"));
}

TEST(HttpWay, FindsItsHostByTheNameServersGiven) {
    test::DnsServer names;
    names.answer("login.example.test", {{"127.0.0.1"}, {}});
    const inbox::Authority authority;
    std::string asked;
    Peer peer(answering_under_tls(authority.issue({"login.example.test"}), hello, &asked));
    HttpTerms terms;
    terms.name_servers = {names.address()};
    terms.trust = [&] {
        return std::make_shared<const mailsend::net::Trust>(authority.certificate_pem(),
                                                            mailsend::net::TlsVersion::tls1_2);
    };
    const std::string at = "login.example.test:" + std::to_string(peer.port());
    EXPECT_EQ(exchange(get("https://" + at + "/"), terms, patience()).status, 200);
    peer.finish();
    EXPECT_THAT(asked, HasSubstr("\r\nHost: " + at + "\r\n"));
    const auto facts = facts_of([&] { exchange(get("https://nobody.example.test/"), terms, patience()); });
    EXPECT_EQ(facts.condition, "dns.nxdomain");
    EXPECT_EQ(facts.details.at("port"), "443");
}

TEST(HttpWay, IsLeftAtCancelAndDeadlineInEveryPhase) {
    test::DnsServer names;
    test::DnsRecord silent;
    silent.fault = test::DnsFault::silent;
    names.answer("silent.example.test", silent);
    test::BlackHole hole;
    const auto trust = std::make_shared<const mailsend::net::Trust>("", mailsend::net::TlsVersion::tls1_2);
    HttpTerms terms;
    terms.name_servers = {names.address()};
    terms.trust = [&] { return trust; };
    const auto left = [&](const std::string& url) {
        for (const bool cancel : {true, false}) {
            const double took = test::elapsed_ms([&] {
                if (cancel) {
                    EXPECT_THROW(exchange(get(url), terms, patience(20s, 100ms)), mailsend::Cancelled) << url;
                } else {
                    EXPECT_THROW(exchange(get(url), terms, patience(100ms)), mailsend::net::TimedOut) << url;
                }
            });
            EXPECT_LT(took, 5000) << url;
        }
    };
    left("https://silent.example.test/");
    left("http://127.0.0.1:" + std::to_string(hole.port()) + "/");
    Peer mute([](int connection) { test::drain(connection); });
    EXPECT_THROW(
        exchange(get("https://127.0.0.1:" + std::to_string(mute.port()) + "/"), terms, patience(20s, 100ms)),
        mailsend::Cancelled);
}

TEST(HttpWay, GivesEachPhaseItsTime) {
    test::DnsServer names;
    test::DnsRecord silent;
    silent.fault = test::DnsFault::silent;
    names.answer("silent.example.test", silent);
    test::BlackHole hole;
    HttpTerms terms;
    terms.name_servers = {names.address()};
    terms.connect_ms = 100;
    const auto unnamed = facts_of([&] { exchange(get("https://silent.example.test/"), terms, patience()); });
    EXPECT_EQ(unnamed.condition, "dns.timeout");
    const std::string url = "http://127.0.0.1:" + std::to_string(hole.port()) + "/";
    EXPECT_EQ(facts_of([&] { exchange(get(url), terms, patience()); }).condition, "conn.timeout");
}

class HttpBehindProxy : public testing::Test {
  protected:
    HttpTerms terms() const {
        HttpTerms terms;
        terms.proxy = Endpoint{"127.0.0.1", proxy_.port(), {}};
        terms.trust = [this] {
            return std::make_shared<const mailsend::net::Trust>(authority_.certificate_pem(),
                                                                mailsend::net::TlsVersion::tls1_2);
        };
        return terms;
    }
    test::ConnectProxy proxy_;
    inbox::Authority authority_;
};

TEST_F(HttpBehindProxy, GoesThroughTheTunnelByName) {
    std::string asked;
    Peer peer(answering_under_tls(authority_.issue({"login.example.test"}), hello, &asked));
    proxy_.lead("login.example.test:443", peer.port());
    EXPECT_EQ(exchange(get("https://login.example.test/token"), terms(), patience()).body.reveal(), "hello");
    peer.finish();
    EXPECT_THAT(proxy_.requests(), ElementsAre(StartsWith("CONNECT login.example.test:443 HTTP/1.1\r\n")));
    EXPECT_THAT(asked, StartsWith("GET /token HTTP/1.1\r\n"));
}

TEST_F(HttpBehindProxy, IsNeverTakenThereForThisMachine) {
    for (const char* host : {"localhost", "127.0.0.1"}) {
        Peer plain(answering(hello));
        const std::string port = ":" + std::to_string(plain.port());
        EXPECT_EQ(exchange(get("http://" + std::string(host) + port + "/"), terms(), patience()).status, 200);
    }
    Peer secured(answering_under_tls(authority_.issue({"localhost"}), hello));
    const std::string url = "https://localhost:" + std::to_string(secured.port()) + "/";
    EXPECT_EQ(exchange(get(url), terms(), patience()).status, 200);
    EXPECT_THAT(proxy_.requests(), IsEmpty());
}

TEST_F(HttpBehindProxy, TellsTheProxysTroubleFromTheServers) {
    const auto lost = facts_of([&] { exchange(get("https://lost.example.test/"), terms(), patience()); });
    EXPECT_EQ(lost.condition, "proxy.target_unreachable");
    EXPECT_EQ(lost.details.at("host"), "lost.example.test");
    HttpTerms closed = terms();
    closed.proxy->port = test::closed_port();
    const auto gone = facts_of([&] { exchange(get("https://login.example.test/"), closed, patience()); });
    EXPECT_EQ(gone.condition, "proxy.unreachable");
    EXPECT_EQ(gone.pointer, "/network/proxy");
}

TEST_F(HttpBehindProxy, AsksEgressAboutAnAddressInTheUrl) {
    Egress denying(false);
    HttpTerms denied = terms();
    denied.egress = denying.service();
    const auto facts = facts_of([&] { exchange(get("https://192.0.2.7/"), denied, patience()); });
    EXPECT_EQ(facts.condition, "egress.denied");
    EXPECT_THAT(denying.asked, ElementsAre("192.0.2.7 192.0.2.7"));
    EXPECT_THAT(proxy_.requests(), IsEmpty());
}

TEST(HttpRequestFields, AreOneLineEachAndNotOurs) {
    Peer peer([](int) { ADD_FAILURE() << "somebody came"; });
    const auto refused = [&](const std::string& name, const std::string& value) {
        HttpRequest request = get(loopback_url(peer));
        request.headers = {{name, value}};
        try {
            exchange(request, {}, patience());
        } catch (const std::invalid_argument& problem) {
            return std::string(problem.what());
        }
        return std::string("nothing was refused");
    };
    for (const std::string& value : {std::string("hunter2\r\nX: y"), std::string("hunter2\n"),
                                     std::string("hunter2\r"), std::string("hunter2\0", 8)}) {
        EXPECT_EQ(refused("X-Trace", value), "the value of the field X-Trace is not one line");
    }
    for (const std::string& name : {std::string(), std::string("X Y"), std::string("X:"),
                                    std::string("X\r\nY"), std::string("X\0", 2), std::string("\xc3\xa4")}) {
        EXPECT_THAT(refused(name, "y"), StartsWith("the name of a field"));
    }
    for (const char* name : {"Host", "content-length", "Transfer-Encoding", "CONNECTION"}) {
        EXPECT_THAT(refused(name, "y"), HasSubstr("is set here"));
    }
    HttpRequest request = get(loopback_url(peer));
    request.method = "GET / HTTP/1.1\r\nX:";
    EXPECT_THROW(exchange(request, {}, patience()), std::invalid_argument);
    request.method = "POST";
    request.content_type = "text/plain\r\nX: y";
    EXPECT_THROW(exchange(request, {}, patience()), std::invalid_argument);
}

}  // namespace
