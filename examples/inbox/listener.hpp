/// Sockets that wait for connections, and a bounded number of threads that serve them.
///
/// Guarantees: loopback unless told otherwise; at most `max_connections` at once, the others wait in the
/// backlog; when this ends, every connection has ended and every thread is joined.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "stop.hpp"
#include "wire.hpp"

namespace inbox {

class Listener {
  public:
    /// Serves one connection on a thread of its own; `door` is the index of the `open` that it came through.
    using Serve = std::function<void(Wire& wire, std::size_t door)>;

    explicit Listener(Serve serve);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Listens on every one of `addresses` (IP literals) with one and the same port; 0 takes a free one.
    /// Addresses that this machine does not have are left out. Returns the port. Throws std::system_error, or
    /// std::runtime_error when no address is left. Before `start`.
    std::uint16_t open(const std::vector<std::string>& addresses, std::uint16_t port);
    /// "127.0.0.1:2525", in the order of opening.
    std::vector<std::string> addresses(std::size_t door) const;

    void start();
    /// Serves who has connected until now and nobody else; gives connections `patience` to end by themselves,
    /// then stops.
    void finish(milliseconds patience);
    /// Ends every connection and waits for the threads. Harmless when repeated.
    void stop();

    static constexpr std::size_t max_connections = 128;

  private:
    struct Socket {
        int fd;
        std::size_t door;
    };
    struct Served {
        std::thread thread;
        std::shared_ptr<std::atomic<bool>> done;
    };
    void run();
    void accept_waiting();
    void serve(int fd, std::size_t door);
    void reap();

    Serve serve_;
    Stop stop_;
    Stop closing_;
    std::atomic<std::size_t> active_{0};
    std::vector<Socket> sockets_;
    std::size_t doors_ = 0;
    std::list<Served> served_;
    std::thread acceptor_;
};

}  // namespace inbox
