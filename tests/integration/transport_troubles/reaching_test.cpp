// Servers that no connection leads to: ports that refuse or say nothing, routes that end.
#include "support/dns_server.hpp"
#include "transport_troubles/door.hpp"
#include "transport_troubles/own_network.hpp"
#include "transport_troubles/trouble.hpp"

namespace {

using test::Trouble;

class WayTrouble : public test::TransportTrouble {};

std::string at(const std::string& address, std::uint16_t port) {
    return address + ":" + std::to_string(port);
}

TEST_F(WayTrouble, AClosedPortIsNamedWithEveryAddressThatRefused) {
    const std::uint16_t nobody = test::LoopbackListener(1).port();
    // What ::1 says depends on whether this machine has IPv6.
    ends({.id = "conn.refused",
          .stage = "connect",
          .error_class = "transient",
          .advice = "backoff",
          .actor = "mailbox-admin",
          .message = "could not connect to localhost: " + at("[::1]", nobody) + " ",
          .told = {at("127.0.0.1", nobody) + " connection refused", "server.port"}},
         without_login("localhost", nobody));
}

TEST_F(WayTrouble, APortThatSwallowsWhoeverKnocksIsATimeOut) {
    const test::FullQueue silent;
    ends({.id = "conn.timeout",
          .stage = "connect",
          .error_class = "transient",
          .advice = "backoff",
          .actor = "tenant-admin",
          .message = "could not connect to 127.0.0.1: " + at("127.0.0.1", silent.port()) + " no answer",
          .told = {"127.0.0.1", std::to_string(silent.port())}},
         hasty(without_login("127.0.0.1", silent.port()), "connect"));
}

TEST_F(WayTrouble, TheAddressThatRefusesSaysMoreThanTheOneThatIsSilent) {
    IN_OWN_NETWORK({"local 192.0.2.2 dev lo"}, [&] {
        const test::FullQueue silent;
        test::DnsServer names;
        names.answer("mail.example.test", {.a = {"127.0.0.1", "192.0.2.2"}});
        nlohmann::json settings = without_login("mail.example.test", silent.port());
        settings["network"]["name_servers"] = {names.address()};
        ends({.id = "conn.refused",
              .stage = "connect",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "mailbox-admin",
              .message = "could not connect to mail.example.test: ",
              .told = {at("127.0.0.1", silent.port()) + " no answer",
                       at("192.0.2.2", silent.port()) + " connection refused", "(192.0.2.2)"}},
             hasty(settings, "connect"));
    });
}

TEST_F(WayTrouble, ASourceAddressOfAnotherMachineIsASettingToMend) {
    const test::LoopbackListener somebody(4);
    nlohmann::json settings = without_login("127.0.0.1", somebody.port());
    settings["network"]["source_address"] = "192.0.2.7";
    const auto document = ends({.id = "net.source_address",
                                .stage = "connect",
                                .error_class = "permanent",
                                .advice = "after-fix",
                                .actor = "developer",
                                .message = "could not connect to 127.0.0.1: ",
                                .told = {"192.0.2.7", "network.source_address"}},
                               settings);
    EXPECT_EQ(document.value("/error/pointer"_json_pointer, ""), "/network/source_address");
}

TEST_F(WayTrouble, WithoutARouteTheNetworkIsUnreachable) {
    IN_OWN_NETWORK({}, [&] {
        test::DnsServer names;
        names.answer("mail.example.test", {.a = {"192.0.2.1"}, .aaaa = {"2001:db8::1"}});
        nlohmann::json settings = without_login("mail.example.test", 587);
        settings["network"]["name_servers"] = {names.address()};
        ends({.id = "net.unreachable",
              .stage = "connect",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "nobody",
              .message = "could not connect to mail.example.test: [2001:db8::1]:587 network is unreachable; "
                         "192.0.2.1:587 network is unreachable",
              .told = {"IPv6"}},
             settings);
    });
}

TEST_F(WayTrouble, ARouteIntoABlackHoleIsNoWayEither) {
    IN_OWN_NETWORK({"blackhole 192.0.2.1"}, [&] {
        ends({.id = "net.unreachable",
              .stage = "connect",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "nobody",
              .message = "could not connect to 192.0.2.1: 192.0.2.1:587 network is unreachable",
              .told = {"192.0.2.1"}},
             without_login("192.0.2.1", 587));
    });
}

TEST_F(WayTrouble, ARouterThatKnowsNoWayIsTold) {
    IN_OWN_NETWORK({"unreachable 192.0.2.1"}, [&] {
        ends({.id = "net.host_unreachable",
              .stage = "connect",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "tenant-admin",
              .message = "could not connect to 192.0.2.1: 192.0.2.1:587 host is unreachable",
              .told = {"192.0.2.1", "587"}},
             without_login("192.0.2.1", 587));
    });
}

TEST_F(WayTrouble, AMachineThatForbidsTheConnectionIsTold) {
    IN_OWN_NETWORK({"prohibit 192.0.2.1"}, [&] {
        ends({.id = "conn.denied_locally",
              .stage = "connect",
              .error_class = "permanent",
              .advice = "after-fix",
              .actor = "sender",
              .message = "could not connect to 192.0.2.1: 192.0.2.1:587 not permitted on this machine",
              .told = {"587"}},
             without_login("192.0.2.1", 587));
    });
}

TEST_F(WayTrouble, IPv6WithoutARouteIsASecondFactBesideTheRefusal) {
    IN_OWN_NETWORK({}, [&] {
        test::DnsServer names;
        names.answer("mail.example.test", {.a = {"127.0.0.1"}, .aaaa = {"2001:db8::1"}});
        nlohmann::json settings = without_login("mail.example.test", 587);
        settings["network"]["name_servers"] = {names.address()};
        ends({.id = "conn.refused",
              .stage = "connect",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "mailbox-admin",
              .message = "could not connect to mail.example.test: [2001:db8::1]:587 network is unreachable; "
                         "127.0.0.1:587 connection refused",
              .told = {"(127.0.0.1)"}},
             settings);
    });
}

TEST_F(WayTrouble, ASilentPort25BesideAnOpen587IsABlockedPort) {
    IN_OWN_NETWORK({}, [&] {
        const test::FullQueue silent(25);
        const test::LoopbackListener open(16, 587);
        const auto settings = hasty(without_login("127.0.0.1", 25), "connect");
        ends({.id = "conn.port25_blocked",
              .stage = "connect",
              .error_class = "permanent",
              .advice = "after-fix",
              .actor = "tenant-admin",
              .message = "could not connect to 127.0.0.1: 127.0.0.1:25 no answer",
              .told = {"(587)"}},
             settings, "test-connection", "{}");
        // Sending knocks at no port but the one of the settings.
        ends({.id = "conn.timeout",
              .stage = "connect",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "tenant-admin",
              .message = "could not connect to 127.0.0.1: 127.0.0.1:25 no answer",
              .told = {"587", "465"}},
             settings);
    });
}

}  // namespace
