/// Ctrl-C: the first cancels, the second leaves at once.
#pragma once

#include <atomic>
#include <functional>

#include "tool/signal_count.hpp"

namespace wfc::tool {

/// Watches SIGINT and SIGTERM while it lives. Make it before other threads, as SignalCount.
class InterruptWatch {
  public:
    /// `first` and `last` run on the watching thread; after `last` the process ends with 128 + the signal's
    /// number.
    InterruptWatch(std::atomic<bool>& cancelled, std::function<void()> first, std::function<void()> last);

  private:
    SignalCount signals_;
};

}  // namespace wfc::tool
