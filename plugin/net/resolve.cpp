#include <algorithm>
#include <ares.h>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <initializer_list>
#include <netdb.h>
#include <optional>
#include <sys/time.h>

#include "net/connect.hpp"
#include "net/wait.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int query_timeout_ms = 2000;
constexpr int query_tries = 2;
constexpr int idle_ms = 1000;
/// RFC 8305 section 3: once one family has answered, the other gets little time. Some resolvers drop AAAA
/// queries.
constexpr std::chrono::milliseconds other_family_grace{500};
constexpr std::size_t most_addresses_per_family = 8;

/// The answer of one family. c-ares writes it; it outlives the channel.
struct Answer {
    bool complete = false;
    int status = ARES_SUCCESS;
    std::vector<std::string> addresses;
};

/// No ares_library_init: on POSIX it only sets the allocators that are the defaults anyway, and it is not
/// safe with threads.
class Resolver {
  public:
    explicit Resolver(bool search_domains) {
        ares_options options{};
        options.flags = ARES_FLAG_NOALIASES;  // HOSTALIASES is no setting of ours
        options.timeout = query_timeout_ms;
        options.tries = query_tries;
        char lookups[] = "fb";  // /etc/hosts, then DNS
        options.lookups = lookups;
        int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS;
        if (!search_domains) mask |= ARES_OPT_DOMAINS;  // ndomains == 0: none
        if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) {
            throw Failure(Stage::resolve, "dns.fail", "the resolver could not be set up");
        }
    }
    ~Resolver() { ares_destroy(channel_); }
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    bool use(const std::string& servers) {
        return ares_set_servers_ports_csv(channel_, servers.c_str()) == ARES_SUCCESS;
    }

    void ask(const std::string& host, int family, Answer& answer) {
        ares_addrinfo_hints hints{};
        hints.ai_family = family;
        hints.ai_socktype = SOCK_STREAM;
        ares_getaddrinfo(channel_, host.c_str(), nullptr, &hints, &received, &answer);
    }

    /// Waits for the network once and lets c-ares work.
    void advance(int most_ms, const Patience& patience) {
        std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
        const int wanted = ares_getsock(channel_, sockets.data(), ARES_GETSOCK_MAXNUM);
        std::array<pollfd, ARES_GETSOCK_MAXNUM> polled{};
        std::size_t count = 0;
        for (int i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
            short events = 0;
            if (ARES_GETSOCK_READABLE(wanted, i)) events |= POLLIN;
            if (ARES_GETSOCK_WRITABLE(wanted, i)) events |= POLLOUT;
            if (events != 0) polled[count++] = pollfd{sockets[static_cast<std::size_t>(i)], events, 0};
        }
        timeval most{most_ms / 1000, (most_ms % 1000) * 1000};
        timeval left{};
        const timeval* next = ares_timeout(channel_, &most, &left);
        const auto next_ms = static_cast<int>(next->tv_sec * 1000 + next->tv_usec / 1000) + 1;
        if (wait_some({polled.data(), count}, next_ms, patience) == 0) {
            ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
            return;
        }
        for (std::size_t i = 0; i < count; ++i) {
            const short seen = polled[i].revents;
            if (seen == 0) continue;
            const bool readable = (seen & (POLLIN | POLLERR | POLLHUP)) != 0;
            const bool writable = (seen & POLLOUT) != 0;
            ares_process_fd(channel_, readable ? polled[i].fd : ARES_SOCKET_BAD,
                            writable ? polled[i].fd : ARES_SOCKET_BAD);
        }
    }

    std::string servers() const {
        std::string list;
        ares_addr_port_node* nodes = nullptr;
        if (ares_get_servers_ports(channel_, &nodes) != ARES_SUCCESS) return list;
        for (const auto* node = nodes; node != nullptr; node = node->next) {
            std::array<char, INET6_ADDRSTRLEN> text{};
            ::inet_ntop(node->family, &node->addr, text.data(), text.size());
            if (!list.empty()) list += ", ";
            list += text.data();
        }
        ares_free_data(nodes);
        return list;
    }

  private:
    static void received(void* argument, int status, int /*timeouts*/, ares_addrinfo* result) noexcept {
        auto& answer = *static_cast<Answer*>(argument);
        answer.complete = true;
        answer.status = status;
        if (result == nullptr) return;
        for (const auto* node = result->nodes; node != nullptr; node = node->ai_next) {
            std::array<char, NI_MAXHOST> text{};
            const int failed = ::getnameinfo(node->ai_addr, node->ai_addrlen, text.data(), text.size(),
                                             nullptr, 0, NI_NUMERICHOST);
            if (failed != 0) continue;
            if (answer.addresses.size() == most_addresses_per_family) break;
            answer.addresses.emplace_back(text.data());
        }
        ares_freeaddrinfo(result);
    }

    ares_channel channel_ = nullptr;
};

std::string lower_without_dot(std::string host) {
    if (!host.empty() && host.back() == '.') host.pop_back();
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return host;
}

