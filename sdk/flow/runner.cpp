#include "flow/runner.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace wfc::flow {

namespace {

constexpr std::int64_t minute_ms = 60'000, day_ms = std::int64_t{24} * 60 * minute_ms;
constexpr std::int64_t year_2025_ms = 1'735'689'600'000;
constexpr std::int64_t store_pause_ms = 5000, clock_pause_ms = 1000;
/// Another process may die in the middle of its run; then nobody else would notice before the next time.
constexpr std::int64_t open_run_pause_ms = 30'000;

/// When a file was changed, unix ms; 0 for one that is not there.
std::int64_t changed_ms(const std::filesystem::path& file) {
    struct stat found {};
    return ::stat(file.c_str(), &found) == 0 ? std::int64_t{found.st_mtim.tv_sec} * 1000 : 0;
}

}  // namespace

Runner::Runner(const Flow& flow, const Surroundings& around, std::string payload)
    : flow_(flow),
      around_(around),
      table_(flow),
      journal_(around.records, around.owners, flow.id),
      told_(around.records, flow.id),
      checkup_(flow, around.records, around.owners, around.steps, around.clock, around.events),
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

void Runner::know_file() {
    if (file_known_) return;
    const std::string before = journal_.use_file(flow_.file.string());
    if (!before.empty() && before != flow_.file.string()) {
        trouble("the id " + flow_.id + " was used by " + before +
                " before: flows with one id share what was run, so each needs its own");
    }
    file_known_ = true;
}

void Runner::run() {
    tell(Event::Kind::started, {});
    while (!around_.clock.stopping()) {
        try {
            know_file();
            if (!turn()) break;
        } catch (const JournalUnusable& fault) {
            journal_.leave();
            const std::int64_t now = around_.clock.now().steady_ms;
            if (store_.due(now)) trouble(std::string(fault.what()) + "; nothing is run until it can be");
            around_.clock.wait_until(Scale::steady, now + store_pause_ms);
        }
    }
    settle();
}

/// Looks at the store and the clocks, does the one thing that is to be done, or waits. False: stop.
bool Runner::turn() {
    if (store_.standing()) {
        journal_.load();
        journal_.touch();
        store_.over();
        trouble(around_.records.name() + " can be used again");
    }
    const Now at_first = around_.clock.now();
    if (!clock_is_set(at_first))
        return around_.clock.wait_until(Scale::steady, at_first.steady_ms + clock_pause_ms);
    take_over();
    const FlowRecord& record = journal_.load();
    const Now now = around_.clock.now();
    if (!know_schedule(record, now) || look_after_accounts(now, nullptr)) return true;
    mark_ = table_.here(*record.mark, now);
    if (flow_.cron && mark_.wall_ms > now.wall_ms + day_ms) return believe(now);
    if (!behind(now)) {
        if (run_waiting()) return true;
        if (refused_ > mark_.wall_ms) return advance(refused_);
        if (run_passed(record, now)) return true;
    }
    return wait_for_next(record, now);
}

/// A schedule that is not the one that was followed begins here. False: the record was written; look again.
bool Runner::know_schedule(const FlowRecord& record, const Now& now) {
    const std::string fingerprint = table_.fingerprint();
    if (schedule_known_ && record.mark) return true;
    const bool same = record.schedule == fingerprint, unknown = record.schedule.empty();
    schedule_known_ = true;
    if (same && record.mark) return true;
    std::optional<Mark> mark;
    if (!record.mark || (!same && !unknown)) {
        mark = table_.from(now);
        // What the former schedule handled stays handled, unless that is far ahead of the clock.
        if (record.mark && record.mark->wall_ms <= now.wall_ms + day_ms)
            mark->wall_ms = std::max(mark->wall_ms, record.mark->wall_ms);
    }
    schedule_known_ = journal_.use_schedule(fingerprint, mark);
    return false;
}

/// A machine without a battery for its clock begins in 1970, or where it was switched off.
bool Runner::clock_is_set(const Now& now) {
    if (flow_.every && clock_believed_) return true;  // from then on the steady clock counts
    const std::int64_t changed = changed_ms(flow_.file);
    if (now.wall_ms >= std::max(year_2025_ms, changed - day_ms)) {
        clock_believed_ = true;
        if (clock_.over()) trouble("the clock is set: " + utc_text(now.wall_ms));
        return true;
    }
    if (clock_.due(now.steady_ms)) {
        trouble("the clock says " + utc_text(now.wall_ms) + ", which is " +
                (now.wall_ms < year_2025_ms ? "long ago"
                                            : "more than a day before " + flow_.file.string() +
                                                  " was changed, " + utc_text(changed)) +
                ": it is not set yet; nothing is run until it is" +
                (now.wall_ms < year_2025_ms ? "" : " (if it is right, save the file anew)"));
    }
    return false;
}

