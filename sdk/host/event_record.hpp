/// What happened during a call, line by line, for whoever is asked for help afterwards.
///
/// Guarantees: memory is bounded: of too much the first and the last lines are kept, and the number of those
/// between is known; nothing of it reaches a disk.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace wfc {

/// One thread at a time.
class KeptLines {
  public:
    /// Keeps `most` bytes, line feeds included: half of them for the first lines.
    explicit KeptLines(std::size_t most) noexcept : most_(most) {}

    void add(std::string line);
    /// All, each with its line feed. Where some are missing a line {"missing": {"lines": …, "bytes": …}} says
    /// so.
    std::string text() const;
    /// In order. What `use` changes counts from the next `change` on.
    void each(const std::function<void(std::string&)>& use);
    /// Puts another line in the place of each. Those next to the gap give way where that makes it too much.
    void change(const std::function<std::string(const std::string&)>& other);

  private:
    void drop(const std::string& line);

    std::size_t most_;
    std::vector<std::string> first_{};
    std::deque<std::string> last_{};
    std::size_t first_bytes_ = 0, last_bytes_ = 0, missing_ = 0, missing_bytes_ = 0;
    bool first_is_full_ = false;
};

/// Any thread.
class EventRecord {
  public:
    static constexpr std::size_t most_log = std::size_t{8} << 20, most_progress = std::size_t{1} << 20;

    /// A JSON object on one line, without the line feed.
    void log(std::string line);
    void progress(std::string line);

    KeptLines logged() const;
    KeptLines progressed() const;

  private:
    mutable std::mutex mutex_{};
    KeptLines log_{most_log}, progress_{most_progress};
};

}  // namespace wfc
