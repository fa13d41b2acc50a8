/// Lines for an engine.
///
/// Guarantees: a line leaves whole, whatever the thread, and in the order of the calls; who writes does not
/// wait for the reader, so that a reader that is slow or gone holds nobody up. Once nobody reads any more,
/// lines are dropped and `gone` says so. Does not bound what is kept: who may say as much as it likes asks
/// for room first.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace wfc::serve {

/// Any thread.
class LineWriter {
  public:
    /// Bytes that may wait for the reader before there is no room.
    static constexpr std::size_t room = std::size_t{1} << 20;

    /// `descriptor` is not closed. Throws std::system_error where no thread is to be had.
    explicit LineWriter(int descriptor);
    ~LineWriter();  ///< what still waits is dropped; the piece that is being written is waited for
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    /// `line` has no line feed. Does not wait.
    void write(std::string line);
    bool has_room() const noexcept;
    /// Waits until there is room, or nobody reads any more.
    void await_room() noexcept;
    /// Waits until everything was written, or nobody reads any more. False: not within `most`.
    bool flush(std::chrono::milliseconds most) noexcept;
    /// Whether the reader is gone. Asks the descriptor, also where nothing was written.
    bool gone() noexcept;
    int descriptor() const noexcept { return descriptor_; }

  private:
    void work() noexcept;
    void send(const std::string& line) noexcept;
    void found_gone() noexcept;

    int descriptor_;
    mutable std::mutex mutex_;
    std::condition_variable came_{}, left_{};
    std::deque<std::string> lines_{};
    std::size_t bytes_ = 0;  ///< of the lines that wait and of the one that is being written
    bool ending_ = false;
    std::atomic<bool> gone_{false};
    std::thread thread_;
};

}  // namespace wfc::serve
