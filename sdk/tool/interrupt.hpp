/// Ctrl-C: the first cancels, the second leaves at once.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace wfc::tool {

/// Watches SIGINT and SIGTERM while it lives, on a thread of its own. Make it before other threads: it blocks
/// both signals in the calling thread, and threads started later inherit that.
class InterruptWatch {
  public:
    /// `first` and `last` run on the watching thread; after `last` the process ends with 128 + the signal's
    /// number.
    InterruptWatch(std::atomic<bool>& cancelled, std::function<void()> first, std::function<void()> last);
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

  private:
    void watch();

    std::atomic<bool>& cancelled_;
    std::function<void()> first_, last_;
    int signals_, ended_;
    std::thread thread_;
};

}  // namespace wfc::tool
