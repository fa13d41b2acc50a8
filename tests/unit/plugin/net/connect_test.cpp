#include "net/connect.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.hpp"

namespace {

using mailsend::net::connect;
using mailsend::net::Endpoint;
using test::facts_of;
using test::patience;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// An egress service that refuses some addresses and remembers what it was asked.
struct Gate {
    std::vector<std::string> denied;
    std::vector<std::string> asked;
    wfc_egress table{};
    explicit Gate(std::vector<std::string> refuse) : denied(std::move(refuse)) {
        table.struct_size = sizeof table;
        table.ctx = this;
        table.allow = [](void* self, wfc_view, wfc_view address, std::uint16_t) noexcept -> wfc_status {
            auto& gate = *static_cast<Gate*>(self);
            gate.asked.emplace_back(address.data, address.size);
            return std::find(gate.denied.begin(), gate.denied.end(), gate.asked.back()) == gate.denied.end()
                       ? WFC_OK
                       : WFC_DENIED;
        };
    }
    wfc::Egress egress() const { return wfc::Egress(&table); }
};

const wfc::Egress everywhere;

/// Whether this machine has ::1; some containers have no IPv6 at all.
bool has_ipv6_loopback() {
    static const bool has = [] {
        const int probe = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (probe < 0) return false;
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_addr = in6addr_loopback;
        const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        ::close(probe);
        return bound;
    }();
    return has;
}

// tests/run.sh collects such lines and shows them at its end.
#define NEEDS_IPV6_LOOPBACK() \
    if (!has_ipv6_loopback()) GTEST_SKIP() << "NOT RUN: this machine has no ::1"

TEST(Connect, ReachesAPeerAndKnowsBothAddresses) {
    test::Peer peer([](int connection) { test::drain(connection); });
    const auto stream = peer.connect();
    EXPECT_EQ(stream->peer_address(), "127.0.0.1");
    EXPECT_EQ(stream->local_address(), "127.0.0.1");
    EXPECT_FALSE(stream->tls());
}

TEST(Connect, ReachesAPeerByIPv6) {
    NEEDS_IPV6_LOOPBACK();
    test::Peer peer([](int connection) { test::drain(connection); }, "::1");
    const auto stream = connect(peer.endpoint(), {"::1"}, everywhere, patience());
    EXPECT_EQ(stream->peer_address(), "::1");
}

TEST(Connect, LosesAQuarterOfASecondToASilentAddress) {
    test::Peer peer([](int connection) { test::drain(connection); });
    // The same port on another loopback address, where connection requests are dropped.
    test::BlackHole silent("127.0.0.2", peer.port());
    const double took = test::elapsed_ms([&] {
        const auto stream = connect(peer.endpoint(), {"127.0.0.2", "127.0.0.1"}, everywhere, patience());
        EXPECT_EQ(stream->peer_address(), "127.0.0.1");
    });
    EXPECT_GE(took, 240);
    EXPECT_LT(took, 1000);
}

TEST(Connect, FallsBackFromSilentIPv6ToIPv4) {
    NEEDS_IPV6_LOOPBACK();
    test::Peer peer([](int connection) { test::drain(connection); });
    test::BlackHole silent("::1", peer.port());
    const double took = test::elapsed_ms([&] {
        const auto stream = connect(peer.endpoint(), {"::1", "127.0.0.1"}, everywhere, patience());
        EXPECT_EQ(stream->peer_address(), "127.0.0.1");
    });
    EXPECT_GE(took, 240);
    EXPECT_LT(took, 1000);
}

TEST(Connect, GoesOnAtOnceWhenAnAddressRefuses) {
    // The best of three: a busy machine may take any one of them away.
    double best = 10000;
    for (int i = 0; i < 3; ++i) {
        test::Peer peer([](int connection) { test::drain(connection); });
        best = std::min(
            best, test::elapsed_ms([&] {
                const auto stream = connect(peer.endpoint(), {"::1", "127.0.0.1"}, everywhere, patience());
                EXPECT_EQ(stream->peer_address(), "127.0.0.1");
            }));
    }
    EXPECT_LT(best, 200);
}

TEST(Connect, ListsEveryAddressThatRefused) {
    NEEDS_IPV6_LOOPBACK();
    const std::uint16_t port = test::closed_port();
    const auto facts = facts_of([&] {
        connect({"localhost", port, {}}, {"::1", "127.0.0.1"}, everywhere, patience());
    });
    const std::string at = ":" + std::to_string(port);
    EXPECT_EQ(facts.stage, mailsend::Stage::connect);
    EXPECT_EQ(facts.condition, "conn.refused");
    EXPECT_EQ(facts.sentence, "could not connect to localhost: [::1]" + at +
                                  " connection refused; 127.0.0.1" + at + " connection refused");
    EXPECT_EQ(facts.details.at("port"), std::to_string(port));
    EXPECT_EQ(facts.details.at("host"), "localhost");
}

TEST(Connect, AsksEgressForEachAddressRightBeforeItsAttempt) {
    test::Peer peer([](int connection) { test::drain(connection); });
    Gate gate({"::1"});
    const auto stream =
        connect(peer.endpoint(), {"::1", "127.0.0.1", "127.0.0.3"}, gate.egress(), patience());
    EXPECT_EQ(stream->peer_address(), "127.0.0.1");
    EXPECT_THAT(gate.asked, ElementsAre("::1", "127.0.0.1"));
}

TEST(Connect, SaysSoWhenTheHostAllowsNoAddress) {
    Gate gate({"::1", "127.0.0.1"});
    const auto facts = facts_of([&] {
        connect({"mail.example.test", 25, {}}, {"::1", "127.0.0.1"}, gate.egress(), patience());
    });
    EXPECT_EQ(facts.condition, "egress.denied");
    EXPECT_THAT(facts.sentence,
                HasSubstr("[::1]:25 not allowed by the host; 127.0.0.1:25 not allowed by the host"));
}

TEST(Connect, LeadsWithTheMostTellingError) {
    Gate gate({"127.0.0.2"});
    const auto facts = facts_of([&] {
        connect({"localhost", test::closed_port(), {}}, {"127.0.0.2", "127.0.0.1"}, gate.egress(),
                patience());
    });
    EXPECT_EQ(facts.condition, "conn.refused");
    EXPECT_EQ(facts.details.at("address"), "127.0.0.1");
    EXPECT_THAT(facts.sentence, HasSubstr("127.0.0.2"));
}

TEST(Connect, BlamesANameThatLeadsBackHereUnlessSomebodyForbadeIt) {
    const Endpoint endpoint{"mail.example.test", test::closed_port(), {}};
    const auto tried = [&](const Gate& gate, std::string source) {
        Endpoint from = endpoint;
        from.source_address = std::move(source);
        return facts_of([&] {
                   connect(from, {"127.0.0.2", "127.0.0.1"}, gate.egress(), patience());
               })
            .condition;
    };
    EXPECT_EQ(tried(Gate({}), ""), "dns.all_local");
    EXPECT_EQ(tried(Gate({"127.0.0.1"}), ""), "dns.all_local");
    EXPECT_EQ(tried(Gate({"127.0.0.1", "127.0.0.2"}), ""), "egress.denied");
    EXPECT_EQ(tried(Gate({}), "192.0.2.7"), "net.source_address");
}

TEST(Connect, CallsSilenceATimeoutOfTheStage) {
    test::BlackHole silent;
    const double took = test::elapsed_ms([&] {
        const auto facts = facts_of([&] {
            connect({"localhost", silent.port(), {}}, {"127.0.0.1"}, everywhere, patience().within(400));
        });
        EXPECT_EQ(facts.condition, "conn.timeout");
        EXPECT_THAT(facts.sentence, HasSubstr("no answer"));
    });
    EXPECT_GE(took, 390);
    EXPECT_LT(took, 1000);
}

TEST(Connect, EndsAtTheDeadlineOfTheCall) {
    test::BlackHole silent;
    const double took = test::elapsed_ms([&] {
        EXPECT_THROW(
            connect({"mail.example.test", silent.port(), {}}, {"127.0.0.1"}, everywhere, patience(300ms)),
            mailsend::net::TimedOut);
    });
    EXPECT_LT(took, 1000);
}

TEST(Connect, IsCancelledWhileWaiting) {
    test::BlackHole silent;
    const double took = test::elapsed_ms([&] {
        EXPECT_THROW(connect({"mail.example.test", silent.port(), {}}, {"127.0.0.1"}, everywhere,
                             patience(10s, 100ms)),
                     mailsend::Cancelled);
    });
    EXPECT_LT(took, 1000);
}

TEST(Connect, FailsWithoutAnAddress) {
    EXPECT_EQ(facts_of([] {
                  connect({"mail.example.test", 25, {}}, {}, everywhere, patience());
              }).condition,
              "net.unreachable");
}

}  // namespace
