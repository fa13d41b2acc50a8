/// The leave to have one connection open.
///
/// Guarantees: ends with its object; 30 s after the last keep_alive() when its process has died.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "governor/slots.hpp"

namespace mailsend::governor {

/// One thread; movable. Ends before the host does.
class Slot {
  public:
    /// Of an account without such a limit: keeps nobody away.
    Slot() = default;
    /// Waits for one of `limit`. Throws Failure(connect, "limit.connections") with the detail `limit` when
    /// the deadline comes first, Failure(host, "host.state"), Cancelled.
    static Slot take(std::shared_ptr<Slots> slots, const wfc::Host& host, unsigned limit,
                     const net::Patience& patience);

    Slot(Slot&& other) noexcept = default;
    Slot& operator=(Slot&& other) noexcept {
        std::swap(slots_, other.slots_);
        std::swap(host_, other.host_);
        std::swap(limit_, other.limit_);
        std::swap(lease_, other.lease_);
        std::swap(renewed_ms_, other.renewed_ms_);
        std::swap(waited_ms_, other.waited_ms_);
        return *this;
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();

    /// To be called again and again while the connection is open. Asks the store every 10 s.
    void keep_alive() noexcept;

    /// How long it was waited for.
    std::uint64_t waited_ms() const noexcept { return waited_ms_; }

  private:
    Slot(std::shared_ptr<Slots> slots, const wfc::Host& host, unsigned limit)
        : slots_(std::move(slots)), host_(host), limit_(limit) {}
    void lease(const net::Patience& patience);

    std::shared_ptr<Slots> slots_{};  ///< null: there is nothing to give back
    std::optional<wfc::Host> host_{};
    unsigned limit_ = 0;
    std::optional<Slots::Lease> lease_{};  ///< nothing: in this process alone, or it went to somebody else
    std::uint64_t renewed_ms_ = 0;
    std::uint64_t waited_ms_ = 0;
};

}  // namespace mailsend::governor
