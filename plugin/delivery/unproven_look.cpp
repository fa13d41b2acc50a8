#include "delivery/unproven_look.hpp"

#include <algorithm>

namespace mailsend::delivery {
namespace {

/// Where `route` leads, without who goes there.
Route without_identity(const Route& route, const std::string& address, smtp::Protection protection,
                       std::uint64_t stage_ms) {
    Route look;
    look.endpoint = route.endpoint;
    look.proxy = route.proxy;
    look.provider = route.provider;
    look.protection = protection;
    look.ehlo_name = route.ehlo_name;
    look.timeouts = {std::min(route.timeouts.connect, stage_ms), std::min(route.timeouts.greeting, stage_ms),
                     std::min(route.timeouts.command, stage_ms), std::min(route.timeouts.data, stage_ms)};
    look.trust = [trust = std::make_shared<const net::Trust>(net::Unproven{})] { return trust; };
    look.clock = route.clock;
    look.egress = route.egress;
    look.log = route.log;
    look.hidden_addresses = route.hidden_addresses;
    if (!address.empty()) {
        look.dial = [address, egress = route.egress](const net::Endpoint& endpoint,
                                                     const std::vector<std::string>&,
                                                     const net::Patience& patience) {
            return net::connect(endpoint, {address}, egress, patience);
        };
    }
    return look;
}

}  // namespace

UnprovenLook::UnprovenLook(const Route& route, const std::string& address, smtp::Protection protection,
                           std::uint64_t stage_ms)
    : route_(without_identity(route, address, protection, stage_ms)), connection_(route_, nullptr) {}

void UnprovenLook::open(const net::Patience& patience) {
    connection_.open(patience);
    connection_.quit(patience);
}

}  // namespace mailsend::delivery
