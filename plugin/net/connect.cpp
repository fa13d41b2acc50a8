#include "net/connect.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <system_error>

#include "net/channel.hpp"
#include "net/wait.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// RFC 8305 section 5, "Connection Attempt Delay".
constexpr std::chrono::milliseconds attempt_delay{250};
constexpr int idle_ms = 1000;

struct Refusal {
    std::string condition;
    std::string words;
};

/// The most telling first: what a server or firewall answered says more than silence, silence more than a
/// missing route.
constexpr const char* by_weight[] = {"conn.refused",    "conn.reset",           "conn.denied_locally",
                                     "conn.timeout",    "net.host_unreachable", "egress.denied",
                                     "net.unreachable", "net.source_address"};

std::size_t weight(const Refusal& refusal) {
    return static_cast<std::size_t>(std::find(std::begin(by_weight), std::end(by_weight), refusal.condition) -
                                    std::begin(by_weight));
}

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

/// The attempts of one connect, started one after the other, open at the same time.
class Race {
  public:
    Race(const Endpoint& endpoint, const std::vector<std::string>& addresses, const wfc::Egress& egress)
        : endpoint_(endpoint), addresses_(addresses), egress_(egress) {}

    /// The first socket that is connected.
    Poco::Net::StreamSocket run(const Patience& patience) {
        for (;;) {
            start_due();
            if (open_.empty()) throw failure();
            try {
                if (auto winner = await(patience)) return *winner;
            } catch (const TimedOut& late) {
                if (late.overall()) throw;
                for (const Attempt& attempt : open_) note(attempt.address, refusal_of(ETIMEDOUT));
                throw failure();
            }
        }
    }

  private:
    struct Attempt {
        std::string address;
        Poco::Net::StreamSocket socket;
    };

    /// Not the host's clock: the delay is about the network, and a host that stops its clock must still reach
    /// the second address.
    void start_due() {
        while (next_ < addresses_.size() && (open_.empty() || SteadyClock::now() >= next_start_)) {
            const std::string& address = addresses_[next_++];
            const std::string& source = endpoint_.source_address;
            if (!source.empty() && is_v6(source) != is_v6(address)) {
                note(address, {"net.source_address", std::string("passed over: the source address is ") +
                                                         (is_v6(source) ? "IPv6" : "IPv4")});
            } else if (!egress_.allows(endpoint_.host, address, endpoint_.port)) {
                note(address, {"egress.denied", "not allowed by the host"});
            } else if (start(address)) {
                next_start_ = SteadyClock::now() + attempt_delay;
            }
        }
    }

    bool start(const std::string& address) {
        try {
            Attempt attempt{address, {}};
            if (!endpoint_.source_address.empty()) attempt.socket = socket_from(endpoint_.source_address);
            attempt.socket.connectNB({Poco::Net::IPAddress(address), endpoint_.port});
            // The host may start children.
            ::fcntl(attempt.socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
            open_.push_back(std::move(attempt));
            return true;
        } catch (const Poco::Exception& refused) {
            note(address, refused_at_start(refused.code()));
            return false;
        } catch (const std::system_error& unbound) {
            const bool foreign = unbound.code().value() == EADDRNOTAVAIL;
            note(address,
                 {"net.source_address", "the source address " + endpoint_.source_address +
                                            (foreign ? " is none of this machine"
                                                     : " cannot be used: " + unbound.code().message())});
            return false;
        }
    }

    /// With a source address that could be bound, these two say that no connection to there begins at it:
    /// one from loopback to another machine, for instance.
    Refusal refused_at_start(int error) const {
        const std::string& source = endpoint_.source_address;
        if (source.empty() || (error != EINVAL && error != EADDRNOTAVAIL)) return refusal_of(error);
        return {"net.source_address", "cannot be reached from the source address " + source + ": " +
                                          std::generic_category().message(error)};
    }

    std::optional<Poco::Net::StreamSocket> await(const Patience& patience) {
        std::vector<pollfd> polled;
        for (const Attempt& attempt : open_) polled.push_back({attempt.socket.impl()->sockfd(), POLLOUT, 0});
        int most_ms = idle_ms;
        if (next_ < addresses_.size()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_start_ - SteadyClock::now());
            most_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, idle_ms));
        }
        if (wait_some(polled, most_ms, patience) == 0) return std::nullopt;
        // Backwards, so that the indices stay right while losers are taken out.
        for (std::size_t i = polled.size(); i-- > 0;) {
            if (polled[i].revents == 0) continue;
            const int error = open_[i].socket.impl()->socketError();
            if (error == 0) return open_[i].socket;
            note(open_[i].address, refusal_of(error));
            open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
            next_start_ = SteadyClock::now();
        }
        return std::nullopt;
    }

    void note(const std::string& address, Refusal refusal) {
        tried_ += (tried_.empty() ? "" : "; ") + with_port(address, endpoint_.port) + " " + refusal.words;
        if (worst_.condition.empty() || weight(refusal) < weight(worst_)) {
            worst_ = std::move(refusal);
            telling_address_ = address;
        }
    }

    Failure failure() const {
        Failure failed(Stage::connect, worst_.condition,
                       "could not connect to " + endpoint_.host + ": " + tried_);
        if (worst_.condition == "net.source_address") failed.facts().pointer = "/network/source_address";
        failed.facts().details = {{"host", endpoint_.host},
                                  {"port", std::to_string(endpoint_.port)},
                                  {"address", telling_address_},
                                  {"tried", tried_}};
        return failed;
    }

    const Endpoint& endpoint_;
    const std::vector<std::string>& addresses_;
    const wfc::Egress& egress_;
    std::size_t next_ = 0;
    SteadyClock::time_point next_start_{};
    std::vector<Attempt> open_;
    std::string tried_;
    Refusal worst_;
    std::string telling_address_;
};

}  // namespace

std::unique_ptr<Stream> connect(const Endpoint& endpoint, const std::vector<std::string>& addresses,
                                const wfc::Egress& egress, const Patience& patience) {
    patience.check();
    if (addresses.empty()) {
        throw Failure(Stage::connect, "net.unreachable", "there is no address to connect to")
            .with("host", endpoint.host);
    }
    Poco::Net::StreamSocket connected = Race(endpoint, addresses, egress).run(patience);
    connected.setNoDelay(true);
    return std::make_unique<Channel>(connected);
}

}  // namespace mailsend::net
