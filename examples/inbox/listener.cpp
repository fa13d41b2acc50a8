#include "listener.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace inbox {
namespace {

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

Address parse(const std::string& text, std::uint16_t port) {
    Address address;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        address.size = sizeof *v4;
    } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        address.size = sizeof *v6;
    } else {
        throw std::runtime_error("\"" + text + "\" is not an IP address to listen on");
    }
    return address;
}

/// A listening socket, or -1 with errno.
int listen_on(const std::string& text, std::uint16_t port) {
    const Address address = parse(text, port);
    const int family = address.storage.ss_family;
    const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    const int one = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0 &&
        ::listen(fd, 128) == 0)
        return fd;
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
}

std::uint16_t port_of(int fd) {
    const std::string address = address_of(fd, false);
    return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

}  // namespace

Listener::Listener(Serve serve) : serve_(std::move(serve)) {}

Listener::~Listener() {
    stop();
}

std::uint16_t Listener::open(const std::vector<std::string>& addresses, std::uint16_t port) {
    const bool any_port = port == 0;
    for (int attempt = 0;; ++attempt) {
        std::vector<Socket> opened;
        int error = 0;
        if (any_port) port = 0;
        for (const std::string& address : addresses) {
            const int fd = listen_on(address, port);
            if (fd >= 0) {
                opened.push_back({fd, doors_});
                port = port_of(fd);
            } else if (errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT) {
                error = errno;
                break;
            }
        }
        if (error == 0 && !opened.empty()) {
            sockets_.insert(sockets_.end(), opened.begin(), opened.end());
            ++doors_;
            return port;
        }
        for (const Socket& socket : opened) ::close(socket.fd);
        if (error == 0) throw std::runtime_error("this machine has none of the addresses to listen on");
        // A free port of the first address may be taken on the second one.
        if (!any_port || error != EADDRINUSE || attempt == 20) {
            throw std::system_error(error, std::generic_category(),
                                    "cannot listen on port " + std::to_string(port));
        }
    }
}

std::vector<std::string> Listener::addresses(std::size_t door) const {
    std::vector<std::string> out;
    for (const Socket& socket : sockets_) {
        if (socket.door == door) out.push_back(address_of(socket.fd, false));
    }
    return out;
}

void Listener::start() {
    acceptor_ = std::thread([this] { run(); });
}

void Listener::finish(milliseconds patience) {
    closing_.ask();
    if (acceptor_.joinable()) acceptor_.join();
    const auto until = std::chrono::steady_clock::now() + patience;
    while (active_ > 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(milliseconds(2));
    stop();
}

void Listener::stop() {
    stop_.ask();
    if (acceptor_.joinable()) acceptor_.join();
    for (Served& served : served_) served.thread.join();
    served_.clear();
    for (const Socket& socket : sockets_) ::close(socket.fd);
    sockets_.clear();
}

void Listener::reap() {
    for (auto it = served_.begin(); it != served_.end();) {
        if (*it->done) {
            it->thread.join();
            it = served_.erase(it);
        } else {
            ++it;
        }
    }
}

void Listener::accept_waiting() {
    for (const Socket& socket : sockets_) {
        while (served_.size() < max_connections) {
            const int fd = ::accept4(socket.fd, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) break;
            serve(fd, socket.door);
        }
    }
}

void Listener::run() {
    std::vector<pollfd> fds{{stop_.fd(), POLLIN, 0}, {closing_.fd(), POLLIN, 0}};
    for (const Socket& socket : sockets_) fds.push_back({socket.fd, POLLIN, 0});
    while (!stop_.asked() && !closing_.asked()) {
        reap();
        const bool full = served_.size() >= max_connections;
        // The end of a connection wakes nobody: when there are too many, look again soon.
        ::poll(fds.data(), full ? 2 : fds.size(), full ? 20 : 1000);
        accept_waiting();
    }
    if (!stop_.asked()) accept_waiting();
}

void Listener::serve(int fd, std::size_t door) {
    auto done = std::make_shared<std::atomic<bool>>(false);
    ++active_;
    try {
        std::thread thread([this, fd, door, done] {
            try {
                Wire wire(fd, stop_);
                serve_(wire, door);
            } catch (const std::exception&) {  // one connection fails alone
            }
            --active_;
            *done = true;
        });
        served_.push_back({std::move(thread), done});
    } catch (const std::system_error&) {  // no more threads: the client sees the connection close
        --active_;
        ::close(fd);
    }
}

}  // namespace inbox
