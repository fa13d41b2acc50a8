#include "world.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace wfc::flow::test {

std::int64_t utc(const char* text) {
    std::tm parts{};
    if (strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) std::abort();
    return static_cast<std::int64_t>(timegm(&parts)) * 1000;
}

void HandClock::pass(std::int64_t ms) {
    const std::int64_t until = now_.steady_ms + ms;
    while (!events_.empty() && events_.begin()->first <= until) {
        const auto event = events_.extract(events_.begin());
        now_.wall_ms += event.key() - now_.steady_ms;
        now_.steady_ms = event.key();
        event.mapped()();
    }
    if (until > now_.steady_ms) {
        now_.wall_ms += until - now_.steady_ms;
        now_.steady_ms = until;
    }
}

void HandClock::boot(const std::string& name) {
    now_.boot = name;
    now_.steady_ms = 5000;
    events_.clear();
}

bool HandClock::wait_until(Scale scale, std::int64_t ms) {
    if (stopped_) return false;
    std::int64_t left = ms - (scale == Scale::wall ? now_.wall_ms : now_.steady_ms);
    if (!events_.empty()) left = std::min(left, events_.begin()->first - now_.steady_ms);
    if (left > 0 || !events_.empty()) pass(std::max<std::int64_t>(left, 0));
    return !stopped_;
}

wfc_status MemoryRecords::get(std::string_view key, StateValue& into) {
    if (trouble != WFC_OK) return trouble;
    const auto found = values.find(key);
    if (found == values.end()) return WFC_NOT_FOUND;
    into = found->second;
    return WFC_OK;
}

wfc_status MemoryRecords::put(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                              std::uint64_t ttl_ms, std::uint64_t& new_version) {
    if (trouble != WFC_OK) return trouble;
    if (refuses) {
        if (const wfc_status status = refuses(std::string(key)); status != WFC_OK) return status;
    }
    const auto found = values.find(key);
    if ((found == values.end() ? 0 : found->second.version) != expected_version) return WFC_CONFLICT;
    new_version = expected_version + 1;
    values[std::string(key)] = {std::string(bytes), new_version};
    ttl[std::string(key)] = ttl_ms;
    if (written) written(std::string(key));
    return WFC_OK;
}

wfc_status MemoryRecords::erase(std::string_view key, std::uint64_t) {
    if (trouble != WFC_OK) return trouble;
    values.erase(std::string(key));
    return WFC_OK;
}

wfc_status MemoryRecords::list(std::string_view prefix, std::string_view after,
                               std::vector<std::string>& keys) {
    if (trouble != WFC_OK) return trouble;
    keys.clear();
    for (const auto& [key, value] : values) {
        if (key > after && key.compare(0, prefix.size(), prefix) == 0 && keys.size() < 1000)
            keys.push_back(key);
    }
    return WFC_OK;
}

StepResult ScriptedSteps::run(const Flow&, const Step& step, const std::string& call_id,
                              const std::string& payload, const std::function<bool()>& begin) {
    if (waits) waits();
    if (!begin()) return {};
    calls.push_back({call_id, payload});
    if (meanwhile) meanwhile(call_id);
    const auto found = results.find(step.id);
    return found == results.end() ? StepResult{0, R"({"outcome":"accepted"})"} : found->second;
}

std::vector<std::string> ScriptedSteps::ids() const {
    std::vector<std::string> out;
    for (const Call& call : calls) out.push_back(call.id);
    return out;
}

std::vector<std::string> ScriptedSteps::ids(const std::string& part) const {
    std::vector<std::string> out;
    for (const Call& call : calls) {
        if (call.id.find(part) != std::string::npos) out.push_back(call.id);
    }
    return out;
}

std::vector<Event> Diary::of(Event::Kind kind) const {
    std::vector<Event> out;
    for (const Event& event : all) {
        if (event.kind == kind) out.push_back(event);
    }
    return out;
}

std::vector<std::string> Diary::times(Event::Kind kind) const {
    std::vector<std::string> out;
    for (const Event& event : of(kind)) {
        for (const std::int64_t time : event.times.each) out.push_back(utc_text(time));
    }
    return out;
}

bool World::run(const Flow& flow, std::int64_t ms) {
    clock.start();
    clock.after(ms, [this] { clock.stop(); });
    try {
        Runner(flow, around()).run();
        return true;
    } catch (const Killed&) {
        return false;
    }
}

void World::next_process(const std::string& name) {
    processes.living = {name};
    processes.current = name;
}

Flow flow(const std::string& schedule, const std::string& more, const std::string& steps) {
    const bool has_zone = schedule.find("timezone") != std::string::npos;
    return parse_flow("/flows/f.json",
                      R"({"id":"f",)" + std::string(has_zone ? "" : R"("timezone":"Asia/Tokyo",)") +
                          schedule + (more.empty() ? "" : "," + more) + R"(,"steps":)" + steps + "}");
}

}  // namespace wfc::flow::test
