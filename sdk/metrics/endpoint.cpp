#include "metrics/endpoint.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "host/component_host.hpp"
#include "metrics/scrape.hpp"

namespace wfc::metrics {

namespace {

/// While no connection can be taken, for want of a descriptor.
constexpr std::uint64_t deaf_ms = 100;

std::uint64_t now_ms() noexcept {
    return system_clock_table()->monotonic_ms(nullptr);
}

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

SocketAddress socket_address(const ListenAddress& from) {
    SocketAddress out;
    if (from.six) {
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(from.port);
        inet_pton(AF_INET6, from.address.c_str(), &six.sin6_addr);
        std::memcpy(&out.storage, &six, out.size = sizeof six);
    } else {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_port = htons(from.port);
        inet_pton(AF_INET, from.address.c_str(), &four.sin_addr);
        std::memcpy(&out.storage, &four, out.size = sizeof four);
    }
    return out;
}

Descriptor listen_at(ListenAddress& at) {
    constexpr int backlog = 128;
    const SocketAddress address = socket_address(at);
    Descriptor fd(socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    const bool listens =
        fd.get() >= 0 &&
        // Connections of a former process, which the kernel still remembers, do not count.
        setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (!at.six || setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
        bind(fd.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0 &&
        listen(fd.get(), backlog) == 0;
    if (!listens) throw CannotListen(errno == EADDRINUSE, at.text());
    SocketAddress taken;
    taken.size = sizeof taken.storage;
    if (getsockname(fd.get(), reinterpret_cast<sockaddr*>(&taken.storage), &taken.size) == 0) {
        sockaddr_in four{};  // the port is at the same place in both families
        std::memcpy(&four, &taken.storage, sizeof four);
        at.port = ntohs(four.sin_port);
    }
    return fd;
}

Descriptor wake_up_call() {
    Descriptor fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (fd.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    return fd;
}

}  // namespace

Endpoint::Endpoint(const ListenAddress& address, std::function<std::string()> text)
    : address_(address), text_(std::move(text)), listening_(listen_at(address_)), ending_(wake_up_call()) {
    thread_ = std::thread([this] { serve(); });
}

Endpoint::~Endpoint() {
    ended_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(ending_.get(), &one, sizeof one);
    thread_.join();
}

void Endpoint::serve() noexcept {
    while (!ended_) {
        try {
            round();
        } catch (...) {  // no memory: who waits for an answer sees the connection end
            connections_.clear();
            poll(nullptr, 0, static_cast<int>(deaf_ms));
        }
    }
}

void Endpoint::round() {
    const std::uint64_t begun = now_ms();
    const bool deaf = begun < deaf_until_ms_;
    std::vector<pollfd> polled{{ending_.get(), POLLIN, 0}, {deaf ? -1 : listening_.get(), POLLIN, 0}};
    std::uint64_t until = deaf ? deaf_until_ms_ : 0;  // 0: no end
    for (const BrowserConnection& one : connections_) {
        polled.push_back({one.descriptor(), one.events(), 0});
        if (until == 0 || one.patience_until_ms() < until) until = one.patience_until_ms();
    }
    const int most = until == 0 ? -1 : until <= begun ? 0 : static_cast<int>(until - begun);
    if (poll(polled.data(), polled.size(), most) < 0) return;
    const std::uint64_t now = now_ms();
    std::size_t at = 2;
    connections_.remove_if([&](BrowserConnection& one) {
        const bool happened = polled[at++].revents != 0;
        return (happened && !go_on(one)) || one.patience_until_ms() <= now;
    });
    if (polled[1].revents != 0) accept_all(now);
}

void Endpoint::accept_all(std::uint64_t now_ms) {
    for (std::size_t i = 0; i < most_connections; ++i) {
        Descriptor socket = LoopbackListener::accept(listening_);
        if (socket.get() < 0) {
            const bool none_left = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
            if (none_left) deaf_until_ms_ = now_ms + deaf_ms;
            return;
        }
        // A reader that means it sends its request at once.
        if (connections_.size() == most_connections) connections_.pop_front();
        connections_.emplace_back(std::move(socket), now_ms + patience_ms);
    }
}

/// Whether it goes on.
bool Endpoint::go_on(BrowserConnection& connection) noexcept try {
    connection.go_on();
    if (connection.stage() == BrowserConnection::Stage::asked)
        connection.answer(answer_to(connection.request(), address_.loopback(), text_));
    return connection.stage() != BrowserConnection::Stage::over;
} catch (...) {
    return false;
}

}  // namespace wfc::metrics
