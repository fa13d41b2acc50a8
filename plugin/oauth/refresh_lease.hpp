/// The right of one process at a time to renew an account's tokens, kept in wfc.state/1.
///
/// Guarantees: of those who ask at the same moment one gets it; it ends with its object, or 30 s after it
/// was taken when its process has died. What it cannot do: hold longer than that, so that work under it has
/// to be shorter, and a process that stood still has to look whether it still has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "wfc/host.hpp"

namespace mailsend::oauth {

/// Milliseconds after which a lease ends by itself.
inline constexpr std::uint64_t lease_ms = 30'000;

/// One thread.
class RefreshLease {
  public:
    /// Nothing while somebody else has it. One that keeps nobody away where the host has no such store.
    /// Throws wfc::ServiceFailed when the store does not work.
    static std::optional<RefreshLease> take(const wfc::Host& host, const std::string& account);
    /// One that keeps nobody away: for tokens that no other process uses.
    static RefreshLease needless(const wfc::Host& host) {
        return RefreshLease(host.state(), {}, 0, host.clock().monotonic_ms());
    }

    RefreshLease(RefreshLease&& other) noexcept;
    RefreshLease& operator=(RefreshLease&& other) noexcept;
    RefreshLease(const RefreshLease&) = delete;
    RefreshLease& operator=(const RefreshLease&) = delete;
    ~RefreshLease();

    /// Whether nobody else can have it at this moment. False also where the store does not answer.
    bool held() const noexcept;
    /// On the clock's monotonic scale, before the store was asked: it ends no earlier than lease_ms after.
    std::uint64_t taken_ms() const noexcept { return taken_ms_; }

  private:
    RefreshLease(wfc::State state, std::string key, std::uint64_t version, std::uint64_t taken_ms)
        : state_(state), key_(std::move(key)), version_(version), taken_ms_(taken_ms) {}

    wfc::State state_;
    std::string key_;
    std::uint64_t version_;  ///< 0: nothing to give back
    std::uint64_t taken_ms_;
};

}  // namespace mailsend::oauth
