/// How long a wait may last, and who may end it.
///
/// Guarantees: whoever waits with a Patience returns within 200 ms of cancel or of its deadline.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>

#include "wfc/host.hpp"

namespace mailsend::net {

/// A deadline passed. `overall()` tells the call's own from a stage's time-out.
class TimedOut : public std::runtime_error {
  public:
    explicit TimedOut(bool overall)
        : std::runtime_error(overall ? "the deadline passed" : "timed out"), overall_(overall) {}
    bool overall() const noexcept { return overall_; }

  private:
    bool overall_;
};

/// Asked before and during every wait. Cheap to copy; as thread-safe as the clock and `cancelled`.
class Patience {
  public:
    /// `deadline_ms` is on the clock's monotonic scale.
    Patience(wfc::Clock clock, std::function<bool()> cancelled, std::uint64_t deadline_ms);

    /// The same call with a time-out of its own, counted from now.
    Patience within(std::uint64_t timeout_ms) const;

    /// The same, with something to be done whenever it is asked, at least every 200 ms of a wait, on the
    /// waiting thread: for what must be kept alive. `pulse` must not throw.
    Patience with_pulse(std::function<void()> pulse) const;

    /// Throws Cancelled or TimedOut.
    void check() const;

    static constexpr int longest_slice_ms = 200;

    /// Milliseconds to wait at most before asking again: 1-200.
    int slice_ms() const;

    /// check() and slice_ms() in one: 0 where check() would throw.
    int next_slice_ms() const;

    /// Until the earlier of its two deadlines; 0 when it has passed.
    std::uint64_t remaining_ms() const noexcept;

    std::uint64_t now_ms() const noexcept { return clock_.monotonic_ms(); }
    bool cancelled() const { return cancelled_ != nullptr && (*cancelled_)(); }

  private:
    std::uint64_t end_ms() const noexcept { return overall_ms_ < stage_ms_ ? overall_ms_ : stage_ms_; }

    wfc::Clock clock_;
    std::shared_ptr<const std::function<bool()>> cancelled_;  ///< shared by all copies; null: never
    std::uint64_t overall_ms_;
    std::uint64_t stage_ms_;
};

}  // namespace mailsend::net
