/// What was run, kept so that a run is never run twice and what was done before a crash is known after it.
///
/// Guarantees: a run is claimed by compare-and-swap before its first step; of several processes one wins, and
/// a flow's runs never run at the same time, in whatever process. What a step began and ended with is on the
/// disk before the next thing is done. Records of runs are kept for 30 days. Holds no document, payload or
/// secret: ids, times and outcomes.
///
/// Keys: "flow/ID", up to where its schedule was handled and which run is open; "run/ID/TIME", one run.
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
};

struct FlowRecord {
    std::string file;          ///< the flow file of who used it last
    std::optional<Mark> mark;  ///< nothing: never on its schedule
    std::optional<OpenRun> open;
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
    /// The schedule is handled up to `mark`. False: somebody else has written; load and look again.
    bool advance(const Mark& mark);

    enum class Claim {
        claimed,  ///< the run is ours and open
        handled,  ///< that time was handled before, by this or another process
        busy,     ///< a run of this flow is open in another process that lives
        dead,     ///< one is open and its process is gone: take it over first
    };
    /// `mark`: where the schedule stands when the run is claimed; nothing for one outside the schedule.
    Claim claim(std::int64_t time_ms, const std::optional<Mark>& mark, std::int64_t now_ms);
    /// The open run of a process that is gone, which is ours now: it was cut. Nothing when there is none, or
    /// another process took it.
    std::optional<RunRecord> take_over();

    // Of the run that is ours.
    void step_begins(const std::string& id, std::int64_t now_ms);
    void step_ended(const std::string& outcome, std::int64_t now_ms);
    void close(const std::string& state, std::int64_t now_ms);
    /// Leaves the run open, for whoever takes it over next.
    void leave() noexcept { running_ = false; }

  private:
    void give_up_unfinished();
    bool abandoned(const OpenRun& open) const;
    bool save_flow(const FlowRecord& record);
    void save_run();

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
