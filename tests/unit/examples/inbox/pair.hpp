/// Both ends of a connection in one test.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

#include "inbox/wire.hpp"

namespace inbox {

/// The simplest client there is: blocking, gives up after 10 s without a byte.
class RawClient {
  public:
    explicit RawClient(int fd) : fd_(fd) {
        const timeval patience{10, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    /// One whole reply with its CR LFs; what there is when the connection ends.
    std::string reply() {
        std::string out;
        std::size_t start = 0;
        char byte = 0;
        while (::recv(fd_, &byte, 1, 0) == 1) {
            out += byte;
            if (byte != '\n') continue;
            if (out.size() < start + 4 || out[start + 3] != '-') break;
            start = out.size();
        }
        return out;
    }
    /// Sends a command, returns its reply.
    std::string ask(const std::string& command) {
        send(command + "\r\n");
        return reply();
    }
    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

  private:
    int fd_;
};

inline std::array<int, 2> socket_pair() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0)
        throw std::runtime_error("socketpair");
    return fds;
}

struct Pair {
    Pair() : Pair(socket_pair()) {}
    explicit Pair(std::array<int, 2> fds) : wire(fds[0], stop), client(fds[1]) {}

    Stop stop;
    Wire wire;
    RawClient client;
};

}  // namespace inbox
