#include "flow/checkup.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "flow/account_findings.hpp"
#include "flow/journal_store.hpp"

namespace wfc::flow {

namespace {

using nlohmann::json;

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms, week_ms = 7 * day_ms;
/// An account that nobody asks any more is forgotten after that.
constexpr std::uint64_t kept_ms = std::uint64_t{400} * 24 * 3'600'000;

std::string text_of(const AccountRecord& record) {
    return json{{"format", 1},
                {"checked_ms", record.checked_ms},
                {"owner", record.owner},
                {"told", record.told},
                {"told_ms", record.told_ms}}
        .dump();
}

/// One that cannot be understood counts as none: at worst something is said once more.
AccountRecord account_record(const std::string& text) try {
    const json in = json::parse(text);
    return {in.at("checked_ms").get<std::int64_t>(), in.at("owner").get<std::string>(),
            in.at("told").get<std::string>(), in.at("told_ms").get<std::int64_t>()};
} catch (const json::exception&) {
    return {};
}

/// A clock that was set back makes the times before that mean nothing.
std::int64_t believed(std::int64_t then_ms, std::int64_t now_ms) {
    return then_ms > now_ms + hour_ms ? 0 : then_ms;
}

}  // namespace

std::optional<std::int64_t> check_due(std::int64_t checked_ms, std::int64_t run_ms) {
    checked_ms = believed(checked_ms, run_ms);
    if (checked_ms >= run_ms - day_ms) return std::nullopt;
    return std::max(run_ms - day_ms, checked_ms + day_ms);
}

bool check_due_at_start(std::int64_t checked_ms, std::int64_t now_ms) {
    return believed(checked_ms, now_ms) + hour_ms <= now_ms;
}

bool is_news(const AccountRecord& record, const std::string& fingerprint, std::int64_t now_ms) {
    if (fingerprint.empty()) return false;
    return record.told != fingerprint || believed(record.told_ms, now_ms) + week_ms <= now_ms;
}

const Step* Checkup::alert_step() const {
    const auto found = flow_.on.find("warning");
    const bool leads = found != flow_.on.end() && found->second.kind == Route::Kind::step;
    return leads ? &flow_.steps.at(found->second.step) : nullptr;
}

std::optional<std::int64_t> Checkup::due(std::int64_t run_ms) const {
    // Without an account there may be one when the settings are changed.
    if (checked_ms_.empty()) return check_due(looked_ms_, run_ms);
    std::optional<std::int64_t> first;
    for (const auto& [key, checked_ms] : checked_ms_) {
        const std::optional<std::int64_t> at = check_due(checked_ms, run_ms);
        if (at && (!first || *at < *first)) first = at;
    }
    return first;
}

void Checkup::look(std::optional<std::int64_t> run_ms) {
    looked_ms_ = clock_.now().wall_ms;
    checked_ms_.clear();
    for (const Step& account : steps_.checks(flow_)) {
        if (clock_.stopping()) return;
        try {
            check(account, run_ms);
        } catch (const JournalUnusable&) {
            // The runner says what is wrong with the store; the account is asked another time.
        }
    }
}

/// Reads what is known of the account, and writes that it is being asked. False: it is not to be asked now.
bool Checkup::claim(const std::string& key, std::optional<std::int64_t> run_ms) {
    if (!records_.unsound().empty()) return false;
    const std::optional<StateValue> value = read(records_, key);
    record_ = value ? account_record(value->bytes) : AccountRecord{};
    version_ = value ? value->version : 0;
    const std::int64_t now = clock_.now().wall_ms;
    record_.checked_ms = believed(record_.checked_ms, now);
    const bool abandoned = !record_.owner.empty() && !owners_.alive(record_.owner);
    const std::optional<std::int64_t> at =
        run_ms ? check_due(record_.checked_ms, *run_ms)
               : std::optional(check_due_at_start(record_.checked_ms, now) ? now : now + 1);
    if (!abandoned && (!at || *at > now)) {
        checked_ms_[key] = record_.checked_ms;
        return false;
    }
    AccountRecord ours = record_;
    ours.checked_ms = now;
    ours.owner = owners_.self();
    checked_ms_[key] = now;  // also where somebody else was faster
    return save(key, ours);
}

bool Checkup::save(const std::string& key, const AccountRecord& record) {
    const wfc_status status = records_.put(key, text_of(record), version_, kept_ms, version_);
    if (status == WFC_CONFLICT || status == WFC_NOT_FOUND) return false;
    if (status != WFC_OK) unusable(records_, key, reason(status));
    record_ = record;
    return true;
}

void Checkup::check(const Step& account, std::optional<std::int64_t> run_ms) {
    const std::string name = fingerprint({account.component, account.settings.string()});
    const Step* follow = alert_step();
    const std::string key = "account/" + name + (follow != nullptr ? "/routed" : "/told");
    checked_ms_[key] = clock_.now().wall_ms;  // where the store fails, that is told once a day
    if (!claim(key, run_ms)) return;
    const std::string id = call_id(flow_.id, record_.checked_ms, account.id) + "/" + name;
    StepResult result;
    try {
        result = steps_.run(flow_, account, id, {}, [this] { return !clock_.stopping(); });
    } catch (const std::exception& defect) {
        result.document = json{{"error", {{"message", defect.what()}}}}.dump(-1, ' ', false,
                                                                             json::error_handler_t::replace);
    }
    const std::optional<Findings> findings = findings_of(result.document);
    if (!findings) return;  // it was stopped: asked again at the next start, when this process is gone
    const std::int64_t now = clock_.now().wall_ms;
    const std::string warnings = fingerprint(findings->warnings);
    AccountRecord done = record_;
    done.owner.clear();
    const bool routed = follow != nullptr && !clock_.stopping() && is_news(record_, warnings, now);
    if (routed) {
        done.told = warnings;
        done.told_ms = now;
    }
    tell(account, id, *findings);
    // Written before the step begins: one that was cut in the middle is not run again.
    if (save(key, done) && routed)
        alert(*follow, id + "/" + follow->id, warning_payload(flow_, account, *findings));
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

void Checkup::alert(const Step& step, const std::string& id, const std::string& payload) {
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
}

}  // namespace wfc::flow
