#include "net/tunnel.hpp"

#include <array>
#include <gmock/gmock.h>

#include "peer.hpp"
#include "support/connect_proxy.hpp"

namespace {

using mailsend::net::Endpoint;
using mailsend::net::open_tunnel;
using test::facts_of;
using test::patience;
using test::Peer;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

const Endpoint target{"mail.example.test", 587, {}};
const wfc::Egress everywhere;

std::string read_some(mailsend::net::Stream& stream) {
    std::array<char, 256> bytes{};
    return {bytes.data(), stream.read(bytes.data(), bytes.size(), patience())};
}

/// Takes the request, says `answer` and reads until the client goes.
Peer::Serve answering(std::string answer) {
    return [answer = std::move(answer)](int connection) {
        std::array<char, 1024> request{};
        (void)::recv(connection, request.data(), request.size(), 0);
        test::say(connection, answer);
        test::drain(connection);
    };
}

mailsend::Facts refused(Peer::Serve serve, const Endpoint& to = target) {
    Peer peer(std::move(serve));
    const Endpoint proxy{"proxy.example.test", peer.port(), {}};
    const auto stream = peer.connect();
    auto facts = facts_of([&] { open_tunnel(*stream, proxy, to, patience()); });
    EXPECT_EQ(facts.stage, mailsend::Stage::connect);
    EXPECT_EQ(facts.pointer, "/network/proxy");
    EXPECT_EQ(facts.details["host"], to.host);
    EXPECT_EQ(facts.details["proxy"], "proxy.example.test:" + std::to_string(peer.port()));
    return facts;
}

TEST(Tunnel, AsksForTheTargetByNameAndLeadsThere) {
    Peer server([](int connection) {
        test::say(connection, "220 hello\r\n");
        test::drain(connection);
    });
    test::ConnectProxy proxy;
    proxy.lead("mail.example.test:587", server.port());
    const Endpoint at{"127.0.0.1", proxy.port(), {}};
    const auto stream = connect(at, {"127.0.0.1"}, everywhere, patience());
    open_tunnel(*stream, at, target, patience());
    EXPECT_EQ(read_some(*stream), "220 hello\r\n");
    EXPECT_THAT(proxy.requests(), ElementsAre("CONNECT mail.example.test:587 HTTP/1.1\r\n"
                                              "Host: mail.example.test:587\r\n\r\n"));
}

TEST(Tunnel, PutsAnIPv6LiteralIntoBrackets) {
    std::string request;
    Peer peer([&](int connection) {
        test::say(connection, "HTTP/1.1 200 OK\r\n\r\n");
        request = test::drain(connection);
    });
    {
        const auto stream = peer.connect();
        open_tunnel(*stream, peer.endpoint(), {"2001:db8::25", 465, {}}, patience());
        stream->close();
    }
    peer.finish();
    EXPECT_EQ(request, "CONNECT [2001:db8::25]:465 HTTP/1.1\r\nHost: [2001:db8::25]:465\r\n\r\n");
}

TEST(Tunnel, LeavesTheServersFirstWordsWhereTheyAre) {
    Peer peer(answering("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n220 hello\r\n"));
    const auto stream = peer.connect();
    open_tunnel(*stream, peer.endpoint(), target, patience());
    EXPECT_EQ(read_some(*stream), "220 hello\r\n");
}

TEST(Tunnel, TakesTheAnswersThatHttpAllows) {
    for (const char* answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n220 hello\r\n",
          "HTTP/1.1 200\n\n220 hello\r\n", "HTTP/1.1 201 \r\n\r\n220 hello\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n220 "
          "hello\r\n"}) {
        Peer peer(answering(answer));
        const auto stream = peer.connect();
        open_tunnel(*stream, peer.endpoint(), target, patience());
        EXPECT_EQ(read_some(*stream), "220 hello\r\n") << answer;
    }
}

