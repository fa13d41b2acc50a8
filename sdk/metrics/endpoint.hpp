/// Where Prometheus reads the metrics: a port that answers GET /metrics.
///
/// Guarantees: one thread of its own, so nothing else waits for a reader; 16 connections at once, of which
/// the oldest gives way to a new one, and 10 s for each; requests are bounded (request_reader.hpp). Listens
/// from the constructor on, and ends with the destructor, whatever readers do. No encryption, no
/// authentication: an address that others can reach is for whoever wrote it down to protect.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <thread>

#include "host/browser_connection.hpp"
#include "host/loopback_listener.hpp"
#include "metrics/listen_address.hpp"

namespace wfc::metrics {

class Endpoint {
  public:
    static constexpr std::size_t most_connections = 16;
    static constexpr std::uint64_t patience_ms = 10'000;

    /// `text` makes what is answered, on the endpoint's thread, and outlives this. Throws CannotListen,
    /// std::system_error.
    Endpoint(const ListenAddress& address, std::function<std::string()> text);
    ~Endpoint();
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    /// With the port that was taken where 0 was asked for.
    const ListenAddress& address() const noexcept { return address_; }
    /// "http://127.0.0.1:9464/metrics"
    std::string url() const { return "http://" + address_.text() + "/metrics"; }

  private:
    void serve() noexcept;
    void round();
    void accept_all(std::uint64_t now_ms);
    bool go_on(BrowserConnection& connection) noexcept;

    ListenAddress address_;
    std::function<std::string()> text_;
    Descriptor listening_, ending_;
    std::atomic<bool> ended_{false};
    std::uint64_t deaf_until_ms_ = 0;  ///< there was no descriptor for a connection
    std::list<BrowserConnection> connections_{};
    std::thread thread_{};
};

}  // namespace wfc::metrics
