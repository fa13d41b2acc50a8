#include "delivery/port_ladder.hpp"

#include <algorithm>

namespace mailsend::delivery {
namespace {

constexpr std::uint64_t rung_ms = 5'000;
constexpr std::uint16_t relay_port = 25;

}  // namespace

bool other_port_may_answer(const Facts& refusal) {
    return refusal.condition == "conn.timeout" || refusal.condition == "conn.refused" ||
           refusal.condition == "conn.reset" || refusal.condition == "net.host_unreachable" ||
           refusal.condition == "dns.all_local";  // a server of this machine may be meant
}

Rung try_port(const Route& route, const std::vector<std::string>& addresses, std::uint16_t port,
              const net::Patience& patience) {
    Rung rung;
    rung.port = port;
    net::Endpoint endpoint = route.endpoint;
    endpoint.port = port;
    const std::uint64_t begun = patience.now_ms();
    try {
        const auto stream = net::connect(endpoint, addresses, route.egress,
                                         patience.within(std::min(route.timeouts.connect, rung_ms)));
        rung.address = stream->peer_address();
    } catch (const Failure& failure) {
        rung.refusal = failure.facts();
    }
    rung.milliseconds = patience.now_ms() - begun;
    return rung;
}

Facts in_the_light_of(const std::vector<Rung>& ladder, Facts refusal, std::uint16_t port) {
    std::string open;
    for (const Rung& rung : ladder) {
        if (rung.refusal || rung.port == relay_port) continue;
        open += (open.empty() ? "" : ", ") + std::to_string(rung.port);
    }
    if (port == relay_port && refusal.condition == "conn.timeout" && !open.empty()) {
        refusal.condition = "conn.port25_blocked";
        refusal.details["names"] = open;
    }
    return refusal;
}

}  // namespace mailsend::delivery
