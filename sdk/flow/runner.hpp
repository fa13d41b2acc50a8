/// A flow on its schedule, on one thread.
///
/// Guarantees: every scheduled time is run, or named as skipped, missed or cut; none is run twice, by this
/// process or another; a flow's runs never overlap. Runs that come due while another is running are named
/// when that has ended. First start, and the first after the schedule was changed: nothing is missed. Does
/// not print, load components or read settings. Accounts are looked after between runs (checkup.hpp): of the
/// times that come due meanwhile one is run, late, and the others are skipped for that reason.
///
/// A clock that is not set yet (before 2025, or a day before the flow file was changed) is waited for. A
/// clock that is set back: times that were handled are not run again until it is more than a day behind what
/// was handled; from then on it is believed, and what was run is told by the records of the runs. When it is
/// set forward again, what had been handled is not missed.
#pragma once

#include <deque>

#include "flow/checkup.hpp"
#include "flow/course.hpp"

namespace wfc::flow {

/// What flows run with; all of it outlives them.
struct Surroundings {
    Clock& clock;
    Records& records;
    Owners& owners;
    Steps& steps;
    Events& events;
};

/// How many runs wait where `overlap` is "queue".
constexpr std::size_t most_waiting = 16;
/// Of times that are skipped.
inline constexpr const char* looking_reason = "accounts were being looked after";

class Runner {
  public:
    /// `payload`: what the first step of each run gets; empty for none.
    Runner(const Flow& flow, const Surroundings& around, std::string payload = {});

    /// Until it is time to stop. Troubles with the store are named and tried again.
    void run();
    struct Once {
        bool skipped = false;  ///< another process is running this flow, or it was time to stop
        CourseEnd end;
    };
    /// One run now, outside the schedule. Throws JournalUnusable.
    Once once();

  private:
    enum class Turn { ran, not_ours, gave_up };

    bool turn();
    void know_file();
    bool know_schedule(const FlowRecord& record, const Now& now);
    bool clock_is_set(const Now& now);
    bool behind(const Now& now);
    bool believe(const Now& now);
    bool run_waiting();
    bool run_passed(const FlowRecord& record, const Now& now);
    bool wait_for_next(const FlowRecord& record, const Now& now);
    bool look_after_accounts(const Now& now, const Timetable::Next* next);
    void settle();
    bool advance(std::int64_t time);
    Turn perform(std::int64_t time, bool scheduled = true, CourseEnd* end = nullptr);
    CourseEnd follow(std::int64_t time, bool scheduled);
    bool wait_for_other(std::int64_t time, bool scheduled);
    void take_over();
    void name_cut(const CutRun& cut);
    void after_run();
    void miss(const Times& missed, bool due);
    bool came_due_in_look(const Times& times) const;
    void skip(const Times& times, const std::string& reason);
    void finished(std::int64_t time, const CourseEnd& end, std::int64_t began_ms);
    void tell(Event::Kind kind, const Times& times, const std::string& reason = {}, std::int64_t ms = 0);
    void trouble(const std::string& sentence);

    const Flow& flow_;
    Surroundings around_;
    Timetable table_;
    Journal journal_;
    Told told_;
    Checkup checkup_;
    std::string payload_;
    Mark mark_;
    bool file_known_ = false, schedule_known_ = false;
    bool clock_believed_ = false, behind_said_ = false, accounts_looked_at_ = false;
    /// Accounts were looked after since the last look at the schedule: when that began and ended, and how
    /// long it took.
    Now look_began_, look_ended_;
    std::int64_t busy_ms_ = 0;
    Complaint store_, clock_;
    std::deque<std::int64_t> waiting_;
    std::int64_t refused_ = 0;  ///< the last time for which there was no place to wait
    std::int64_t said_ = -1;    ///< the next time that was said
    std::size_t closed_ = 0;    ///< runs that were closed
};

}  // namespace wfc::flow
