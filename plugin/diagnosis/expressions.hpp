/// All expressions of the catalogue at once: one pass over a text tells which of them it shows.
///
/// Guarantees: linear in the text; any number of threads at a time. Where the machine is none that Hyperscan
/// can run on (no SSSE3), nothing is ever shown: entries with expressions are not matched then, and the
/// others still are. Expressions are numbered by the compiler (compiler/expression_set.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace mailsend::diagnosis {

/// Numbers of the expressions that a text shows.
class Shown {
  public:
    Shown() = default;
    explicit Shown(std::size_t expressions) : bits_((expressions + 63) / 64) {}

    void add(std::size_t number) noexcept { bits_[number / 64] |= std::uint64_t{1} << (number % 64); }
    bool has(std::size_t number) const noexcept {
        return number / 64 < bits_.size() && (bits_[number / 64] >> (number % 64) & 1) != 0;
    }

  private:
    std::vector<std::uint64_t> bits_;
};

class Expressions {
  public:
    /// `database` as the compiler wrote it; it is copied. One that this Hyperscan does not take counts as
    /// none.
    Expressions(std::string_view database, std::size_t count);
    ~Expressions();
    Expressions(const Expressions&) = delete;
    Expressions& operator=(const Expressions&) = delete;

    std::size_t size() const noexcept { return count_; }
    /// False where the machine cannot run them.
    bool usable() const noexcept { return database_ != nullptr || count_ == 0; }
    /// Letter case does not matter, bytes may be any.
    Shown shown_by(std::string_view text) const;

  private:
    hs_scratch* lend() const noexcept;
    void take_back(hs_scratch* scratch) const noexcept;

    std::size_t count_;
    hs_database* database_ = nullptr;
    /// Working memory of scans that are over; each scan needs one of its own.
    mutable std::mutex mutex_;
    mutable std::vector<hs_scratch*> idle_;
};

}  // namespace mailsend::diagnosis
