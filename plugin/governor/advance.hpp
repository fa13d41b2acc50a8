/// Leave that a process has taken for more messages than the one that asked: many calls at once cost one
/// write.
///
/// Guarantees: what is given out here was counted before, durably, in the slice of the minute that is still
/// going on, and under the very limits of the component that asks; so the windows never hold less than what
/// was sent. No more is taken than calls are in flight, nor than 1/16 of what the limits leave, so a lone
/// sender takes nothing in advance, and another process is kept waiting by little. What nobody used is given
/// back when no call is in flight any more; what a crash takes away stays counted.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "governor/counted.hpp"
#include "governor/limits.hpp"
#include "governor/window_record.hpp"

namespace mailsend::governor {

/// Messages that are counted and not sent.
struct Leave {
    Limits limits{};    ///< it was taken under these
    Counted counted{};  ///< when; and recipients of all of them together
    std::uint64_t messages = 0;

    bool none() const noexcept { return messages == 0; }
};

/// How much to take for others at `time_ms`, when `others` of them are in flight, each like this one. The
/// record counts this one already, and is changed. Without the moment of `counted`.
Leave taken_in_advance(WindowRecord& record, std::uint64_t time_ms, const Limits& limits,
                       std::size_t recipients, std::uint64_t others);

/// Takes it out of the record again.
void give_back(WindowRecord& record, const Leave& leave);

/// Shared by the threads of a process; any thread.
class Advance {
  public:
    /// A message waits for leave or is on its way.
    void enter() noexcept;
    /// It no longer is. True when it was the last, and leave is left over.
    bool leave() noexcept;
    /// Messages beside the one that asks.
    std::uint64_t others() const noexcept;

    /// Leave for one message, where there is some that holds at this moment of the monotonic clock.
    std::optional<Counted> take(const Limits& limits, std::size_t recipients, std::uint64_t monotonic_ms);
    /// All that there is, to be given back: nobody else gets it then.
    Leave withdraw() noexcept;
    /// In the place of what is there, which must be nothing.
    void put(const Leave& leave) noexcept;

  private:
    mutable std::mutex mutex_{};
    Leave leave_{};
    std::uint64_t in_flight_ = 0;
};

}  // namespace mailsend::governor
