// The runs of a runner: one after the other, what came due meanwhile, and those of processes that are gone.
#include <algorithm>

#include "flow/runner.hpp"

namespace wfc::flow {

namespace {

constexpr std::int64_t other_pause_ms = 1000;
/// A claim of another process takes two writes.
constexpr std::int64_t look_pause_ms = 100;
constexpr int most_looks = 300;
/// How long a run waits for a store that fails: on its schedule it has time; a person waits for the other.
constexpr std::int64_t insist_ms = 600'000, insist_once_ms = 30'000;
constexpr std::size_t runs_between_prunes = 50;

}  // namespace

void Runner::miss(const Times& missed, bool due) {
    const bool make_up = flow_.on_missed == OnMissed::run_once && !due;
    tell(Event::Kind::missed, missed, make_up ? "run-once" : "skip");
    if (make_up) {
        if (perform(missed.last) == Turn::ran) after_run();
    } else if (!due) {
        advance(missed.last);
    }
}

/// Of times that have passed: whether accounts were being looked after then.
bool Runner::came_due_in_look(const Times& times) const {
    return busy_ms_ != 0 && times.first >= look_began_.wall_ms && times.last <= look_ended_.wall_ms;
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
        skip(Times::of(time), reason);
    } else {
        tell(Event::Kind::skipped, Times::of(time), reason);
    }
    return false;
}

Runner::Turn Runner::perform(std::int64_t time, bool scheduled, CourseEnd* end) {
    Now now;
    for (int looks = 0;; ++looks) {
        now = around_.clock.now();
        const std::optional<Mark> mark = scheduled ? std::optional(table_.started(time, now)) : std::nullopt;
        const Journal::Claim claim = journal_.claim(time, mark, now.wall_ms);
        if (claim == Journal::Claim::claimed) break;
        if (claim == Journal::Claim::dead) {
            take_over();
        } else if (claim == Journal::Claim::handled) {
            tell(Event::Kind::skipped, Times::of(time), "it was handled before, by this or another process");
            return Turn::not_ours;
        } else if (claim == Journal::Claim::contended && looks < most_looks) {
            if (!around_.clock.wait_until(Scale::steady, now.steady_ms + look_pause_ms)) return Turn::gave_up;
        } else if (!wait_for_other(time, scheduled)) {
            return Turn::gave_up;
        }
    }
    const std::int64_t late = !scheduled    ? 0
                              : flow_.every ? now.steady_ms - mark_.steady_ms - (time - mark_.wall_ms)
                                            : now.wall_ms - time;
    tell(Event::Kind::run, Times::of(time), {}, late);
    if (scheduled) mark_ = table_.started(time, now);
    const CourseEnd reached = follow(time, scheduled);
    finished(time, reached, now.steady_ms);
    if (end != nullptr) *end = reached;
    return Turn::ran;
}

/// The run that is ours, to its end.
CourseEnd Runner::follow(std::int64_t time, bool scheduled) {
    const Insistence insist(around_.clock, around_.events, flow_.id, scheduled ? insist_ms : insist_once_ms);
    Course course(flow_, time, journal_, told_, around_.steps, around_.clock, around_.events, insist);
    try {
        CourseEnd reached = course.run(payload_);
        insist(
            [&] { journal_.close(reached.stopped ? "stopped" : "finished", around_.clock.now().wall_ms); });
        if (closed_++ % runs_between_prunes == 0) journal_.prune();
        return reached;
    } catch (const JournalUnusable& fault) {
        journal_.leave();
        // Without a schedule nobody comes back to it, and what the steps did is what counts.
        if (scheduled || !course.end().ran) throw;
        trouble(std::string(fault.what()) + "; the run of " + utc_text(time) +
                " could not be written down to its end, and the next start will name it as cut");
        return course.end();
    }
}

void Runner::finished(std::int64_t time, const CourseEnd& end, std::int64_t began_ms) {
    Event event{end.stopped ? Event::Kind::stopped : Event::Kind::finished, flow_.id};
    event.times = Times::of(time);
    event.outcome = end.outcome;
    event.ms = around_.clock.now().steady_ms - began_ms;
    around_.events.happened(event);
}

/// Names the times that came while a run was going on, or lets them wait.
void Runner::after_run() {
    const Now now = around_.clock.now();
    if (flow_.overlap == Overlap::skip || flow_.every) {
        Times passed = table_.all(mark_, now);
        if (passed.count == 0) return;
        if (flow_.overlap == Overlap::skip) {
            Mark from = mark_;
            if (const Times looking = table_.all(mark_, look_ended_); looking.count != 0) {
                skip(looking, looking_reason);
                from = table_.passed_over(mark_, looking.last);
                passed = table_.all(from, now);
            }
            if (passed.count != 0) skip(passed, "the run before was still going on");
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

void Runner::name_cut(const CutRun& cut) {
    Event event{Event::Kind::cut, flow_.id};
    event.times = Times::of(cut.run.time_ms);
    for (const StepRecord& step : cut.run.steps) {
        if (!step.outcome.empty()) {
            event.reason += (event.reason.empty() ? "" : ", ") + step.id + " " + step.outcome;
            continue;
        }
        event.step = step.id;
        event.call_id = call_id(flow_.id, cut.run.time_ms, step.id);
        event.outcome = "unknown";
    }
    event.message = cut.run.owner == around_.owners.self()
                        ? "the state store failed in the middle of it"
                        : "process " + std::to_string(cut.run.pid) + " ended in the middle of it";
    if (cut.kind == CutRun::Kind::lost) {
        event.outcome = "unknown";
        event.message += ", and its record is not there: what it did is unknown";
    } else if (cut.kind == CutRun::Kind::unbegun) {
        event.message += ", before its first step: it counts as not run yet";
    } else if (cut.kind == CutRun::Kind::unmarked) {
        event.message += ", before its first step: it is not run";
    }
    around_.events.happened(event);
}

void Runner::take_over() {
    const std::optional<CutRun> cut = journal_.take_over();
    if (!cut) return;
    name_cut(*cut);
    if (cut->kind == CutRun::Kind::unbegun || cut->kind == CutRun::Kind::unmarked) return;
    const Insistence insist(around_.clock, around_.events, flow_.id, insist_ms);
    Course course(flow_, cut->run.time_ms, journal_, told_, around_.steps, around_.clock, around_.events,
                  insist);
    if (course.after_cut(*cut).stopped) {
        journal_.leave();  // its route is still to be followed
    } else {
        insist([&] { journal_.close("cut", around_.clock.now().wall_ms); });
    }
}

Runner::Once Runner::once() {
    know_file();
    take_over();
    checkup_.at_start(around_.clock.now().wall_ms);
    Once out;
    out.skipped = perform(around_.clock.now().wall_ms, false, &out.end) != Turn::ran;
    return out;
}

}  // namespace wfc::flow