/// The clock is behind what was handled, by less than a day: it runs up to there.
bool Runner::behind(const Now& now) {
    const std::int64_t by = flow_.cron ? mark_.wall_ms - now.wall_ms : 0;
    if (by <= minute_ms) {
        behind_said_ = false;
        return false;
    }
    if (!behind_said_) {
        const std::int64_t minutes = by / minute_ms;
        trouble("the clock is " +
                (minutes < 120 ? std::to_string(minutes) + " min" : std::to_string(minutes / 60) + " h") +
                " behind what was run or named, " + utc_text(mark_.wall_ms) + "; no run before that");
        said_ = -1;
    }
    behind_said_ = true;
    return true;
}

bool Runner::believe(const Now& now) {
    trouble("the clock is more than a day behind the last run, " + utc_text(mark_.wall_ms) +
            "; it is believed, and the schedule goes on from now");
    if (!waiting_.empty()) {
        Times dropped;
        for (const std::int64_t time : waiting_) dropped.add(time);
        tell(Event::Kind::skipped, dropped, "the clock was set back while they were waiting");
    }
    waiting_.clear();
    refused_ = 0;
    journal_.advance(table_.from(now));
    return around_.clock.wait_until(Scale::steady, now.steady_ms + clock_pause_ms);
}

/// Whether there was one to be run.
bool Runner::run_waiting() {
    while (!waiting_.empty() && waiting_.front() <= mark_.wall_ms) waiting_.pop_front();
    if (waiting_.empty()) return false;
    const Turn taken = perform(waiting_.front());
    // One that was not begun keeps its place, and so does one that the store failed in.
    if (taken != Turn::gave_up) waiting_.pop_front();
    if (taken == Turn::ran) after_run();
    return true;
}

/// Whether a time had passed that was not handled.
bool Runner::run_passed(const FlowRecord& record, const Now& now) {
    const Timetable::Passed passed = table_.passed(mark_, now, usual_patience_ms + busy_ms_, record.handled);
    if (passed.missed.count != 0) {
        if (passed.due && came_due_in_look(passed.missed)) {
            tell(Event::Kind::skipped, passed.missed, looking_reason);
        } else {
            miss(passed.missed, passed.due.has_value());
        }
    }
    busy_ms_ = 0;
    if (passed.due) {
        if (perform(*passed.due) == Turn::ran) after_run();
    } else if (passed.missed.count == 0 && passed.handled > mark_.wall_ms) {
        advance(passed.handled);
        return true;
    }
    return passed.due || passed.missed.count != 0;
}

bool Runner::wait_for_next(const FlowRecord& record, const Now& now) {
    const std::optional<Timetable::Next> next = table_.next(mark_);
    if (!next) {
        tell(Event::Kind::ended, {});
        while (around_.clock.wait_until(Scale::steady, around_.clock.now().steady_ms + day_ms)) {
        }
        return false;
    }
    const std::int64_t left = next->at - (next->scale == Scale::wall ? now.wall_ms : now.steady_ms);
    if (next->time != said_) tell(Event::Kind::next, Times::of(next->time), {}, left);
    said_ = next->time;
    if (look_after_accounts(now, &*next)) return true;
    if (record.open && left > open_run_pause_ms)
        return around_.clock.wait_until(Scale::steady, now.steady_ms + open_run_pause_ms);
    // On the scale of the schedule, as a clock that is set concerns both.
    const std::optional<std::int64_t> check = checkup_.due(now.wall_ms + left);
    return around_.clock.wait_until(
        next->scale, check ? std::min(next->at, next->at - (now.wall_ms + left - *check)) : next->at);
}

/// At the start, and then before the next run. Whether there was something to do.
bool Runner::look_after_accounts(const Now& now, const Timetable::Next* next) {
    const auto wall = [&](const Timetable::Next& at) {
        return at.scale == Scale::wall ? at.at : now.wall_ms + at.at - now.steady_ms;
    };
    if (next == nullptr) {
        if (accounts_looked_at_) return false;
        accounts_looked_at_ = true;
        const std::optional<Mark>& mark = journal_.load().mark;
        const std::optional<Timetable::Next> first =
            mark ? table_.next(table_.here(*mark, now)) : std::nullopt;
        checkup_.at_start(first ? std::optional(wall(*first)) : std::nullopt);
    } else {
        const std::int64_t run_ms = wall(*next);
        const std::optional<std::int64_t> due = checkup_.due(run_ms);
        if (!due || *due > now.wall_ms) return false;
        checkup_.before(run_ms);
    }
    if (busy_ms_ == 0) look_began_ = now;
    look_ended_ = around_.clock.now();
    busy_ms_ += look_ended_.steady_ms - now.steady_ms;
    return true;
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

}  // namespace wfc::flow
