#include "net/dial.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <system_error>

namespace mailsend::net {
namespace {

/// The most telling first: what a server or firewall answered says more than silence, silence more than a
/// missing route.
constexpr const char* by_weight[] = {"conn.refused",    "conn.reset",           "conn.denied_locally",
                                     "conn.timeout",    "net.host_unreachable", "egress.denied",
                                     "net.unreachable", "net.source_address"};

std::size_t weight(const Refusal& refusal) {
    return static_cast<std::size_t>(std::find(std::begin(by_weight), std::end(by_weight), refusal.condition) -
                                    std::begin(by_weight));
}

bool is_v6(const std::string& address) {
    return address.find(':') != std::string::npos;
}

std::string with_port(const std::string& address, std::uint16_t port) {
    return (is_v6(address) ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

/// A socket that connects from `source`; a port is chosen when it connects, when the kernel knows how to
/// wait.
Poco::Net::StreamSocket socket_from(const std::string& source) {
    const Poco::Net::SocketAddress from(Poco::Net::IPAddress(source), 0);
    Poco::Net::StreamSocket socket(from.family());
    const int fd = socket.impl()->sockfd();
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (::bind(fd, from.addr(), from.length()) != 0) throw std::system_error(errno, std::generic_category());
    return socket;
}

/// With a source address that could be bound, these two say that no connection to there begins at it:
/// one from loopback to another machine, for instance.
Refusal refused_at_start(const std::string& source, int error) {
    if (source.empty() || (error != EINVAL && error != EADDRNOTAVAIL)) return refusal_of(error);
    return {"net.source_address", "cannot be reached from the source address " + source + ": " +
                                      std::generic_category().message(error)};
}

}  // namespace

Refusal refusal_of(int error) {
    switch (error) {
        case ECONNREFUSED:
            return {"conn.refused", "connection refused"};
        case ECONNRESET:
            return {"conn.reset", "connection reset"};
        case ETIMEDOUT:
            return {"conn.timeout", "no answer"};
        case ENETUNREACH:
        case EADDRNOTAVAIL:
        case EAFNOSUPPORT:
        case EINVAL:  // a route into a black hole
            return {"net.unreachable", "network is unreachable"};
        case EHOSTUNREACH:
        case EHOSTDOWN:
            return {"net.host_unreachable", "host is unreachable"};
        case EACCES:
        case EPERM:
            return {"conn.denied_locally", "not permitted on this machine"};
        default:
            return {"conn.denied_locally", std::generic_category().message(error)};
    }
}

std::variant<Poco::Net::StreamSocket, Refusal> dial(const Endpoint& endpoint, const std::string& address,
                                                    const wfc::Egress& egress) {
    const std::string& source = endpoint.source_address;
    if (!source.empty() && is_v6(source) != is_v6(address)) {
        return Refusal{"net.source_address", std::string("passed over: the source address is ") +
                                                 (is_v6(source) ? "IPv6" : "IPv4")};
    }
    if (!egress.allows(endpoint.host, address, endpoint.port)) {
        return Refusal{"egress.denied", "not allowed by the host"};
    }
    try {
        Poco::Net::StreamSocket socket;
        if (!source.empty()) socket = socket_from(source);
        socket.connectNB({Poco::Net::IPAddress(address), endpoint.port});
        // The host may start children.
        ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
        return socket;
    } catch (const Poco::Exception& refused) {
        return refused_at_start(source, refused.code());
    } catch (const std::system_error& unbound) {
        const bool foreign = unbound.code().value() == EADDRNOTAVAIL;
        return Refusal{"net.source_address", "the source address " + source +
                                                 (foreign ? " is none of this machine"
                                                          : " cannot be used: " + unbound.code().message())};
    }
}

void Refusals::note(const std::string& address, Refusal refusal) {
    tried_ += (tried_.empty() ? "" : "; ") + with_port(address, endpoint_.port) + " " + refusal.words;
    if (worst_.condition.empty() || weight(refusal) < weight(worst_)) {
        worst_ = std::move(refusal);
        telling_address_ = address;
    }
}

Failure Refusals::failure() const {
    // Whoever forbids it, here or in the settings, is named before the name is.
    const bool by_name =
        leads_back_ && (worst_.condition.starts_with("conn.") || worst_.condition.starts_with("net.")) &&
        worst_.condition != "conn.denied_locally" && worst_.condition != "net.source_address";
    Failure failed(Stage::connect, by_name ? "dns.all_local" : worst_.condition,
                   "could not connect to " + endpoint_.host +
                       (by_name ? ", which leads only to this machine: " : ": ") + tried_);
    if (worst_.condition == "net.source_address") failed.facts().pointer = "/network/source_address";
    failed.facts().details = {{"host", endpoint_.host},
                              {"port", std::to_string(endpoint_.port)},
                              {"address", telling_address_},
                              {"tried", tried_}};
    return failed;
}

}  // namespace mailsend::net
