/// What became of a batch so far, and the part of the result document that says it.
///
/// Guarantees: a bounded size, whatever the number of rows: counts, each distinct trouble once with its
/// explanation, the first rows that were not sent as they were meant to be. Judges when a trouble is not a
/// row's but everybody's, so that the rest need not be tried.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "operations/batch_row.hpp"

namespace mailsend {

/// One thread.
class BatchTally {
  public:
    static constexpr std::size_t most_troubles = 32, most_first_rows = 10, most_warnings = 20;
    /// So many rows in turn that could not even be offered to the server: the next ones are not tried.
    static constexpr unsigned most_in_turn = 3;

    void add(RowResult result);
    /// Rows that were read and never begun.
    void add_not_attempted(std::uint64_t rows) { count(RowFate::not_attempted) += rows; }
    /// What ended the batch where no row did: that of an earlier trouble stays.
    void end_with(Error error);

    /// Set: nothing more is to be tried, and why.
    const std::optional<Error>& ended_by() const noexcept { return ended_by_; }
    std::uint64_t done() const noexcept { return done_; }
    std::uint64_t of(RowFate fate) const noexcept { return counts_[static_cast<std::size_t>(fate)]; }
    std::uint64_t total() const noexcept;
    /// Rows that somebody has to look at: neither accepted nor sent before.
    std::uint64_t not_well() const noexcept;

    /// accepted: all rows were, now or before; partial: some were; otherwise what most concerns them.
    Verdict verdict() const noexcept;
    /// Why it is not accepted: what ended it, else the first trouble.
    const Error* error() const noexcept;
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }
    /// Members of `batch`.
    nlohmann::ordered_json document() const;

  private:
    struct Trouble {
        Error error;
        std::uint64_t rows = 0;
        std::uint64_t first_row = 0;
    };
    std::uint64_t& count(RowFate fate) noexcept { return counts_[static_cast<std::size_t>(fate)]; }
    void note(const RowResult& result);
    void judge(const RowResult& result);

    std::array<std::uint64_t, row_fates> counts_{};
    std::uint64_t done_ = 0;
    std::uint64_t other_troubles_ = 0;
    unsigned in_turn_ = 0;
    std::vector<Trouble> troubles_{};
    std::vector<std::string> first_rows_{};
    std::vector<std::string> warnings_{};
    std::optional<Error> ended_by_{};
};

}  // namespace mailsend
