#include "host/loopback_listener.hpp"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace wfc {

namespace {

constexpr int backlog = 16;

/// 0, or the errno of what failed.
int listen_at(int fd, const sockaddr* address, socklen_t size) noexcept {
    // Only so that connections of an earlier sign-in, which the kernel still remembers (TIME_WAIT), do not
    // count; two listeners cannot share a port by it.
    const int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return errno;
    if (bind(fd, address, size) != 0 || listen(fd, backlog) != 0) return errno;
    return 0;
}

Descriptor stream(int family) noexcept {
    return Descriptor(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

Descriptor listen_four(std::uint16_t port) {
    const std::string name = "127.0.0.1:" + std::to_string(port);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Descriptor fd = stream(AF_INET);
    const int error = fd.get() < 0
                          ? errno
                          : listen_at(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (error != 0) throw CannotListen(error == EADDRINUSE, name);
    return fd;
}

/// -1 where the machine has no IPv6, or none on its loopback.
Descriptor listen_six(std::uint16_t port) {
    const std::string name = "[::1]:" + std::to_string(port);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = in6addr_loopback;
    Descriptor fd = stream(AF_INET6);
    if (fd.get() < 0) {
        if (errno == EAFNOSUPPORT) return fd;
        throw CannotListen(false, name);
    }
    const int on = 1;
    int error = setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0 ? errno : 0;
    if (error == 0) error = listen_at(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (error == EADDRNOTAVAIL) return Descriptor();
    if (error != 0) throw CannotListen(error == EADDRINUSE, name);
    return fd;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void Descriptor::close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

LoopbackListener::LoopbackListener(std::uint16_t port) {
    descriptors_.push_back(listen_four(port));
    Descriptor six = listen_six(port);
    if (six.get() >= 0) descriptors_.push_back(std::move(six));
}

Descriptor LoopbackListener::accept(const Descriptor& listening) noexcept {
    return Descriptor(accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

}  // namespace wfc
