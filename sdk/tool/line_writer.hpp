/// Lines for a file descriptor that may be slow, stuck or gone.
///
/// Guarantees: `write` never waits for the descriptor; lines leave whole and in order, on a thread of their
/// own, at once while it takes them. What does not fit the queue is dropped, and the number of those is said
/// in their place. The flags of the descriptor, which other programs may share, are left alone.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace wfc::tool {

/// Any thread.
class LineWriter {
  public:
    static constexpr std::size_t most_lines = 4096, most_bytes = 1024 * 1024;

    /// `dropped` makes the line that says how many are missing. `descriptor` is not closed. Receives no
    /// signals. Throws std::system_error when there is no thread to be had.
    LineWriter(int descriptor, std::function<std::string(std::size_t count)> dropped);
    /// Waits for a second at most until all is written; a descriptor that is stuck keeps its thread until
    /// the process ends.
    ~LineWriter();
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    /// `line` has no newline.
    void write(std::string line);

  private:
    struct Queue;
    std::shared_ptr<Queue> queue_;
};

}  // namespace wfc::tool
