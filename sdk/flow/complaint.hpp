/// Troubles that last: said once, again after growing pauses, and once when they are over.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "flow/events.hpp"

namespace wfc::flow {

/// One trouble. One thread.
class Complaint {
  public:
    /// Whether it is to be said now: at first, then after a minute, two, four … an hour. `steady_ms`: now.
    bool due(std::int64_t steady_ms);
    bool standing() const noexcept { return pause_ms_ != 0; }
    /// It is over. Whether it was there.
    bool over();

  private:
    std::int64_t pause_ms_ = 0, again_ms_ = 0;
};

/// Repeats a write that the store refuses.
class Insistence {
  public:
    /// All outlive this. `bound_ms`: how long a write is repeated.
    Insistence(Clock& clock, Events& events, const std::string& flow, std::int64_t bound_ms)
        : clock_(clock), events_(events), flow_(flow), bound_ms_(bound_ms) {}

    /// Until `write` no longer throws JournalUnusable. Throws it after the bound, and once it is time to
    /// stop.
    void operator()(const std::function<void()>& write) const;

  private:
    void say(const std::string& sentence) const;

    Clock& clock_;
    Events& events_;
    const std::string& flow_;
    std::int64_t bound_ms_;
};

}  // namespace wfc::flow
