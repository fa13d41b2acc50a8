#include "flow/course.hpp"

#include <nlohmann/json.hpp>

namespace wfc::flow {

namespace {

using nlohmann::json;

std::string host_document(const char* outcome, const char* id, const char* kind, const char* advice,
                          const std::string& sentence) {
    return json{{"format", 1},
                {"outcome", outcome},
                {"error",
                 {{"id", id},
                  {"stage", "host"},
                  {"class", kind},
                  {"retry", {{"advice", advice}}},
                  {"message", sentence}}}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Nothing that a document says is taken on trust.
std::string string_in(const json& in, const char* member) {
    const auto found = in.find(member);
    return found != in.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

std::string call_id(const std::string& flow, std::int64_t time_ms, const std::string& step) {
    return flow + "/" + utc_text(time_ms) + "/" + step;
}

bool Course::execute(const Step& step, const std::string& payload, bool routed, Done& done) {
    if (clock_.stopping()) {
        end_.stopped = true;
        return false;
    }
    const Now before = clock_.now();
    journal_.step_begins(step.id, before.wall_ms);
    Event event{Event::Kind::step, flow_.id};
    event.times.add(time_ms_);
    event.step = step.id;
    event.call_id = call_id(flow_.id, time_ms_, step.id);
    StepResult result;
    try {
        result = steps_.run(flow_, step, event.call_id, payload);
    } catch (const std::exception& defect) {
        result = {70, host_document("failed", "host.defect", "permanent", "after-fix", defect.what())};
    }
    const json parsed = json::parse(result.document, nullptr, false);
    done.document = std::move(result.document);
    if (parsed.is_object()) {
        done.outcome = string_in(parsed, "outcome");
        if (const auto error = parsed.find("error"); error != parsed.end() && error->is_object())
            event.message = string_in(*error, "message");
        const auto warnings = parsed.find("warnings");
        done.warned = warnings != parsed.end() && warnings->is_array() && !warnings->empty();
    }
    if (done.outcome.empty()) done.outcome = "failed";
    done.good = done.outcome == "accepted" || done.outcome == "succeeded";
    const Now after = clock_.now();
    journal_.step_ended(done.outcome, after.wall_ms);
    event.outcome = done.outcome;
    event.ms = after.steady_ms - before.steady_ms;
    events_.happened(event);
    if (!routed) {
        end_.ran = true;
        end_.outcome = done.outcome;
        end_.code = result.code;
    }
    return true;
}

const Route* Course::route(const Step& step, const std::string& outcome) const {
    auto found = step.on.find(outcome);
    if (found == step.on.end() && outcome == "cancelled") found = step.on.find("failed");
    return found == step.on.end() ? nullptr : &found->second;
}

/// The step of a route, and those that its own routes lead to; each once at most, for routes have no circle.
void Course::routed(const Route& first, const std::string& document) {
    const Route* next = &first;
    std::string payload = document;
    for (std::size_t hops = 0;
         next != nullptr && next->kind == Route::Kind::step && hops <= flow_.steps.size(); ++hops) {
        const Step& step = flow_.steps.at(next->step);
        Done done;
        if (!execute(step, payload, true, done)) return;
        next = !done.good ? route(step, done.outcome) : done.warned ? route(step, "warning") : nullptr;
        payload = std::move(done.document);
    }
}

CourseEnd Course::run(const std::string& payload) {
    for (const Step& step : flow_.steps) {
        if (step.only_by_route) continue;
        Done done;
        if (!execute(step, payload, false, done)) break;
        const Route* follow = route(step, done.outcome);
        if (!done.good) {
            if (follow == nullptr || follow->kind == Route::Kind::stop) break;
            if (follow->kind == Route::Kind::log) continue;
            routed(*follow, done.document);
            break;
        }
        if (follow == nullptr && done.warned) follow = route(step, "warning");
        if (follow == nullptr) continue;
        if (follow->kind == Route::Kind::stop) break;
        routed(*follow, done.document);
        if (end_.stopped) break;
    }
    return end_;
}

CourseEnd Course::after_cut(const std::string& step) {
    for (const Step& candidate : flow_.steps) {
        if (candidate.id != step) continue;
        end_.outcome = "unknown";
        const Route* follow = route(candidate, "unknown");
        if (follow == nullptr || follow->kind != Route::Kind::step) break;
        routed(*follow, host_document("unknown", "host.run_cut", "unknown", "never",
                                      "The run of " + utc_text(time_ms_) + " was cut while its step " + step +
                                          " was running: whether that did its work is unknown, and it is "
                                          "not run again."));
        break;
    }
    return end_;
}

}  // namespace wfc::flow
