/// How much happened within the last minute or day, counted in slices.
///
/// Guarantees: pure, knows no clock and no store. A slice (1/100 of the window) counts until a whole window
/// after its end, so that no window of that length, wherever it begins, holds more than was admitted by
/// wait_ms(); what that costs is at most 1/101 of the limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace mailsend::governor {

/// Plain value; one thread. Times are milliseconds on the account's own scale (WindowRecord).
class Window {
  public:
    using Slice = std::uint64_t;
    /// A slice and how much it counts, more than 0.
    using Counts = std::vector<std::pair<Slice, std::uint64_t>>;

    /// As much as a slice can count; more is as much.
    static constexpr std::uint64_t most = 1'000'000'000'000;
    /// More slices than a window ever holds: it is 100 slices long, and those that count are at most 101 and
    /// a few that a clock which was set back has put into the future.
    static constexpr std::size_t most_slices = 128;

    explicit Window(std::uint64_t length_ms) : length_ms_(length_ms) {}

    std::uint64_t length_ms() const noexcept { return length_ms_; }
    std::uint64_t slice_ms() const noexcept { return length_ms_ / 100; }
    Slice slice_of(std::uint64_t time_ms) const noexcept { return time_ms / slice_ms(); }

    /// What counts at `time_ms`.
    std::uint64_t counted(std::uint64_t time_ms) const noexcept;
    /// Milliseconds until `amount` more fit under `limit` when nobody else comes first; 0 at once, nothing
    /// when they never do.
    std::optional<std::uint64_t> wait_ms(std::uint64_t time_ms, std::uint64_t amount,
                                         std::uint64_t limit) const noexcept;
    void count(std::uint64_t time_ms, std::uint64_t amount);
    /// What was counted at `time_ms` did not happen.
    void take_back(std::uint64_t time_ms, std::uint64_t amount);
    /// What was counted at `from_ms` counts at `to_ms` from now on, also where it had been forgotten. Nothing
    /// happens when that is no later slice.
    void move(std::uint64_t from_ms, std::uint64_t to_ms, std::uint64_t amount);
    /// Drops what no longer counts.
    void forget(std::uint64_t time_ms);

    const Counts& counts() const noexcept { return counts_; }  ///< ascending
    /// Takes what was stored. False, and nothing taken, unless it is ascending, within the bounds above and
    /// in no slice after that of `latest_ms`.
    bool restore(Counts counts, std::uint64_t latest_ms);

  private:
    std::uint64_t end_of(Slice slice) const noexcept { return (slice + 1) * slice_ms() + length_ms_; }

    std::uint64_t length_ms_;
    Counts counts_{};
};

}  // namespace mailsend::governor
