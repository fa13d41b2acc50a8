/// Host name and port -> connected stream: resolve (c-ares), ask egress, try the addresses in turn (RFC 8305,
/// reduced).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/stream.hpp"

namespace mailsend::net {

/// Where to connect and how names are resolved.
struct Endpoint {
    std::string host;  ///< A-label name or IP literal
    std::uint16_t port = 0;
    std::vector<std::string> name_servers;  ///< "127.0.0.1:5353"; empty: the system's
    std::string source_address{};           ///< IP literal to connect from; empty: the system chooses
};

/// An IPv4 or IPv6 address, the latter perhaps with a zone ("fe80::1%eth0"), without brackets.
bool is_ip_literal(const std::string& host);

/// "localhost" and what ends in ".localhost": loopback by its name (RFC 6761 section 6.3).
bool is_loopback_name(const std::string& host);

/// What such a name stands for, IPv6 first.
std::vector<std::string> loopback_addresses();

/// Whether a name stands for nothing but this machine (loopback, or an address of zeros) though it does not
/// say so: a hosts file, a filter or a name server put that in the place of what was meant. False of IP
/// literals and loopback names.
bool leads_back(const std::string& host, const std::vector<std::string>& addresses);

/// Resolves to IP literals, families interleaved, IPv6 first (RFC 6724 order of the resolver is kept inside a
/// family). An IP literal is returned as it is. Reads /etc/hosts, then DNS; "localhost" always means loopback
/// (RFC 6761). Throws Failure with stage resolve and condition dns.nxdomain | dns.nodata | dns.temporary |
/// dns.fail | dns.timeout (with "seconds"); Cancelled; TimedOut.
std::vector<std::string> resolve(const Endpoint& endpoint, const Patience& patience);

/// Connects to the first address that answers; a silent one costs 250 ms, not the time-out. TCP_NODELAY is
/// set. Addresses of another family than the source address are passed over; name look-ups do not start from
/// it. Throws Failure with stage connect and conditions conn.refused | conn.reset | conn.timeout |
/// net.unreachable | net.host_unreachable | conn.denied_locally | egress.denied | net.source_address |
/// dns.all_local (nobody answers and the name leads_back), listing every address tried with its own error;
/// Cancelled; TimedOut (overall only).
std::unique_ptr<Stream> connect(const Endpoint& endpoint, const std::vector<std::string>& addresses,
                                const wfc::Egress& egress, const Patience& patience);

}  // namespace mailsend::net
