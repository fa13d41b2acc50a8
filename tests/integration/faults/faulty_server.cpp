#include "faults/faulty_server.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include "faults/conversation.hpp"

namespace faults {
namespace {

constexpr int small_window = 64 * 1024;  // so that a large message cannot fit into the kernel's buffers

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

FaultyServer::FaultyServer(const Terms& terms, const inbox::ServerTls& tls)
    : terms_(terms), tls_(tls), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &small_window, sizeof small_window);
    if (listener_ < 0 || ::bind(listener_, generic, size) != 0 ||
        ::getsockname(listener_, generic, &size) != 0)
        fail("the faulty server cannot have a port");
    port_ = ntohs(address.sin_port);
    if (terms_.cell.stage != Stage::connect || terms_.faulty == 0) {
        open_for_all();
    } else if (terms_.cell.fault == Fault::blackhole) {
        fill_queue();
    }
}

FaultyServer::~FaultyServer() {
    stop_.ask();
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& thread : served_) thread.join();
    for (const int fd : fillers_) ::close(fd);
    ::close(listener_);
}

/// A port whose queue of connections is full: the next SYN gets no answer.
void FaultyServer::fill_queue() {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    if (::listen(listener_, 0) != 0) fail("listen");
    for (int i = 0; i < 2; ++i) {
        fillers_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        ::connect(fillers_.back(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    // The queue is full once the first of them is through its handshake.
    pollfd first{fillers_.front(), POLLOUT, 0};
    ::poll(&first, 1, 1000);
    ::poll(nullptr, 0, 20);
}

void FaultyServer::open_for_all() {
    if (::listen(listener_, 64) != 0) fail("listen");
    for (const int fd : fillers_) ::close(fd);
    fillers_.clear();
    acceptor_ = std::thread([this] { run(); });
}

void FaultyServer::about_to_connect() {
    const std::lock_guard lock(mutex_);
    if (++asked_ == terms_.faulty + 1 && terms_.cell.stage == Stage::connect && terms_.faulty > 0)
        open_for_all();
}

void FaultyServer::run() {
    std::array<pollfd, 2> fds{{{listener_, POLLIN, 0}, {stop_.fd(), POLLIN, 0}}};
    while (!stop_.asked()) {
        ::poll(fds.data(), fds.size(), -1);
        if ((fds[0].revents & POLLIN) == 0) continue;
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        served_.emplace_back([this, fd] { serve(fd); });
    }
}

void FaultyServer::serve(int fd) {
    Peer peer(fd, stop_);
    bool faulty = false;
    {
        const std::lock_guard lock(mutex_);
        faulty = accepted_++ < terms_.faulty && terms_.cell.stage != Stage::connect;
    }
    Conversation conversation(peer, terms_.cell, terms_.time_out, tls_, [this] { ++handed_over_; });
    conversation.run(faulty);
}

}  // namespace faults
