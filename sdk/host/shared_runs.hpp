/// Finds what a text has in common with secrets, however much or little of them it is.
///
/// Guarantees: every stretch of `least` octets or more that a text shares with what was added is found, also
/// where the beginning or the end of it is missing; time grows with the text alone, whatever was added. Wipes
/// its copies. Letter case is the caller's: give it folded texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace wfc {

/// From and until, in bytes.
using Span = std::pair<std::size_t, std::size_t>;

/// One thread at a time.
class SharedRuns {
  public:
    static constexpr std::size_t run = 8;  ///< octets that are compared in one step

    /// `least`: `run` or more.
    explicit SharedRuns(std::size_t least) noexcept : least_(least) {}
    ~SharedRuns();
    SharedRuns(SharedRuns&&) noexcept = default;
    SharedRuns& operator=(SharedRuns&&) = delete;
    SharedRuns(const SharedRuns&) = delete;
    SharedRuns& operator=(const SharedRuns&) = delete;

    /// Less than `least` is not found. What `but` has, too, is not taken.
    void add(std::string_view text, const SharedRuns* but = nullptr);
    /// Adds the stretches of `text`, in order.
    void find(std::string_view text, std::vector<Span>& into) const;

  private:
    bool has(std::uint64_t value) const noexcept;
    void settle() const;

    std::size_t least_;
    mutable std::vector<std::uint64_t> runs_{};
    mutable bool sorted_ = true;
    std::vector<std::uint64_t> seen_ =
        std::vector<std::uint64_t>(1024);  ///< bits: most text is settled by it
};

}  // namespace wfc
