/// SIGTERM, SIGHUP and Ctrl-C, counted: what each means is for whoever runs.
#pragma once

#include <functional>
#include <thread>

namespace wfc::tool {

/// Watches these signals (SIGHUP unless it is ignored) while it lives, on a thread of its own that takes no
/// other signal. Make it before other threads: it blocks them in the calling thread, and threads started
/// later inherit that. Who comes while it ends is not counted and does not end the process either.
class SignalCount {
  public:
    /// `on_signal` runs on the watching thread: how many there were with this one, and its number. Signals
    /// within 200 ms of each other count as one.
    explicit SignalCount(std::function<void(int count, int number)> on_signal);
    ~SignalCount();
    SignalCount(const SignalCount&) = delete;
    SignalCount& operator=(const SignalCount&) = delete;

  private:
    void watch();

    std::function<void(int, int)> on_signal_;
    int signals_, ended_;
    std::thread thread_;
};

}  // namespace wfc::tool
