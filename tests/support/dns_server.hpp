/// A name server for tests, on UDP at a port of its own choice on loopback.
///
/// Guarantees: answers only what it was told; a name it does not know does not exist (NXDOMAIN). Ends with
/// its object. No TCP.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace test {

/// What to say to a query of one type.
enum class DnsFault { none, nxdomain, servfail, refused, formerr, notimp, silent, garbage, truncated };

/// One name. A type without addresses is answered with NODATA.
struct DnsRecord {
    std::vector<std::string> a{};          ///< IPv4 addresses
    std::vector<std::string> aaaa{};       ///< IPv6 addresses
    DnsFault fault = DnsFault::none;       ///< for both types …
    DnsFault aaaa_fault = DnsFault::none;  ///< … or for AAAA alone
    std::chrono::milliseconds delay{0};
};

class DnsServer {
  public:
    DnsServer();
    ~DnsServer();
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    /// For `network.name_servers`: "127.0.0.1:43210".
    std::string address() const;

    /// Any thread; later queries see it.
    void answer(const std::string& name, DnsRecord record);

    /// Queries received so far. Any thread.
    int queries() const noexcept { return queries_; }

  private:
    struct Pending {
        std::chrono::steady_clock::time_point due;
        std::string reply;
        std::uint16_t port;
    };

    void serve();
    void receive(std::vector<Pending>& pending);
    DnsRecord record_of(const std::string& name);

    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<int> queries_{0};
    std::mutex mutex_;
    std::map<std::string, DnsRecord> records_;
    std::thread thread_;
};

}  // namespace test
