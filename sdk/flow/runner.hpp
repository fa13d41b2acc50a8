/// A flow on its schedule, on one thread.
///
/// Guarantees: every scheduled time is run, or named as skipped, missed or cut; none is run twice, by this
/// process or another; a flow's runs never overlap. Runs that come due while another is running are named
/// when that has ended. First start: nothing is missed. Does not print, load components or read settings.
///
/// A clock that is set back: times that were handled are not run again until it is more than a day behind
/// what was handled; from then on it is believed, and what was run is told by the records of the runs.
#pragma once

#include <deque>

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
    void settle();
    bool advance(std::int64_t time);
    Turn perform(std::int64_t time, bool scheduled = true, CourseEnd* end = nullptr);
    bool wait_for_other(std::int64_t time, bool scheduled);
    void take_over();
    void after_run();
    void miss(const Times& missed, bool due);
    void skip(const Times& times, const std::string& reason);
    void finished(std::int64_t time, const CourseEnd& end, std::int64_t began_ms);
    void tell(Event::Kind kind, const Times& times, const std::string& reason = {}, std::int64_t ms = 0);
    void trouble(const std::string& sentence);

    const Flow& flow_;
    Surroundings around_;
    Timetable table_;
    Journal journal_;
    std::string payload_;
    Mark mark_;
    bool first_look_ = true;
    std::deque<std::int64_t> waiting_;
    std::int64_t refused_ = 0;  ///< the last time for which there was no place to wait
    std::int64_t said_ = -1;    ///< the next time that was said
};

}  // namespace wfc::flow
