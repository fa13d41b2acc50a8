#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/connect.hpp"
#include "peer.hpp"

namespace {

using mailsend::net::connect;
using mailsend::net::Endpoint;
using test::facts_of;
using test::patience;
using testing::HasSubstr;

/// An address that documentation uses and no machine has (RFC 5737).
constexpr const char* nobodys = "192.0.2.7";

Endpoint from(const std::string& source, std::uint16_t port) {
    return {"mail.example.test", port, {}, source};
}

TEST(SourceAddress, IsWhereTheConnectionComesFrom) {
    std::string seen;
    test::Peer peer([&](int connection) {
        sockaddr_in client{};
        socklen_t size = sizeof client;
        ::getpeername(connection, reinterpret_cast<sockaddr*>(&client), &size);
        seen = ::inet_ntoa(client.sin_addr);
    });
    const auto stream = connect(from("127.0.0.9", peer.port()), {"127.0.0.1"}, wfc::Egress(), patience());
    EXPECT_EQ(stream->local_address(), "127.0.0.9");
    peer.finish();
    EXPECT_EQ(seen, "127.0.0.9");
}

TEST(SourceAddress, PassesOverAddressesOfTheOtherFamilyWithoutAskingForThem) {
    std::vector<std::string> asked;
    wfc_egress table{};
    table.struct_size = sizeof table;
    table.ctx = &asked;
    table.allow = [](void* list, wfc_view, wfc_view address, std::uint16_t) noexcept -> wfc_status {
        static_cast<std::vector<std::string>*>(list)->emplace_back(address.data, address.size);
        return WFC_OK;
    };
    test::Peer peer([](int connection) { test::drain(connection); });
    const auto stream =
        connect(from("127.0.0.9", peer.port()), {"::1", "127.0.0.1"}, wfc::Egress(&table), patience());
    EXPECT_EQ(stream->peer_address(), "127.0.0.1");
    EXPECT_THAT(asked, testing::ElementsAre("127.0.0.1"));
}

TEST(SourceAddress, OfAFamilyThatTheServerLacksIsTheReason) {
    const auto facts = facts_of([] { connect(from("::1", 25), {"127.0.0.1"}, wfc::Egress(), patience()); });
    EXPECT_EQ(facts.condition, "net.source_address");
    EXPECT_EQ(facts.stage, mailsend::Stage::connect);
    EXPECT_EQ(facts.pointer, "/network/source_address");
    EXPECT_THAT(facts.sentence, HasSubstr("127.0.0.1:25 passed over: the source address is IPv6"));
}

TEST(SourceAddress, ThatThisMachineLacksIsTheReason) {
    const auto facts = facts_of([] { connect(from(nobodys, 25), {"127.0.0.1"}, wfc::Egress(), patience()); });
    EXPECT_EQ(facts.condition, "net.source_address");
    EXPECT_EQ(facts.pointer, "/network/source_address");
    EXPECT_THAT(facts.sentence, HasSubstr("the source address 192.0.2.7 is none of this machine"));
}

/// From loopback nothing leaves the machine: bound well, such a socket cannot be connected. Where there is no
/// network at all, the system says that instead.
TEST(SourceAddress, FromWhichTheServerCannotBeReachedIsTheReason) {
    const int probe = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(25);
    ::inet_pton(AF_INET, nobodys, &there.sin_addr);
    const bool network = ::connect(probe, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0;
    ::close(probe);

    const auto facts = facts_of([] { connect(from("127.0.0.9", 25), {nobodys}, wfc::Egress(), patience()); });
    EXPECT_EQ(facts.condition, network ? "net.source_address" : "net.unreachable");
    EXPECT_EQ(facts.pointer, network ? "/network/source_address" : "");
    EXPECT_THAT(facts.sentence,
                HasSubstr(network ? "192.0.2.7:25 cannot be reached from the source address 127.0.0.9"
                                  : "network is unreachable"));
}

TEST(SourceAddress, IsNotTheReasonWhenTheServerRefused) {
    Endpoint endpoint = from("127.0.0.9", test::closed_port());
    endpoint.host = "localhost";
    const auto facts = facts_of([&] { connect(endpoint, {"::1", "127.0.0.1"}, wfc::Egress(), patience()); });
    EXPECT_EQ(facts.condition, "conn.refused");
    EXPECT_EQ(facts.pointer, "");
    EXPECT_THAT(facts.sentence, HasSubstr("[::1]"));
}

}  // namespace
