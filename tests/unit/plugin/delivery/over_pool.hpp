/// Deliveries over a shared pool to a GroupServer.
#pragma once

#include <atomic>
#include <condition_variable>

#include "delivery/pool.hpp"
#include "group_server.hpp"
#include "over_smtp.hpp"

namespace mailsend::delivery {

/// Opened once.
class Gate {
  public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    /// False when nobody opens it within 10 s.
    bool wait() {
        std::unique_lock lock(mutex_);
        return opened_.wait_for(lock, std::chrono::seconds(10), [this] { return open_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

class OverPool : public OverSmtp {
  protected:
    OverPool() {
        table_.struct_size = sizeof table_;
        table_.ctx = &ahead_ms_;
        table_.monotonic_ms = [](void* ahead) noexcept -> std::uint64_t {
            return static_cast<std::atomic<std::uint64_t>*>(ahead)->load() +
                   real_clock().monotonic_ms(nullptr);
        };
    }
    /// Can be set forward.
    const wfc_clock& clock() const { return table_; }
    Route route_to(const GroupServer& server) {
        Route route;
        route.endpoint = {"127.0.0.1", server.port(), {}};
        route.protection = smtp::Protection::none;
        route.ehlo_name = "client.example.test";
        route.trust = [] {
            return std::make_shared<const net::Trust>(net::TrustTerms{.pin_sha256 = "unused"});
        };
        route.clock = wfc::Clock(&clock());
        return route;
    }
    static Report sent(const Route& route, Pool& pool, const Order& order,
                       Partial on_partial = Partial::report) {
        SmtpTransport transport(route, on_partial, pool);
        return transport.deliver(*message_to(3), order, patience_of(route));
    }
    static Report sent(const Route& route, Pool& pool, std::size_t recipient) {
        return sent(route, pool, {.recipients = {recipient}});
    }

    std::atomic<std::uint64_t> ahead_ms_ = 0;

  private:
    wfc_clock table_{};
};

}  // namespace mailsend::delivery
