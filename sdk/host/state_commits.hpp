/// Writes of parallel calls share a commit.
///
/// Guarantees: one thread at a time leads: it begins a transaction, and once no other process is before it,
/// it takes along whoever waits by then. A lone writer waits for nobody; where several wrote together the
/// last time, the next leader lets those run first who can. Each write gets its own answer. Who waits leaves
/// when his patience is over, whatever the leader is doing; what somebody else does with his write then is
/// his own copy's affair. A leader takes one batch, then the longest waiting leads. Knows no SQL.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/state_expiry.hpp"
#include "wfc/component.h"

namespace wfc {

/// What one call wants to have written, and what became of it.
struct StateWrite {
    enum class Kind { put, erase };

    Kind kind = Kind::put;
    std::string scope{}, key{}, bytes{};
    std::int64_t expected_version = 0;  ///< 0: there must be none
    std::uint64_t ttl_ms = 0;

    /// WFC_UNAVAILABLE until it is known to be on the disk (WFC_OK) or known to have lost (WFC_CONFLICT; an
    /// erasure also where there is nothing).
    wfc_status status = WFC_UNAVAILABLE;
    std::uint64_t version = 0;  ///< the new one
    std::int64_t expires = never_expires;
    std::optional<int> trouble{};  ///< of WFC_UNAVAILABLE: why, in a number of the writer's own
};

struct StateAnswer {
    wfc_status status = WFC_UNAVAILABLE;
    std::uint64_t version = 0;     ///< of what was put and is on the disk
    std::optional<int> trouble{};  ///< of WFC_UNAVAILABLE; nothing: others took the time
};

/// Carries writes out. One thread at a time.
class StateWriter {
  public:
    using Deadline = std::chrono::steady_clock::time_point;

    StateWriter() = default;
    StateWriter(const StateWriter&) = delete;
    StateWriter& operator=(const StateWriter&) = delete;
    virtual ~StateWriter() = default;

    /// Waits for other processes until then. Nothing: no other writer is before this one, until carry_out()
    /// has returned, which must follow. Else why not, in a number of its own.
    virtual std::optional<int> begin(Deadline deadline) noexcept = 0;
    /// Gives each write its status, and `trouble` to WFC_UNAVAILABLE; it may go on after the deadline for as
    /// long as the disk takes.
    virtual void carry_out(std::span<StateWrite* const> writes, Deadline deadline) noexcept = 0;
    /// Called when they have their answers, before the next begin().
    virtual void tidy() noexcept = 0;
};

/// Any thread.
class StateCommits {
  public:
    static constexpr std::size_t most_writes = 128, most_bytes = 4 * 1024 * 1024;  ///< in one commit

    /// `writer` outlives this.
    explicit StateCommits(StateWriter& writer);
    StateCommits(const StateCommits&) = delete;
    StateCommits& operator=(const StateCommits&) = delete;

    /// What became of the write. WFC_UNAVAILABLE when the deadline came first: it may then have been done or
    /// not. Throws std::bad_alloc.
    StateAnswer run(StateWrite write, StateWriter::Deadline deadline);

  private:
    enum class Phase { waiting, leading, taken, done };
    struct Place {
        explicit Place(StateWrite asked) : write(std::move(asked)) {}

        StateWrite write;  ///< the leader's while `taken`
        Phase phase = Phase::waiting;
        std::condition_variable changed{};
    };

    void lead(std::unique_lock<std::mutex>& lock, StateWriter::Deadline deadline) noexcept;
    void take(bool all) noexcept;

    StateWriter& writer_;
    std::mutex mutex_{};
    std::deque<std::shared_ptr<Place>> queue_{};  ///< its first leads, unless nobody does
    bool led_ = false;
    bool crowded_ = false;                         ///< the last commit was for several
    std::vector<std::shared_ptr<Place>> taken_{};  ///< the leader's, like the next
    std::vector<StateWrite*> batch_{};
};

}  // namespace wfc
