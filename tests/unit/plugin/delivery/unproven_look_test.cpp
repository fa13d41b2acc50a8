#include "delivery/unproven_look.hpp"

#include <chrono>
#include <gmock/gmock.h>

#include "token_server.hpp"

namespace mailsend::delivery {
namespace {

net::Patience patience() {
    static const wfc_clock table = [] {
        wfc_clock clock{};
        clock.struct_size = sizeof clock;
        clock.monotonic_ms = [](void*) noexcept -> std::uint64_t {
            using namespace std::chrono;
            return static_cast<std::uint64_t>(
                duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
        };
        return clock;
    }();
    return {wfc::Clock(&table), {}, table.monotonic_ms(nullptr) + 10'000};
}

TEST(UnprovenLook, ReadsGreetingAndCapabilitiesAndNeverSignsIn) {
    TokenServer server({{"235 welcome"}});
    Route route;
    route.endpoint = {"127.0.0.1", server.port(), {}};
    route.protection = smtp::Protection::none;
    route.allow_cleartext_auth = true;
    route.credentials.emplace(sasl::Credentials{
        .username = "alice", .password = wfc::SecretString("token"), .proof = sasl::Proof::access_token});
    {
        UnprovenLook look(route, "127.0.0.1", smtp::Protection::none, 5'000);
        look.open(patience());
        EXPECT_EQ(look.connection().signs().greeting, "hello");
        EXPECT_EQ(look.connection().capabilities().auth_mechanisms, std::vector<std::string>{"XOAUTH2"});
    }
    const std::vector<std::string> heard = server.heard();
    ASSERT_EQ(heard.size(), 2u);
    EXPECT_EQ(heard[0].substr(0, 4), "EHLO");
    EXPECT_EQ(heard[1], "QUIT");
}

/// A mistake of whoever builds a route must not give a secret away.
TEST(Credentials, AreNotTakenToAServerWhoseIdentityNobodyProves) {
    TokenServer server({{"235 welcome"}});
    Route route;
    route.endpoint = {"127.0.0.1", server.port(), {}};
    route.protection = smtp::Protection::implicit_tls;
    route.trust = [] { return std::make_shared<const net::Trust>(net::Unproven{}); };
    route.credentials.emplace(
        sasl::Credentials{.username = "alice", .password = wfc::SecretString("secret")});
    {
        Connection connection(route);
        EXPECT_THROW(connection.open(patience()), std::logic_error);
        EXPECT_FALSE(connection.tls());
    }
    EXPECT_THAT(server.heard(), testing::IsEmpty()) << "not even a ClientHello";
}

}  // namespace
}  // namespace mailsend::delivery
