#include "delivery/port_ladder.hpp"

#include <chrono>
#include <gtest/gtest.h>

#include "delivery/spoken_protocol.hpp"
#include "support/loopback_listener.hpp"

namespace mailsend::delivery {
namespace {

Facts silence() {
    return Failure(Stage::connect, "conn.timeout", "no answer").facts();
}

TEST(PortLadder, TakesSilenceOn25ForABlockWhereAnotherPortAnswers) {
    const std::vector<Rung> ladder = {{.port = 587, .address = "192.0.2.1"},
                                      {.port = 465, .refusal = silence()}};
    const Facts blocked = in_the_light_of(ladder, silence(), 25);
    EXPECT_EQ(blocked.condition, "conn.port25_blocked");
    EXPECT_EQ(blocked.details.at("names"), "587");
    EXPECT_EQ(in_the_light_of(ladder, silence(), 2525).condition, "conn.timeout");
    Facts refused = silence();
    refused.condition = "conn.refused";
    EXPECT_EQ(in_the_light_of(ladder, refused, 25).condition, "conn.refused") << "it answered";
}

TEST(PortLadder, IsNoSignOfABlockWhereNothingAnswers) {
    const std::vector<Rung> ladder = {{.port = 587, .refusal = silence()},
                                      {.port = 465, .refusal = silence()}};
    EXPECT_EQ(in_the_light_of(ladder, silence(), 25).condition, "conn.timeout");
}

TEST(PortLadder, IsClimbedWhereThePortMayBeWrongAndNotWhereThisMachineForbidsIt) {
    for (const char* condition : {"conn.timeout", "conn.refused", "conn.reset", "net.host_unreachable"})
        EXPECT_TRUE(other_port_may_answer(Failure(Stage::connect, condition, "").facts())) << condition;
    for (const char* condition : {"egress.denied", "net.unreachable", "conn.denied_locally"})
        EXPECT_FALSE(other_port_may_answer(Failure(Stage::connect, condition, "").facts())) << condition;
}

TEST(PortLadder, ConnectsAndSaysNothing) {
    wfc_clock table{};
    table.struct_size = sizeof table;
    table.monotonic_ms = [](void*) noexcept -> std::uint64_t {
        using namespace std::chrono;
        return static_cast<std::uint64_t>(
            duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
    };
    const net::Patience patience(wfc::Clock(&table), {}, table.monotonic_ms(nullptr) + 10'000);
    Route route;
    route.endpoint = {"localhost", 1, {}};
    test::LoopbackListener listener(1);
    const Rung open = try_port(route, {"127.0.0.1"}, listener.port(), patience);
    EXPECT_FALSE(open.refusal);
    EXPECT_EQ(open.address, "127.0.0.1");
    const int client = listener.accept();
    char byte = 0;
    EXPECT_EQ(::recv(client, &byte, 1, 0), 0) << "it closes without a word";
    ::close(client);
    const Rung closed = try_port(route, {"127.0.0.1"}, 1, patience);
    EXPECT_EQ(closed.refusal->condition, "conn.refused");
}

TEST(SpokenProtocol, IsKnownByItsFirstWords) {
    const std::pair<const char*, const char*> known[] = {{"220 mail.example.test ESMTP", "SMTP"},
                                                         {"* OK IMAP4rev1", "IMAP"},
                                                         {"+OK ready", "POP3"},
                                                         {"SSH-2.0-OpenSSH_9.2", "SSH"},
                                                         {"HTTP/1.1 400", "HTTP"},
                                                         {"<html>", "HTTP"},
                                                         {"hello", ""},
                                                         {"", ""}};
    for (const auto& [words, protocol] : known) EXPECT_EQ(spoken_protocol(words), protocol) << words;
}

}  // namespace
}  // namespace mailsend::delivery
