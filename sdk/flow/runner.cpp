#include "flow/runner.hpp"

#include <algorithm>

namespace wfc::flow {

namespace {

constexpr std::int64_t day_ms = std::int64_t{24} * 3'600'000;
constexpr std::int64_t store_pause_ms = 5000, other_pause_ms = 1000;

Times one(std::int64_t time) {
    Times out;
    out.add(time);
    return out;
}

}  // namespace

Runner::Runner(const Flow& flow, const Surroundings& around, std::string payload)
    : flow_(flow),
      around_(around),
      table_(flow),
      journal_(around.records, around.owners, flow.id),
      payload_(std::move(payload)) {}

void Runner::tell(Event::Kind kind, const Times& times, const std::string& reason, std::int64_t ms) {
    Event event{kind, flow_.id};
    event.times = times;
    event.reason = reason;
    event.ms = ms;
    around_.events.happened(event);
}

void Runner::trouble(const std::string& sentence) {
    Event event{Event::Kind::trouble, flow_.id};
    event.message = sentence;
    around_.events.happened(event);
}

void Runner::run() {
    tell(Event::Kind::started, {});
    bool file_known = false;
    while (!around_.clock.stopping()) {
        try {
            if (!file_known) {
                const std::string before = journal_.use_file(flow_.file.string());
                if (!before.empty() && before != flow_.file.string()) {
                    trouble("the id " + flow_.id + " was used by " + before +
                            " before: flows with one id share what was run, so each needs its own");
                }
                file_known = true;
            }
            if (!turn()) break;
        } catch (const JournalUnusable& fault) {
            trouble(std::string(fault.what()) + "; nothing is run until it can be");
            around_.clock.wait_until(Scale::steady, around_.clock.now().steady_ms + store_pause_ms);
        }
    }
    settle();
}

/// Looks at the store and the clocks, does the one thing that is to be done, or waits. False: stop.
bool Runner::turn() {
    take_over();
    const FlowRecord& record = journal_.load();
    const Now now = around_.clock.now();
    if (!record.mark) {
        journal_.advance(table_.from(now));
        first_look_ = false;
        return true;
    }
    mark_ = table_.here(*record.mark, now);
    if (flow_.cron && mark_.wall_ms > now.wall_ms + day_ms) {
        trouble("the clock is more than a day behind the last run, " + utc_text(mark_.wall_ms) +
                "; it is believed, and the schedule goes on from now");
        journal_.advance(table_.from(now));
        return true;
    }
    if (!waiting_.empty()) {
        const std::int64_t time = waiting_.front();
        waiting_.pop_front();
        if (perform(time) == Turn::ran) after_run();
        return true;
    }
    if (refused_ > mark_.wall_ms) return advance(refused_);
    const Timetable::Passed passed = table_.passed(mark_, now, first_look_ ? 0 : patience_while_running_ms);
    first_look_ = false;
    if (passed.missed.count != 0) miss(passed.missed, passed.due.has_value());
    if (passed.due && perform(*passed.due) == Turn::ran) after_run();
    if (passed.due || passed.missed.count != 0) return true;
    const std::optional<Timetable::Next> next = table_.next(mark_);
    if (!next) {
        tell(Event::Kind::ended, {});
        while (around_.clock.wait_until(Scale::steady, around_.clock.now().steady_ms + day_ms)) {
        }
        return false;
    }
    if (next->time != said_) {
        tell(Event::Kind::next, one(next->time), {},
             next->at - (next->scale == Scale::wall ? now.wall_ms : now.steady_ms));
    }
    said_ = next->time;
    return around_.clock.wait_until(next->scale, next->at);
}

/// A schedule that was followed up to a clean stop has missed nothing by then, even if the file is changed
/// before the next start.
void Runner::settle() try {
    const FlowRecord& record = journal_.load();
    const Now now = around_.clock.now();
    if (!flow_.cron || !waiting_.empty() || !record.mark || record.mark->wall_ms >= now.wall_ms) return;
    if (table_.all(*record.mark, now).count == 0) journal_.advance(table_.from(now));
} catch (const JournalUnusable& fault) {
    trouble(fault.what());
}

bool Runner::advance(std::int64_t time) {
    const FlowRecord& record = journal_.load();
    if (record.mark && record.mark->wall_ms >= time) return true;  // somebody else has seen to it
    journal_.advance(table_.passed_over(mark_, time));  // if somebody writes now, the next turn looks again
    return true;
}

void Runner::miss(const Times& missed, bool due) {
    const bool make_up = flow_.on_missed == OnMissed::run_once && !due;
    tell(Event::Kind::missed, missed, make_up ? "run-once" : "skip");
    if (make_up) {
        if (perform(missed.last) == Turn::ran) after_run();
    } else if (!due) {
        advance(missed.last);
    }
}

void Runner::skip(const Times& times, const std::string& reason) {
    tell(Event::Kind::skipped, times, reason);
    advance(times.last);
}

/// A run of this flow is open in another process. True: it is over, or may be.
bool Runner::wait_for_other(std::int64_t time, bool scheduled) {
    if (flow_.overlap == Overlap::queue) {
        return around_.clock.wait_until(Scale::steady, around_.clock.now().steady_ms + other_pause_ms);
    }
    const std::string reason = "another process is running this flow";
    if (scheduled) {
        skip(one(time), reason);
    } else {
        tell(Event::Kind::skipped, one(time), reason);
    }
    return false;
}

Runner::Turn Runner::perform(std::int64_t time, bool scheduled, CourseEnd* end) {
    Now now;
    for (;;) {
        now = around_.clock.now();
        const std::optional<Mark> mark = scheduled ? std::optional(table_.started(time, now)) : std::nullopt;
        const Journal::Claim claim = journal_.claim(time, mark, now.wall_ms);
        if (claim == Journal::Claim::claimed) break;
        if (claim == Journal::Claim::dead) {
            take_over();
        } else if (claim == Journal::Claim::handled) {
            tell(Event::Kind::skipped, one(time), "it was handled before, by this or another process");
            return Turn::not_ours;
        } else if (!wait_for_other(time, scheduled)) {
            return Turn::gave_up;
        }
    }
    const std::int64_t late = !scheduled    ? 0
                              : flow_.every ? now.steady_ms - mark_.steady_ms - (time - mark_.wall_ms)
                                            : now.wall_ms - time;
    tell(Event::Kind::run, one(time), {}, late);
    if (scheduled) mark_ = table_.started(time, now);
    const CourseEnd reached =
        Course(flow_, time, journal_, around_.steps, around_.clock, around_.events).run(payload_);
    journal_.close(reached.stopped ? "stopped" : "finished", around_.clock.now().wall_ms);
    finished(time, reached, now.steady_ms);
    if (end != nullptr) *end = reached;
    return Turn::ran;
}

void Runner::finished(std::int64_t time, const CourseEnd& end, std::int64_t began_ms) {
    Event event{end.stopped ? Event::Kind::stopped : Event::Kind::finished, flow_.id};
    event.times = one(time);
    event.outcome = end.outcome;
    event.ms = around_.clock.now().steady_ms - began_ms;
    around_.events.happened(event);
}

/// Names the times that came while a run was going on, or lets them wait.
void Runner::after_run() {
    const Now now = around_.clock.now();
    if (flow_.overlap == Overlap::skip || flow_.every) {
        const Times passed = table_.all(mark_, now);
        if (passed.count == 0) return;
        if (flow_.overlap == Overlap::skip) {
            skip(passed, "the run before was still going on");
        } else if (waiting_.empty()) {
            // One is enough: the next times count from its start.
            waiting_.push_back(passed.first);
        }
        return;
    }
    Mark from = mark_;
    from.wall_ms = std::max({from.wall_ms, waiting_.empty() ? 0 : waiting_.back(), refused_});
    while (waiting_.size() < most_waiting) {
        const std::optional<Timetable::Next> next = table_.next(from);
        if (!next || next->at > now.wall_ms) return;
        waiting_.push_back(next->time);
        from.wall_ms = next->time;
    }
    const Times refused = table_.all(from, now);
    if (refused.count == 0) return;
    tell(Event::Kind::skipped, refused, std::to_string(most_waiting) + " runs are waiting already");
    refused_ = refused.last;
}

void Runner::take_over() {
    const std::optional<RunRecord> cut = journal_.take_over();
    if (!cut) return;
    const bool begun = !cut->steps.empty() && cut->steps.back().outcome.empty();
    Event event{Event::Kind::cut, flow_.id};
    event.times = one(cut->time_ms);
    if (begun) {
        event.step = cut->steps.back().id;
        event.call_id = call_id(flow_.id, cut->time_ms, event.step);
        event.outcome = "unknown";
    }
    for (const StepRecord& step : cut->steps) {
        if (!step.outcome.empty())
            event.reason += (event.reason.empty() ? "" : ", ") + step.id + " " + step.outcome;
    }
    event.message = "process " + std::to_string(cut->pid) + " ended in the middle of it";
    around_.events.happened(event);
    CourseEnd end;
    if (begun) {
        end = Course(flow_, cut->time_ms, journal_, around_.steps, around_.clock, around_.events)
                  .after_cut(event.step);
    }
    if (end.stopped) {
        journal_.leave();  // its route is still to be followed
    } else {
        journal_.close("cut", around_.clock.now().wall_ms);
    }
}

Runner::Once Runner::once() {
    take_over();
    Once out;
    out.skipped = perform(around_.clock.now().wall_ms, false, &out.end) != Turn::ran;
    return out;
}

}  // namespace wfc::flow
