#include "flow/journal.hpp"

#include <algorithm>
#include <unistd.h>

#include "flow/journal_store.hpp"
#include "flow/journal_text.hpp"

namespace wfc::flow {

namespace {

constexpr std::uint64_t kept_ms = std::uint64_t{30} * 24 * 3'600'000, until_erased = 0;
constexpr std::size_t most_kept = 1000;

/// The schedule is handled up to `mark` now.
void move(FlowRecord& record, const Mark& mark) {
    Handled& handled = record.handled;
    if (!record.mark || mark.wall_ms < handled.from) {
        handled = {mark.wall_ms, mark.wall_ms};
    } else if (mark.wall_ms > handled.to) {
        handled.to = mark.wall_ms;
        // Of what was jumped over, a year at most was looked at.
        if (mark.wall_ms - record.mark->wall_ms > look_back_ms) handled.from = mark.wall_ms - look_back_ms;
    }
    record.mark = mark;
}

}  // namespace

Journal::Journal(Records& records, Owners& owners, std::string flow)
    : records_(records), owners_(owners), flow_(std::move(flow)) {}

std::string Journal::run_key(std::int64_t time_ms) const {
    return "run/" + flow_ + "/" + utc_text(time_ms);
}

void Journal::check() {
    require_sound(records_);
}

const FlowRecord& Journal::load() {
    const std::string key = "flow/" + flow_;
    const std::optional<StateValue> value = read(records_, key);
    try {
        record_ = value ? flow_record(value->bytes) : FlowRecord{};
        version_ = value ? value->version : 0;
    } catch (const std::invalid_argument& fault) {
        unusable(records_, key, fault.what());
    }
    return record_;
}

bool Journal::save_flow(const FlowRecord& record) {
    const std::string key = "flow/" + flow_;
    std::uint64_t version = 0;
    const wfc_status status = records_.put(key, text_of(record), version_, until_erased, version);
    if (status == WFC_CONFLICT || status == WFC_NOT_FOUND) return false;
    if (status != WFC_OK) unusable(records_, key, reason(status));
    record_ = record;
    version_ = version;
    return true;
}

void Journal::save_run(std::uint64_t ttl_ms) {
    const std::string key = run_key(run_.time_ms);
    std::uint64_t version = 0;
    wfc_status status = records_.put(key, text_of(run_), run_version_, ttl_ms, version);
    if (status == WFC_CONFLICT || status == WFC_NOT_FOUND) {
        // A write that was said to have failed may have been done all the same.
        const std::optional<RunRecord> there = read_run(records_, key, run_version_);
        if (!there || there->owner == owners_.self())
            status = records_.put(key, text_of(run_), run_version_, ttl_ms, version);
    }
    if (status == WFC_CONFLICT || status == WFC_NOT_FOUND)
        unusable(records_, key, "another process has written it");
    if (status != WFC_OK) unusable(records_, key, reason(status));
    run_version_ = version;
}

std::string Journal::use_file(const std::string& file) {
    check();
    for (;;) {
        FlowRecord record = load();
        std::string before = record.file;
        record.file = file;
        if (before == file || save_flow(record)) return before;
    }
}

bool Journal::use_schedule(const std::string& fingerprint, const std::optional<Mark>& mark) {
    FlowRecord record = record_;
    record.schedule = fingerprint;
    if (mark) move(record, *mark);
    return save_flow(record);
}

bool Journal::advance(const Mark& mark) {
    FlowRecord record = record_;
    move(record, mark);
    return save_flow(record);
}

bool Journal::abandoned(const OpenRun& open) const {
    return open.owner == owners_.self() ? !running_ : !owners_.alive(open.owner);
}

/// The record of a run that is about to be claimed.
Journal::Place Journal::make_place(std::int64_t time_ms, std::int64_t now_ms) {
    const std::string key = run_key(time_ms);
    RunRecord run{time_ms, "open", owners_.self(), getpid(), now_ms, 0, {}};
    for (std::uint64_t version = 0;;) {
        const wfc_status status = records_.put(key, text_of(run), version, kept_ms, run_version_);
        if (status == WFC_OK) {
            run_ = std::move(run);
            return Place::ours;
        }
        if (status != WFC_CONFLICT && status != WFC_NOT_FOUND) unusable(records_, key, reason(status));
        const std::optional<RunRecord> there = read_run(records_, key, version);
        if (!there) continue;
        // Only one that came to no step may be run: it is that of a claim that was not finished.
        if (there->state != "open" || !there->steps.empty()) return Place::taken;
        if (there->owner != owners_.self() && owners_.alive(there->owner)) return Place::busy;
    }
}

Journal::Claim Journal::claim(std::int64_t time_ms, const std::optional<Mark>& mark, std::int64_t now_ms) {
    check();
    for (bool placed = false;;) {
        FlowRecord record = load();
        if (mark && record.mark && record.mark->wall_ms >= time_ms) return Claim::handled;
        if (record.open) return abandoned(*record.open) ? Claim::dead : Claim::busy;
        const Place place = placed ? Place::ours : make_place(time_ms, now_ms);
        if (place == Place::busy) return Claim::contended;
        if (place == Place::ours) {
            placed = true;
            record.open = OpenRun{time_ms,
                                  owners_.self(),
                                  getpid(),
                                  mark ? mark->wall_ms : 0,
                                  mark ? record.mark : std::nullopt,
                                  record.handled};
        }
        if (mark) move(record, *mark);
        if (!save_flow(record)) continue;
        running_ = place == Place::ours;
        return running_ ? Claim::claimed : Claim::handled;
    }
}

/// What was claimed came to no step.
std::optional<CutRun> Journal::give_back(FlowRecord record, RunRecord run) {
    const OpenRun open = *record.open;
    record.open.reset();
    const bool marked = open.before && record.mark && record.mark->wall_ms == open.mark_ms;
    if (marked) {
        record.mark = open.before;
        record.handled = open.handled;
    }
    if (!save_flow(record)) return std::nullopt;
    return CutRun{marked ? CutRun::Kind::unbegun : CutRun::Kind::unmarked, std::move(run)};
}

std::optional<CutRun> Journal::take_over() {
    check();
    FlowRecord record = load();
    if (!record.open || !abandoned(*record.open)) return std::nullopt;
    const OpenRun before = *record.open;
    const std::string key = run_key(before.time_ms);
    std::optional<RunRecord> there = read_run(records_, key, run_version_);
    // Of a run of our own more may be known than could be written.
    const bool remembered = before.owner == owners_.self() && run_.time_ms == before.time_ms && there;
    if (remembered) there = run_;
    if (there && there->state == "unreadable") there.reset();
    if (there && there->state == "open" && there->steps.empty()) {
        if (remembered) save_run(kept_ms);  // the beginning of a step may stand there, which was not begun
        return give_back(record, *there);
    }
    run_ = there ? *there : RunRecord{before.time_ms, "open", before.owner, before.pid, 0, 0, {}};
    record.open->owner = owners_.self();
    record.open->pid = getpid();
    if (!save_flow(record)) return std::nullopt;
    if (run_.state != "open") {  // it had ended; only the last writes were missing
        if (remembered) save_run(kept_ms);
        record.open.reset();
        save_flow(record);
        return std::nullopt;
    }
    CutRun found{there ? CutRun::Kind::begun : CutRun::Kind::lost, run_};
    run_.owner = owners_.self();
    run_.pid = getpid();
    save_run(until_erased);
    running_ = true;
    return found;
}

/// What began before the run was cut and was not found to have ended.
void Journal::give_up_unfinished() {
    for (StepRecord& step : run_.steps) {
        if (step.outcome.empty()) step.outcome = "unknown";
    }
}

void Journal::step_begins(const std::string& id, std::int64_t now_ms) {
    const RunRecord before = run_;
    give_up_unfinished();
    run_.steps.push_back({id, "", now_ms, 0, false});
    try {
        save_run(until_erased);
    } catch (const JournalUnusable&) {
        run_ = before;  // it does not begin
        throw;
    }
}

void Journal::step_ended(const std::string& outcome, bool warned, std::int64_t now_ms) {
    StepRecord& step = run_.steps.back();
    step.outcome = outcome;
    step.warned = warned;
    step.ended_ms = now_ms;
    save_run(until_erased);
}

void Journal::close(const std::string& state, std::int64_t now_ms) {
    give_up_unfinished();
    run_.state = state;
    run_.ended_ms = now_ms;
    save_run(kept_ms);
    for (;;) {
        FlowRecord record = load();
        const bool ours =
            record.open && record.open->owner == owners_.self() && record.open->time_ms == run_.time_ms;
        if (ours) record.open.reset();
        if (ours && !save_flow(record)) continue;
        running_ = false;
        return;
    }
}

void Journal::prune() {
    const std::string prefix = "run/" + flow_ + "/";
    std::vector<std::string> oldest, rest;
    if (records_.list(prefix, "", oldest) != WFC_OK || oldest.size() < most_kept) return;
    if (records_.list(prefix, oldest.back(), rest) != WFC_OK) return;
    oldest.resize(std::min(oldest.size(), rest.size()));
    for (const std::string& key : oldest) {
        StateValue value;
        if (key == run_key(run_.time_ms) || records_.get(key, value) != WFC_OK) continue;
        if (records_.erase(key, value.version) == WFC_UNAVAILABLE) return;
    }
}

}  // namespace wfc::flow