TEST(Tunnel, SaysWhatTheProxySaidWhenItRefuses) {
    const auto facts =
        refused(answering("HTTP/1.1 403 Forbidden by \x1b[1mpolicy\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(facts.condition, "proxy.connect");
    EXPECT_THAT(facts.sentence,
                HasSubstr("refused the connection to mail.example.test:587: 403 Forbidden by ?[1m"));
    EXPECT_EQ(facts.details.at("code"), "403");
    EXPECT_EQ(refused(answering("HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n")).condition,
              "proxy.connect");
}

TEST(Tunnel, TellsASignInAndADeadServerFromARefusal) {
    const auto sign_in =
        refused(answering("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"));
    EXPECT_EQ(sign_in.condition, "proxy.auth_required");
    EXPECT_THAT(sign_in.sentence, HasSubstr("not in this version"));
    for (const char* answer : {"HTTP/1.1 502 Bad Gateway\r\n\r\n", "HTTP/1.1 503 Down\r\n\r\n",
                               "HTTP/1.1 504 Gateway Timeout\r\n\r\n"}) {
        EXPECT_EQ(refused(answering(answer)).condition, "proxy.target_unreachable");
    }
}

TEST(Tunnel, KnowsAtOnceWhoIsNoHttpProxy) {
    for (const char* answer :
         {"220 mail.example.test ESMTP", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
          "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 OK 200\r\n\r\n", "\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "\x05\xff",
          "\r\r\r\r\r\r\r\r\r\r\r\r\r\n\r\n", "HTTP/1.1 \r\r\r\r\n\r\n", "HTTP/1.1 20\r\r\n\r\n",
          "HTTP/1.1 200\r\r\n\r\n", "HTTP/1.1 200\rOK\r\n\r\n", "HTTP/1.1 000 OK\r\n\r\n",
          "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"}) {
        EXPECT_EQ(refused(answering(answer)).condition, "proxy.garbage") << answer;
    }
    EXPECT_THAT(refused(answering("220 mail.example.test ESMTP\r\n")).sentence,
                HasSubstr("it said: 220 mail.example.test"));
}

TEST(Tunnel, ReadsNoMoreThanSixteenKibibytesOfAHead) {
    const std::string line = "X-Filler: " + std::string(100, 'x') + "\r\n";
    std::string head = "HTTP/1.1 200 OK\r\n";
    while (head.size() < 17 * 1024) head += line;
    EXPECT_EQ(refused(answering(head)).condition, "proxy.garbage");
    EXPECT_EQ(refused(answering("HTTP/1.1 200 " + std::string(17 * 1024, 'x'))).condition, "proxy.garbage");
    std::string interim;
    while (interim.size() < 17 * 1024) interim += "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(refused(answering(interim)).condition, "proxy.garbage");
}

TEST(Tunnel, SaysSoWhenTheProxyHangsUpInTheMiddle) {
    for (const char* part : {"", "HTTP/1.1 200 OK\r\nVia:"}) {
        EXPECT_EQ(refused([part](int connection) {
                      std::array<char, 1024> request{};
                      (void)::recv(connection, request.data(), request.size(), 0);
                      test::say(connection, part);
                  }).condition,
                  "proxy.closed");
    }
    EXPECT_EQ(refused([](int connection) { test::reset(connection); }).condition, "proxy.closed");
}

TEST(Tunnel, IsGivenUpWhenTheAnswerDripsTooSlowly) {
    Peer peer([](int connection) {
        for (const char c : std::string("HTTP/1.1 200 OK\r\nX: very slow\r\n\r\n")) {
            test::say(connection, std::string(1, c));
            std::this_thread::sleep_for(50ms);
        }
    });
    const auto stream = peer.connect();
    const auto facts =
        facts_of([&] { open_tunnel(*stream, peer.endpoint(), target, patience().within(300)); });
    EXPECT_EQ(facts.condition, "proxy.timeout");
    EXPECT_EQ(facts.stage, mailsend::Stage::connect);
}

TEST(Tunnel, IsCancelledAndEndsAtTheDeadline) {
    for (const bool cancel : {true, false}) {
        Peer peer([](int connection) { test::drain(connection); });
        const auto stream = peer.connect();
        const auto begin = [&](const mailsend::net::Patience& limit) {
            open_tunnel(*stream, peer.endpoint(), target, limit);
        };
        const double took = test::elapsed_ms([&] {
            if (cancel) {
                EXPECT_THROW(begin(patience(10s, 100ms)), mailsend::Cancelled);
            } else {
                EXPECT_THROW(begin(patience(100ms)), mailsend::net::TimedOut);
            }
        });
        EXPECT_LT(took, 5000);
    }
}

TEST(Tunnel, TellsAProxyInTroubleFromOneThatRefuses) {
    for (const char* answer :
         {"HTTP/1.1 408 Request Timeout\r\n\r\n", "HTTP/1.1 425 Too Early\r\n\r\n",
          "HTTP/1.1 429 Too Many Requests\r\n\r\n", "HTTP/1.1 500 Internal Server Error\r\n\r\n",
          "HTTP/1.1 507 Insufficient Storage\r\n\r\n", "HTTP/1.1 599 Odd\r\n\r\n"}) {
        const auto facts = refused(answering(answer));
        EXPECT_EQ(facts.condition, "proxy.unavailable") << answer;
        EXPECT_THAT(facts.sentence, HasSubstr("cannot open the connection to mail.example.test:587 now"));
    }
    // What no later try changes: CONNECT is unknown, the network wants a page to be visited first.
    for (const char* answer : {"HTTP/1.1 501 Not Implemented\r\n\r\n", "HTTP/1.1 505 No\r\n\r\n",
                               "HTTP/1.1 511 Network Authentication Required\r\n\r\n"}) {
        EXPECT_EQ(refused(answering(answer)).condition, "proxy.connect") << answer;
    }
}

TEST(Tunnel, AsksEgressAboutATargetWhoseAddressIsKnown) {
    std::vector<std::string> asked;
    wfc_egress table{};
    table.struct_size = sizeof table;
    table.ctx = &asked;
    table.allow = [](void* list, wfc_view, wfc_view address, std::uint16_t) noexcept -> wfc_status {
        static_cast<std::vector<std::string>*>(list)->emplace_back(address.data, address.size);
        return address.data[0] == '1' ? WFC_DENIED : WFC_OK;
    };
    const wfc::Egress egress(&table);
    const auto denied = [&](const char* host) {
        const auto facts = facts_of([&] { mailsend::net::ask_egress_behind_proxy({host, 25, {}}, egress); });
        EXPECT_EQ(facts.condition, "egress.denied") << host;
        EXPECT_EQ(facts.stage, mailsend::Stage::connect);
        EXPECT_EQ(facts.details.at("host"), host);
        EXPECT_THAT(facts.sentence, HasSubstr(host));
        return std::exchange(asked, {});
    };
    EXPECT_THAT(denied("192.0.2.25"), ElementsAre("192.0.2.25"));
    // RFC 6761: the proxy's loopback, and often the host's own. One address that is denied is enough.
    for (const char* host : {"localhost", "LocalHost", "localhost.", "mail.localhost"}) {
        EXPECT_THAT(denied(host), ElementsAre("::1", "127.0.0.1"));
    }
    mailsend::net::ask_egress_behind_proxy({"2001:db8::25", 25, {}}, egress);
    EXPECT_THAT(std::exchange(asked, {}), ElementsAre("2001:db8::25"));
    for (const char* host : {"mail.example.test", "notlocalhost", "localhost.example.test"}) {
        mailsend::net::ask_egress_behind_proxy({host, 25, {}}, egress);
        EXPECT_THAT(asked, testing::IsEmpty()) << host;
    }
}

TEST(AboutProxy, TellsAProxyThatCannotBeReachedFromAMailServer) {
    const Endpoint proxy{"proxy.example.test", test::closed_port(), {}};
    const auto cause = [&] {
        try {
            connect(proxy, {"127.0.0.1"}, everywhere, patience());
        } catch (const mailsend::Failure& failure) {
            return failure;
        }
        return mailsend::Failure(mailsend::Stage::host, "none", "nothing failed");
    }();
    const auto facts = mailsend::net::about_proxy(cause, proxy).facts();
    EXPECT_EQ(facts.condition, "proxy.unreachable");
    EXPECT_EQ(facts.pointer, "/network/proxy");
    EXPECT_THAT(facts.sentence,
                HasSubstr("the proxy cannot be reached: could not connect to proxy.example.test"));
    EXPECT_THAT(facts.sentence, HasSubstr("connection refused"));
}

TEST(AboutProxy, KeepsWhatIsAboutThisMachineAndTellsAWrongName) {
    const Endpoint proxy{"proxy.example.test", 3128, {}};
    const auto about = [&](const char* condition) {
        return mailsend::net::about_proxy({mailsend::Stage::connect, condition, "words"}, proxy)
            .facts()
            .condition;
    };
    for (const char* kept : {"egress.denied", "conn.denied_locally", "net.source_address"}) {
        EXPECT_EQ(about(kept), kept);
    }
    EXPECT_EQ(about("dns.nxdomain"), "proxy.not_found");
    EXPECT_EQ(about("dns.nodata"), "proxy.not_found");
    for (const char* other : {"dns.timeout", "conn.timeout", "net.unreachable"}) {
        EXPECT_EQ(about(other), "proxy.unreachable");
    }
}

}  // namespace
