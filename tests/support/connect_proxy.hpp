/// An HTTP proxy for tests that understands CONNECT and nothing else, on loopback at a port of its own
/// choice.
///
/// Guarantees: tells what it was asked; ends, with all its connections, when its object ends. Takes any
/// number of connections at once. Not for the open network.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/loopback_listener.hpp"

namespace test {

class ConnectProxy {
  public:
    ConnectProxy();
    ~ConnectProxy();
    ConnectProxy(const ConnectProxy&) = delete;
    ConnectProxy& operator=(const ConnectProxy&) = delete;

    std::uint16_t port() const noexcept { return listener_.port(); }

    /// Where a target ("mail.example.test:587") leads: a port of 127.0.0.1. Others are answered with 502.
    void lead(const std::string& target, std::uint16_t port);
    /// From now on every CONNECT is answered with these bytes, which may be none, and the end.
    void refuse(std::string answer);
    /// From now on the server's first bytes leave in one segment with the proxy's answer.
    void wait_for_greeting();

    /// Whole request heads so far. Any thread.
    std::vector<std::string> requests() const;

  private:
    void serve(int client);
    void relay(int client, int server);
    int dial(const std::string& target);
    /// Remembers a descriptor, so that the end of the proxy wakes whoever waits for it.
    int kept(int descriptor);

    LoopbackListener listener_{16};
    mutable std::mutex mutex_;
    std::map<std::string, std::uint16_t> ways_;
    std::vector<std::string> requests_;
    std::string refusal_;
    bool refuses_ = false;
    bool waits_ = false;
    bool over_ = false;
    std::vector<int> descriptors_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace test
