/// What was run, kept so that a run is never run twice and what was done before a crash is known after it.
///
/// Guarantees: a run is claimed by compare-and-swap before its first step; of several processes one wins, and
/// a flow's runs never run at the same time, in whatever process. What a step began and ended with is on the
/// disk before the next thing is done. A claim that came to no step is given back: nothing was done. Records
/// of runs have no expiry from their first step until they are closed, then 30 days; of a flow, the last 1000
/// are kept. Holds no document, payload or secret: ids, times and outcomes.
///
/// Keys: "flow/ID", up to where its schedule was handled and which run is open; "run/ID/TIME", one run. The
/// run's record is written first, so one that is missing though the flow's names it was lost.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "flow/presence.hpp"
#include "flow/records.hpp"
#include "flow/timetable.hpp"

namespace wfc::flow {

/// The store cannot be read or written: nothing may be run now.
class JournalUnusable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct StepRecord {
    std::string id;
    std::string outcome;  ///< empty: it began
    std::int64_t began_ms = 0, ended_ms = 0;
    bool warned = false;  ///< its result had warnings
};

struct RunRecord {
    std::int64_t time_ms = 0;  ///< scheduled
    std::string state;         ///< "open", "finished", "stopped", "cut"
    std::string owner;
    std::int64_t pid = 0;
    std::int64_t started_ms = 0, ended_ms = 0;
    std::vector<StepRecord> steps;
};

struct OpenRun {
    std::int64_t time_ms = 0;
    std::string owner;
    std::int64_t pid = 0;
    std::int64_t mark_ms = 0;    ///< where the claim moved the mark to
    std::optional<Mark> before;  ///< the mark before the claim; nothing: a run outside the schedule
    Handled handled{};           ///< before the claim
};

struct FlowRecord {
    std::string file;          ///< the flow file of who used it last
    std::string schedule;      ///< its fingerprint
    std::optional<Mark> mark;  ///< nothing: never on its schedule
    Handled handled{};
    std::optional<OpenRun> open;
};

/// An open run of a process that is gone.
struct CutRun {
    enum class Kind {
        begun,     ///< steps began; the run is ours now
        lost,      ///< its record is not there any more: what it did is unknown; it is ours now
        unbegun,   ///< nothing was done: the mark stands before it again
        unmarked,  ///< nothing was done; it stays handled: others have moved the mark on, or it had none
    };
    Kind kind = Kind::begun;
    RunRecord run;
};

/// Of one flow. One thread; several objects, in one process or many, may share the records.
class Journal {
  public:
    /// `records` and `owners` outlive this.
    Journal(Records& records, Owners& owners, std::string flow);

    /// Reads the flow's record anew.
    const FlowRecord& load();
    /// Names the flow file; returns the one that stood there before.
    std::string use_file(const std::string& file);
    /// The schedule is handled up to `mark`, which may be earlier than what stood there. False: somebody else
    /// has written; load and look again.
    bool advance(const Mark& mark);
    /// Names the schedule; with `mark`, it begins afresh there. False: as above.
    bool use_schedule(const std::string& fingerprint, const std::optional<Mark>& mark);
    /// Writes the flow's record as it is: whether the store takes it.
    bool touch() { return save_flow(record_); }

    enum class Claim {
        claimed,    ///< the run is ours and open
        handled,    ///< that time was handled before, by this or another process
        busy,       ///< a run of this flow is open in another process that lives
        contended,  ///< another process that lives is claiming that time just now: look again soon
        dead,       ///< one is open and its process is gone: take it over first
    };
    /// `mark`: where the schedule stands when the run is claimed; nothing for one outside the schedule.
    Claim claim(std::int64_t time_ms, const std::optional<Mark>& mark, std::int64_t now_ms);
    /// The open run of a process that is gone, or of this one when it left it. Nothing when there is none, or
    /// another process took it.
    std::optional<CutRun> take_over();

    // Of the run that is ours. One that throws may be called again; what it was told is kept.
    void step_begins(const std::string& id, std::int64_t now_ms);
    void step_ended(const std::string& outcome, bool warned, std::int64_t now_ms);
    void close(const std::string& state, std::int64_t now_ms);
    /// Leaves the run open, for whoever takes it over next.
    void leave() noexcept { running_ = false; }
    /// Removes the oldest records of runs where there are too many. Does not throw.
    void prune();

  private:
    enum class Place { ours, busy, taken };
    void check();
    Place make_place(std::int64_t time_ms, std::int64_t now_ms);
    std::string run_key(std::int64_t time_ms) const;
    void give_up_unfinished();
    bool abandoned(const OpenRun& open) const;
    bool save_flow(const FlowRecord& record);
    void save_run(std::uint64_t ttl_ms);
    std::optional<CutRun> give_back(FlowRecord record, RunRecord run);

    Records& records_;
    Owners& owners_;
    std::string flow_;
    FlowRecord record_;
    std::uint64_t version_ = 0;
    RunRecord run_;
    std::uint64_t run_version_ = 0;
    bool running_ = false;
};

}  // namespace wfc::flow
