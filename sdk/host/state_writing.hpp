/// Writes on the state file: several in one transaction, with one commit.
///
/// Guarantees: a write with WFC_OK is on the disk, in files that still lie where they were opened; each is a
/// compare-and-swap of its own, and one that loses undoes no other. Where a statement fails, each write of
/// its batch is tried by itself; where the commit fails, all whose durability is not certain are
/// WFC_UNAVAILABLE. One thread at a time.
#pragma once

#include <filesystem>
#include <optional>

#include "host/state_commits.hpp"
#include "host/state_statement.hpp"

namespace wfc {

class StateWriting : public StateWriter {
  public:
    /// Opens `file`, or makes it. Throws StateUnusable, DatabaseFailed.
    StateWriting(const std::filesystem::path& file, Deadline deadline);

    std::optional<int> begin(Deadline deadline) noexcept override;
    void carry_out(std::span<StateWrite* const> writes, Deadline deadline) noexcept override;
    /// Removes some of the rows that expired long ago, now and then. What fails here is done at a later time.
    void tidy() noexcept override;

  private:
    bool together(std::span<StateWrite* const> writes) noexcept;
    void apply(StateWrite& write, std::int64_t now);
    /// The new version; nothing: the write has lost.
    std::optional<std::int64_t> make(const StateWrite& write, std::int64_t now);
    std::optional<std::int64_t> replace(const StateWrite& write, std::int64_t now);
    std::optional<std::int64_t> erase(const StateWrite& write, std::int64_t now);
    /// Whether the statement that has just run changed a row.
    bool changed() const noexcept;

    Database database_;
    TransactionStatements transactions_;
    Statement next_version_, make_, make_again_, replace_, erase_, expired_, sweep_;
    std::optional<Transaction> change_{};
    std::uint64_t writes_ = 0, next_sweep_ = 1;
};

}  // namespace wfc
