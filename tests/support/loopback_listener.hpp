/// A listening socket on 127.0.0.1, for servers that misbehave below the level of SMTP.
#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace test {

/// Closed when it ends.
class LoopbackListener {
  public:
    /// `port` 0 takes a free one; any other only in a network of the test's own.
    explicit LoopbackListener(int backlog, std::uint16_t port = 0)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        address_.sin_family = AF_INET;
        address_.sin_port = htons(port);
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address_;
        auto* generic = reinterpret_cast<sockaddr*>(&address_);
        if (fd_ < 0 || ::bind(fd_, generic, size) != 0 || ::listen(fd_, backlog) != 0 ||
            ::getsockname(fd_, generic, &size) != 0) {
            throw std::system_error(errno, std::generic_category(), "cannot listen on loopback");
        }
    }
    ~LoopbackListener() { ::close(fd_); }
    LoopbackListener(const LoopbackListener&) = delete;
    LoopbackListener& operator=(const LoopbackListener&) = delete;

    std::uint16_t port() const noexcept { return ntohs(address_.sin_port); }
    const sockaddr* address() const noexcept { return reinterpret_cast<const sockaddr*>(&address_); }
    /// To wait on beside other descriptors.
    int fd() const noexcept { return fd_; }
    /// Waits for a client; -1 once `stop` was called.
    int accept() const noexcept { return ::accept(fd_, nullptr, nullptr); }
    void stop() const noexcept { ::shutdown(fd_, SHUT_RDWR); }

  private:
    int fd_;
    sockaddr_in address_{};
};

}  // namespace test
