/// Which times of a flow's schedule have passed, and which comes next.
///
/// Guarantees: pure arithmetic on the readings it is given; no time comes twice while its marks are kept,
/// whatever the clock on the wall does. A time is missed when it is noticed more than `patience_ms`
/// late, be it by a process that was busy or one that was not there. Looks back a year at most.
///
/// `every` counts from the start of the last run on the steady clock: times are start + k × every, and their
/// names on the wall follow from that start, so that two processes name them alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flow/clock.hpp"
#include "flow/flow_file.hpp"

namespace wfc::flow {

constexpr std::int64_t usual_patience_ms = 60'000;
constexpr std::int64_t look_back_ms = std::int64_t{366} * 24 * 3'600'000;

/// Up to where a schedule was handled: run, skipped or missed.
struct Mark {
    std::int64_t wall_ms = 0;    ///< the last time handled; of `every`, the start of the last run
    std::int64_t steady_ms = 0;  ///< the same on the steady clock of `boot`; `every` only
    std::string boot;
};

/// Wall times after `from` up to `to` were handled, wherever the clock has been set since. Never shrinks but
/// when the clock is believed that it is before all of them.
struct Handled {
    std::int64_t from = 0, to = 0;
    bool has(std::int64_t time) const noexcept { return from < time && time <= to; }
};

/// Times of a schedule, in order: all of them counted, ten of them kept.
struct Times {
    std::size_t count = 0;
    std::int64_t first = 0, last = 0;  ///< unix ms
    std::vector<std::int64_t> each;    ///< the first ten
    void add(std::int64_t time);
    static Times of(std::int64_t time) {
        Times out;
        out.add(time);
        return out;
    }
};

class Timetable {
  public:
    /// `flow` outlives this.
    explicit Timetable(const Flow& flow) : flow_(flow) {}

    /// A mark from the store, on the steady clock of this boot.
    Mark here(Mark stored, const Now& now) const;
    /// Nothing before `now` concerns us.
    Mark from(const Now& now) const { return {now.wall_ms, now.steady_ms, now.boot}; }
    /// `time` is handled without a run.
    Mark passed_over(const Mark& mark, std::int64_t time) const;
    /// The run of `time` starts now.
    Mark started(std::int64_t time, const Now& now) const;

    struct Next {
        std::int64_t time;  ///< its name, unix ms
        Scale scale;        ///< when it is due
        std::int64_t at;
    };
    /// The first time after `mark`; nothing when the schedule has none.
    std::optional<Next> next(const Mark& mark) const;

    struct Passed {
        Times missed;
        std::optional<std::int64_t> due;  ///< to be run now; later ones of the same moment overlap it
        std::int64_t handled = 0;         ///< the last of those that had been handled and are not missed
    };
    /// `handled`: what is not missed though it is after the mark. Of `every`, the latest time is due.
    Passed passed(const Mark& mark, const Now& now, std::int64_t patience_ms,
                  const Handled& handled = {}) const;
    /// All times after `mark` up to now.
    Times all(const Mark& mark, const Now& now) const;
    /// The same for schedules that have the same times in the same zone: tells that one was changed.
    std::string fingerprint() const;

  private:
    std::optional<std::int64_t> next_second(std::int64_t after_unix_s) const;

    const Flow& flow_;
};

}  // namespace wfc::flow
