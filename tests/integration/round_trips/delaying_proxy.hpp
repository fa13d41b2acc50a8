/// A long way to a server: what is said arrives later, and somebody counts how often the client had to wait.
///
/// Guarantees: each direction takes `one_way`, the handshake of TCP included, and keeps its order; what the
/// client has written is read before anything is handed to it, so that a turn is counted where the client
/// answers and not where it was about to. Does not limit the bandwidth and does not look into the bytes:
/// under TLS it counts as well. A client that is stopped for longer than a round trip in the middle of one
/// turn looks as if it took two, never the other way round: the least of several tries is the truth.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "support/loopback_listener.hpp"

namespace test {

/// What clients have waited for so far, over all connections.
struct Waits {
    int connections = 0;  ///< the handshake of TCP
    int greetings = 0;    ///< the server spoke first
    int turns = 0;        ///< the client spoke after the server did, or first of all

    /// Round trips; each of the waits is one.
    int round_trips() const noexcept { return connections + greetings + turns; }
    Waits since(const Waits& before) const noexcept {
        return {connections - before.connections, greetings - before.greetings, turns - before.turns};
    }
};

/// Serves on a thread of its own until it ends.
class DelayingProxy {
  public:
    /// Passes on to a port of 127.0.0.1. Throws std::system_error.
    DelayingProxy(std::uint16_t upstream, std::chrono::milliseconds one_way);
    ~DelayingProxy();
    DelayingProxy(const DelayingProxy&) = delete;
    DelayingProxy& operator=(const DelayingProxy&) = delete;

    std::uint16_t port() const noexcept { return listener_.port(); }
    /// Any thread.
    Waits waits() const noexcept { return {connections_, greetings_, turns_}; }

  private:
    class Road;

    void serve();
    void accept_one();

    std::uint16_t upstream_;
    std::chrono::milliseconds one_way_;
    LoopbackListener listener_{64};
    int wake_[2] = {-1, -1};  // closed to end the thread
    std::atomic<int> connections_{0}, greetings_{0}, turns_{0};
    std::vector<std::unique_ptr<Road>> roads_{};  // of the thread
    std::thread thread_{};
};

}  // namespace test
