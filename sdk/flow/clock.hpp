/// Time as flows see it: the clock on the wall, one that never goes back, and waiting.
///
/// Guarantees: an interface, so that a test turns it. `SystemClock` notices within a second that the wall's
/// clock was set or that the machine slept, and ends a wait then. Does not call back: who waits looks at the
/// time again.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace wfc::flow {

/// One reading.
struct Now {
    std::int64_t wall_ms = 0;    ///< since 1970, UTC; can be set back and forth
    std::int64_t steady_ms = 0;  ///< since the machine started, sleep included; means nothing in another boot
    std::string boot;            ///< of which boot
};

enum class Scale { wall, steady };

/// Any thread.
class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    virtual Now now() = 0;
    /// Returns when that time has come, or earlier for no reason. False: it is time to stop.
    virtual bool wait_until(Scale scale, std::int64_t ms) = 0;
    /// Whether it is time to stop: begin nothing new.
    virtual bool stopping() = 0;
};

class SystemClock final : public Clock {
  public:
    SystemClock();
    Now now() override;
    bool wait_until(Scale scale, std::int64_t ms) override;
    bool stopping() override;
    /// Wakes everybody who waits, for good.
    void stop();

  private:
    std::string boot_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
};

/// "2026-11-23T00:00:00Z"; with milliseconds where there are any.
std::string utc_text(std::int64_t unix_ms);

}  // namespace wfc::flow
