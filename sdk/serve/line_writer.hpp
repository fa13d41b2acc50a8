/// Lines for an engine.
///
/// Guarantees: a line leaves whole, whatever the thread, and in the order of the calls of each thread. Waits
/// for a reader that is slow. Once nobody reads any more, lines are dropped and `gone` says so.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

namespace wfc::serve {

/// Any thread.
class LineWriter {
  public:
    /// `descriptor` is not closed.
    explicit LineWriter(int descriptor) noexcept : descriptor_(descriptor) {}
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    /// `line` has no line feed.
    void write(std::string line);
    /// Whether the reader is gone. Asks the descriptor, also where nothing was written.
    bool gone() noexcept;
    int descriptor() const noexcept { return descriptor_; }

  private:
    int descriptor_;
    std::mutex mutex_;
    std::atomic<bool> gone_{false};
};

}  // namespace wfc::serve
