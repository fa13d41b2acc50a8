/// A record while one call owns it.
///
/// Guarantees: every write replaces what this call wrote or saw last; what others wrote meanwhile is taken
/// in, and no recipient that anybody knows to be sent is ever put back. Not done here: what the letters mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ledger/shelf.hpp"

namespace mailsend::ledger {

/// One thread.
class Tenure {
  public:
    /// `record` stands in the store as `version`, with this call as its owner.
    Tenure(Shelf shelf, wfc::Clock clock, Record record, std::uint64_t version)
        : shelf_(std::move(shelf)),
          clock_(clock),
          record_(std::move(record)),
          version_(version),
          written_ms_(clock.monotonic_ms()) {}

    /// As it is to be: changed here, it reaches the store with the next write.
    Record& record() noexcept { return record_; }
    const Record& record() const noexcept { return record_; }
    /// Somebody else owns the record since: they took this call for dead.
    bool lost() const noexcept { return lost_; }
    /// Monotonic milliseconds of the last write that succeeded.
    std::uint64_t written_ms() const noexcept { return written_ms_; }

    /// Marks these as handed over; durable when it returns. Throws Failure(host.state), and
    /// Failure(ledger.lost) where they are no longer this call's to send; both leave the record as before.
    void hand_over(const std::vector<std::size_t>& places, std::string_view body_digest);
    /// Writes the record as it is; where it is lost, what was sent is told to whoever owns it now. Throws
    /// Failure(host.state).
    void publish();

  private:
    enum class Step { stored, taken_in, gone, lost };
    Step step();
    void tell_the_owner();

    Shelf shelf_;
    wfc::Clock clock_;
    Record record_;
    std::uint64_t version_;
    std::uint64_t written_ms_;
    bool lost_ = false;
};

}  // namespace mailsend::ledger
