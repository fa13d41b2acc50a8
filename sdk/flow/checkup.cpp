#include "flow/checkup.hpp"

#include <nlohmann/json.hpp>

#include "flow/journal_store.hpp"

namespace wfc::flow {

namespace {

using nlohmann::json;

constexpr std::int64_t minute_ms = 60'000, hour_ms = 60 * minute_ms, pause_ms = 10'000;
/// An account that nobody asks any more is forgotten after that.
constexpr std::uint64_t kept_ms = std::uint64_t{400} * 24 * 3'600'000;

}  // namespace

const Step* Checkup::alert_step() const {
    const auto found = flow_.on.find("warning");
    const bool leads = found != flow_.on.end() && found->second.kind == Route::Kind::step;
    return leads ? &flow_.steps.at(found->second.step) : nullptr;
}

std::optional<std::int64_t> Checkup::due(std::int64_t run_ms) const {
    // Without an account there may be one when the settings are changed.
    if (known_.empty()) return check_due(looked_ms_, run_ms);
    std::optional<std::int64_t> first;
    for (const auto& [key, known] : known_) {
        const std::optional<std::int64_t> at =
            known.again_ms != 0 ? known.again_ms : check_due(known.checked_ms, run_ms);
        if (at && (!first || *at < *first)) first = at;
    }
    return first;
}

void Checkup::look(const Occasion& occasion) {
    looked_ms_ = clock_.now().wall_ms;
    known_.clear();
    for (const Step& account : steps_.checks(flow_)) {
        if (clock_.stopping()) return;
        const std::string name = fingerprint({account.component, account.settings.string()});
        try {
            check(account, name, occasion);
        } catch (const JournalUnusable& fault) {
            const std::int64_t now = clock_.now().wall_ms;
            known_["account/" + name] = {now, now + hour_ms};
            Event event{Event::Kind::trouble, flow_.id};
            event.message = std::string(fault.what()) + "; so the account of " + account.component + ", " +
                            account.settings.string() + " is looked after in an hour";
            events_.happened(event);
        }
    }
}

void Checkup::check(const Step& account, const std::string& name, const Occasion& occasion) {
    const std::string key = "account/" + name;
    Known& known = known_[key];
    require_sound(records_);
    if (claim(key, occasion, known)) return ask(account, name, occasion, known);
    if (known.again_ms != 0 || !record_.found) return;
    const std::int64_t now = clock_.now().wall_ms;
    route(account, name, call_id(flow_.id, now, account.id) + "/" + name, *record_.found, true);
}

/// Reads what is known of the account, and writes that it is being asked. False: it is not to be asked now.
bool Checkup::claim(const std::string& key, const Occasion& occasion, Known& known) {
    const std::optional<StateValue> value = read(records_, key);
    record_ = value ? account_record(value->bytes) : AccountRecord{};
    version_ = value ? value->version : 0;
    const std::int64_t now = clock_.now().wall_ms;
    const Plan todo = plan(record_, occasion, now, !record_.owner.empty() && owners_.alive(record_.owner));
    known = {record_.checked_ms, todo.again_ms};
    // Nothing is waited for where nothing follows from it.
    if (todo.kind == Plan::Kind::wait && alert_step() == nullptr) known.again_ms = 0;
    if (todo.kind != Plan::Kind::look) return false;
    before_ = record_;
    AccountRecord ours = record_;
    ours.taken = record_.owner.empty() ? 0 : record_.taken + 1;
    ours.owner = owners_.self();
    ours.checked_ms = now;
    ours.again_ms = 0;
    if (save(key, ours)) {
        known = {now, 0};
        return true;
    }
    known = {now, alert_step() == nullptr ? 0 : now + pause_ms};  // somebody else was faster
    return false;
}

bool Checkup::save(const std::string& key, const AccountRecord& record) {
    const wfc_status status = records_.put(key, text_of(record), version_, kept_ms, version_);
    if (status == WFC_CONFLICT || status == WFC_NOT_FOUND) return false;
    if (status != WFC_OK) unusable(records_, key, reason(status));
    record_ = record;
    return true;
}

void Checkup::ask(const Step& account, const std::string& name, const Occasion& occasion, Known& known) {
    const std::string key = "account/" + name;
    const std::string id = call_id(flow_.id, record_.checked_ms, account.id) + "/" + name;
    StepResult result;
    try {
        result = steps_.look(flow_, account, id, [this] { return !clock_.stopping(); });
    } catch (const std::exception& defect) {
        result.document = json{{"outcome", "failed"}, {"error", {{"message", defect.what()}}}}.dump(
            -1, ' ', false, json::error_handler_t::replace);
    }
    const std::optional<Findings> findings = findings_of(result.document);
    if (!findings) {  // it was stopped: as if nobody had asked
        save(key, before_);
        return;
    }
    tell(account, id, *findings);
    const std::int64_t now = clock_.now().wall_ms;
    AccountRecord done = record_;
    done.owner.clear();
    done.taken = 0;
    const bool soon = occasion.run_ms && *occasion.run_ms - now < hour_ms;
    if (findings->passing && before_.again_ms == 0 && !soon) {
        done.checked_ms = before_.checked_ms;
        done.again_ms = now + 30 * minute_ms;
        save(key, done);
        known.again_ms = done.again_ms;
        return;
    }
    done.found = findings;
    // What is written here is not lost where the process ends before somebody was told.
    if (save(key, done)) route(account, name, id, *findings, false);
}

void Checkup::route(const Step& account, const std::string& name, const std::string& id,
                    const Findings& findings, bool tell_too) {
    const Step* follow = alert_step();
    if (follow == nullptr || clock_.stopping()) return;
    told_.mended(name, findings.marks);
    if (findings.marks.empty()) return;
    // Claimed before the step begins: one that was cut in the middle is not run again.
    const std::optional<Told::Claim> claim = told_.claim(name, findings.marks, clock_.now().wall_ms);
    if (!claim) return;
    if (tell_too) tell(account, id, findings);
    if (!alert(*follow, id + "/" + follow->id, warning_payload(flow_, account, findings)))
        told_.take_back(*claim);
}

void Checkup::tell(const Step& account, const std::string& id, const Findings& findings) {
    for (const std::string& warning : findings.warnings) {
        Event event{Event::Kind::warning, flow_.id};
        event.call_id = id;
        event.component = account.component;
        event.settings = account.settings.string();
        event.message = warning;
        events_.happened(event);
    }
}

/// Whether somebody was told.
bool Checkup::alert(const Step& step, const std::string& id, const std::string& payload) {
    Event event{Event::Kind::step, flow_.id};
    event.step = step.id;
    event.call_id = id;
    const std::int64_t began = clock_.now().steady_ms;
    try {
        const StepEnd end = end_of(steps_.run(flow_, step, id, payload, [] { return true; }).document);
        event.outcome = end.outcome;
        event.message = end.message;
    } catch (const std::exception& defect) {
        event.outcome = "failed";
        event.message = defect.what();
    }
    event.ms = clock_.now().steady_ms - began;
    events_.happened(event);
    return told_somebody(event.outcome);
}

}  // namespace wfc::flow
