/// Bears a state store that does not work for a moment.
///
/// Guarantees: a limit that cannot be kept is never dropped silently: after about two seconds where the store
/// fails at once, five where it takes its time (a lock), or when the call has no more time, it is
/// Failure(host, "host.state").
#pragma once

#include <cstdint>
#include <optional>

#include "net/patience.hpp"
#include "wfc/host.hpp"

namespace mailsend::governor {

/// A random number of milliseconds below `most`: so that those who wait for the same do not all come at once.
int jitter_ms(int most);

/// One thread, for one piece of work.
class StoreTries {
  public:
    /// Each costs 75 to 124 ms of waiting.
    static constexpr unsigned usual = 20;
    /// From the first failure on; the work that runs then may still take its time.
    static constexpr std::uint64_t longest_ms = 5'000;

    explicit StoreTries(unsigned most = usual) : left_(most) {}

    /// Waits a little; throws the failure instead when there are no more tries or the patience ends.
    /// Cancelled.
    void failed(const wfc::ServiceFailed& failure, const net::Patience& patience);

  private:
    unsigned left_;
    std::optional<std::uint64_t> since_ms_{};  ///< when it first failed
};

}  // namespace mailsend::governor