/// Loopback, or the address of zeros, which connects there.
bool is_this_machine(const std::string& address) {
    in_addr v4{};
    if (::inet_pton(AF_INET, address.c_str(), &v4) == 1) {
        return v4.s_addr == INADDR_ANY || ntohl(v4.s_addr) >> 24U == IN_LOOPBACKNET;
    }
    in6_addr v6{};
    if (::inet_pton(AF_INET6, address.c_str(), &v6) != 1) return false;
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6);
    return IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_UNSPECIFIED(&v6) ||
           (mapped && v6.s6_addr[12] == IN_LOOPBACKNET);
}

std::string joined(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list += (list.empty() ? "" : ",") + word;
    return list;
}

bool says(const Answer& a, const Answer& b, std::initializer_list<int> statuses) {
    const auto has = [&](int status) {
        return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
    };
    return has(a.status) || has(b.status);
}

/// What two answers without an address mean together.
Failure no_address(const std::string& host, const Answer& v6, const Answer& v4, const std::string& servers) {
    std::string condition = "dns.fail";
    std::string sentence = "the name server's answer for " + host + " could not be used";
    if (says(v6, v4, {ARES_ESERVFAIL, ARES_EREFUSED, ARES_ECONNREFUSED})) {
        condition = "dns.temporary";
        sentence = "the name server could not look up " + host;
    } else if (says(v6, v4, {ARES_ETIMEOUT})) {
        condition = "dns.timeout";
        sentence = "no name server answered when asked for " + host;
    } else if (says(v6, v4, {ARES_ENODATA, ARES_SUCCESS})) {
        condition = "dns.nodata";
        sentence = host + " exists but has no address";
    } else if (says(v6, v4, {ARES_ENOTFOUND, ARES_EBADNAME})) {
        condition = "dns.nxdomain";
        sentence = "no such host: " + host;
    }
    return Failure(Stage::resolve, condition, sentence).with("host", host).with("server", servers);
}

std::vector<std::string> interleaved(const std::vector<std::string>& first,
                                     const std::vector<std::string>& second) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size()) all.push_back(first[i]);
        if (i < second.size()) all.push_back(second[i]);
    }
    return all;
}

/// Until both families have answered, or one has and the other's time is over.
void await(Resolver& resolver, const Answer& v6, const Answer& v4, const Patience& patience) {
    std::optional<SteadyClock::time_point> other_until;
    while (!v6.complete || !v4.complete) {
        int most_ms = idle_ms;
        if (!v6.addresses.empty() || !v4.addresses.empty()) {
            const auto now = SteadyClock::now();
            if (!other_until) other_until = now + other_family_grace;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(*other_until - now);
            if (left.count() <= 0) return;
            most_ms = static_cast<int>(left.count());
        }
        resolver.advance(most_ms, patience);
    }
}

}  // namespace

bool is_ip_literal(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const std::string unscoped = host.substr(0, host.find('%'));
    return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           ::inet_pton(AF_INET6, unscoped.c_str(), address.data()) == 1;
}

bool is_loopback_name(const std::string& host) {
    const std::string name = lower_without_dot(host);
    return name == "localhost" || name.ends_with(".localhost");
}

bool leads_back(const std::string& host, const std::vector<std::string>& addresses) {
    return !addresses.empty() && !is_ip_literal(host) && !is_loopback_name(host) &&
           std::all_of(addresses.begin(), addresses.end(), is_this_machine);
}

std::vector<std::string> loopback_addresses() {
    return {"::1", "127.0.0.1"};
}

std::vector<std::string> resolve(const Endpoint& endpoint, const Patience& patience) {
    patience.check();
    if (is_ip_literal(endpoint.host)) return {endpoint.host};
    if (is_loopback_name(endpoint.host)) return loopback_addresses();
    const std::string host = lower_without_dot(endpoint.host);
    const std::uint64_t begun_ms = patience.now_ms();

    // Search domains are for short names of a local network; a full name in a search domain would be somebody
    // else's host.
    const bool short_name = host.find('.') == std::string::npos && endpoint.host == host;
    Answer v6;
    Answer v4;
    Resolver resolver(short_name && endpoint.name_servers.empty());
    if (!endpoint.name_servers.empty() && !resolver.use(joined(endpoint.name_servers))) {
        throw Failure(Stage::resolve, "dns.fail", "the list of name servers cannot be read")
            .at("/network/name_servers");
    }
    resolver.ask(endpoint.host, AF_INET6, v6);
    resolver.ask(endpoint.host, AF_INET, v4);
    try {
        await(resolver, v6, v4, patience);
    } catch (const TimedOut& late) {
        if (late.overall()) throw;
        v6.status = v4.status = ARES_ETIMEOUT;
    }
    std::vector<std::string> addresses = interleaved(v6.addresses, v4.addresses);
    if (!addresses.empty()) return addresses;
    Failure failure = no_address(endpoint.host, v6, v4, resolver.servers());
    if (failure.facts().condition == "dns.timeout") {
        const std::uint64_t waited_s = (patience.now_ms() - begun_ms + 500) / 1000;
        failure.facts().details["seconds"] = std::to_string(std::max<std::uint64_t>(waited_s, 1));
    }
    throw Failure(std::move(failure));
}

}  // namespace mailsend::net
