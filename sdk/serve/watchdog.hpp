/// Ends what does not end by itself.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace wfc::serve {

/// Any thread.
class Watchdog {
  public:
    /// `bite` runs on a thread of its own, once.
    explicit Watchdog(std::function<void()> bite);
    ~Watchdog();  ///< a bite that has begun is waited for
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    /// From now on it bites after so long; what was said first counts.
    void wake(std::chrono::milliseconds after);

  private:
    void watch();

    std::function<void()> bite_;
    std::mutex mutex_;
    std::condition_variable changed_{};
    std::optional<std::chrono::steady_clock::time_point> at_{};
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace wfc::serve
