#include "flow/journal.hpp"

#include <unistd.h>

#include "flow/journal_text.hpp"

namespace wfc::flow {

namespace {

constexpr std::uint64_t kept_ms = std::uint64_t{30} * 24 * 3'600'000;

[[noreturn]] void unusable(const std::string& key, const std::string& why) {
    throw JournalUnusable("the record " + key + " of the state store cannot be used: " + why);
}

std::string reason(wfc_status status) {
    return status == WFC_UNAVAILABLE     ? "the store is locked or its disk is full"
           : status == WFC_INVALID_INPUT ? "it is too large"
                                         : "status " + std::to_string(status);
}

/// Nothing: there is no such record.
std::optional<StateValue> read(Records& records, const std::string& key) {
    StateValue value;
    const wfc_status status = records.get(key, value);
    if (status == WFC_NOT_FOUND) return std::nullopt;
    if (status != WFC_OK) unusable(key, reason(status));
    return value;
}

}  // namespace

Journal::Journal(Records& records, Owners& owners, std::string flow)
    : records_(records), owners_(owners), flow_(std::move(flow)) {}

const FlowRecord& Journal::load() {
    const std::string key = "flow/" + flow_;
    const std::optional<StateValue> value = read(records_, key);
    try {
        record_ = value ? flow_record(value->bytes) : FlowRecord{};
        version_ = value ? value->version : 0;
    } catch (const std::invalid_argument& fault) {
        unusable(key, fault.what());
    }
    return record_;
}

bool Journal::save_flow(const FlowRecord& record) {
    const std::string key = "flow/" + flow_;
    std::uint64_t version = 0;
    const wfc_status status = records_.put(key, text_of(record), version_, 0, version);
    if (status == WFC_CONFLICT || status == WFC_NOT_FOUND) return false;
    if (status != WFC_OK) unusable(key, reason(status));
    record_ = record;
    version_ = version;
    return true;
}

void Journal::save_run() {
    const std::string key = "run/" + flow_ + "/" + utc_text(run_.time_ms);
    std::uint64_t version = 0;
    const wfc_status status = records_.put(key, text_of(run_), run_version_, kept_ms, version);
    if (status == WFC_OK) {
        run_version_ = version;
        return;
    }
    running_ = false;  // what is left of it is taken over like that of a process that is gone
    unusable(key, status == WFC_CONFLICT || status == WFC_NOT_FOUND ? "another process has written it"
                                                                    : reason(status));
}

std::string Journal::use_file(const std::string& file) {
    for (;;) {
        FlowRecord record = load();
        const std::string before = record.file;
        record.file = file;
        if (before == file || save_flow(record)) return before;
    }
}

bool Journal::advance(const Mark& mark) {
    FlowRecord record = record_;
    record.mark = mark;
    return save_flow(record);
}

bool Journal::abandoned(const OpenRun& open) const {
    // Our own that is not running was left behind when the store failed in the middle of it.
    return open.owner == owners_.self() ? !running_ : !owners_.alive(open.owner);
}

Journal::Claim Journal::claim(std::int64_t time_ms, const std::optional<Mark>& mark, std::int64_t now_ms) {
    const OpenRun open{time_ms, owners_.self(), getpid()};
    for (;;) {
        FlowRecord record = load();
        if (mark && record.mark && record.mark->wall_ms >= time_ms) return Claim::handled;
        if (record.open) return abandoned(*record.open) ? Claim::dead : Claim::busy;
        if (mark) record.mark = mark;
        record.open = open;
        if (save_flow(record)) break;
    }
    run_ = {time_ms, "open", open.owner, open.pid, now_ms, 0, {}};
    const std::string key = "run/" + flow_ + "/" + utc_text(time_ms);
    const wfc_status status = records_.put(key, text_of(run_), 0, kept_ms, run_version_);
    running_ = status == WFC_OK;
    if (running_) return Claim::claimed;
    if (status != WFC_CONFLICT) unusable(key, reason(status));
    // It was run before the clock or the marks went back: let go of it, and leave its record as it is.
    FlowRecord record = record_;
    record.open.reset();
    save_flow(record);
    return Claim::handled;
}

std::optional<RunRecord> Journal::take_over() {
    FlowRecord record = load();
    if (!record.open || !abandoned(*record.open)) return std::nullopt;
    const OpenRun before = *record.open;
    record.open = OpenRun{before.time_ms, owners_.self(), getpid()};
    if (!save_flow(record)) return std::nullopt;
    const std::string key = "run/" + flow_ + "/" + utc_text(before.time_ms);
    const std::optional<StateValue> value = read(records_, key);
    run_version_ = value ? value->version : 0;
    try {
        run_ = value ? run_record(value->bytes)
                     : RunRecord{before.time_ms, "open", before.owner, before.pid, 0, 0, {}};
    } catch (const std::invalid_argument&) {
        // Unreadable is not undone: it counts as a run of which nothing is known, and is written anew.
        run_ = {before.time_ms, "open", before.owner, before.pid, 0, 0, {}};
    }
    if (run_.state != "open") {  // it had ended; only the last write was missing
        record.open.reset();
        save_flow(record);
        return std::nullopt;
    }
    const RunRecord found = run_;
    run_.owner = owners_.self();
    run_.pid = getpid();
    save_run();
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
    give_up_unfinished();
    run_.steps.push_back({id, "", now_ms, 0});
    save_run();
}

void Journal::step_ended(const std::string& outcome, std::int64_t now_ms) {
    run_.steps.back().outcome = outcome;
    run_.steps.back().ended_ms = now_ms;
    save_run();
}

void Journal::close(const std::string& state, std::int64_t now_ms) {
    give_up_unfinished();
    run_.state = state;
    run_.ended_ms = now_ms;
    running_ = false;
    save_run();
    for (;;) {
        FlowRecord record = load();
        if (!record.open || record.open->owner != owners_.self() || record.open->time_ms != run_.time_ms)
            return;
        record.open.reset();
        if (save_flow(record)) return;
    }
}

}  // namespace wfc::flow
