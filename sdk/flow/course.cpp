#include "flow/course.hpp"

#include <nlohmann/json.hpp>

#include "flow/account_findings.hpp"
#include "host/host_document.hpp"

namespace wfc::flow {

namespace {

using nlohmann::json;

/// Nothing that a document says is taken on trust.
std::string string_in(const json& in, const char* member) {
    const auto found = in.find(member);
    return found != in.end() && found->is_string() ? found->get<std::string>() : "";
}

bool good(const std::string& outcome) {
    return outcome == "accepted" || outcome == "succeeded";
}

}  // namespace

std::string call_id(const std::string& flow, std::int64_t time_ms, const std::string& step) {
    return flow + "/" + utc_text(time_ms) + "/" + step;
}

bool Course::execute(const Step& step, const std::string& payload, bool routed, Done& done) {
    Event event{Event::Kind::step, flow_.id};
    event.times.add(time_ms_);
    event.step = step.id;
    event.call_id = call_id(flow_.id, time_ms_, step.id);
    Now before;
    bool begun = false;
    const auto begin = [&] {
        // What follows from a step that ran belongs to it.
        if (!routed && clock_.stopping()) return false;
        before = clock_.now();
        insist_([&] { journal_.step_begins(step.id, before.wall_ms); });
        return begun = true;
    };
    if (!routed && clock_.stopping()) {
        end_.stopped = true;
        return false;
    }
    StepResult result;
    try {
        result = steps_.run(flow_, step, event.call_id, payload, begin);
    } catch (const JournalUnusable&) {
        throw;
    } catch (const std::exception& defect) {
        result = {70, host_document("failed", {"host.defect"}, defect.what())};
    }
    if (!begun && !begin()) {
        end_.stopped = true;
        return false;
    }
    read(std::move(result.document), done, event.message);
    sift(step, event.call_id, done);
    const Now after = clock_.now();
    event.outcome = done.outcome;
    event.ms = after.steady_ms - before.steady_ms;
    events_.happened(event);
    if (!routed) {
        end_.ran = true;
        end_.outcome = done.outcome;
        end_.code = result.code;
    }
    try {
        journal_.step_ended(done.outcome, done.warned, after.wall_ms);
    } catch (const JournalUnusable&) {
        // It is kept, and written with what comes next: the next step, or the end of the run.
    }
    return true;
}

/// What a result document says.
void Course::read(std::string document, Done& done, std::string& message) {
    const json parsed = json::parse(document, nullptr, false);
    done.document = std::move(document);
    if (parsed.is_object()) {
        done.outcome = string_in(parsed, "outcome");
        if (const auto error = parsed.find("error"); error != parsed.end() && error->is_object())
            message = string_in(*error, "message");
        const auto warnings = parsed.find("warnings");
        done.warned = warnings != parsed.end() && warnings->is_array() && !warnings->empty();
    }
    if (done.outcome.empty()) done.outcome = "failed";
    done.good = good(done.outcome);
}

/// Of a good end with warnings that leads to a step: whether they are news. In the records before the end of
/// the step is, which says what is to be followed after a crash.
void Course::sift(const Step& step, const std::string& id, Done& done) {
    if (!done.good || !done.warned) return;
    const Route* follow = route(step, "warning");
    if (follow == nullptr || follow->kind != Route::Kind::step) return;
    const std::vector<std::string> warnings = warnings_in(done.document);
    if (warnings.empty()) return;
    std::vector<std::string> marks;
    for (const std::string& warning : warnings) marks.push_back(mark_of(warning));
    try {
        done.claim = told_.claim("step/" + step.id, marks, clock_.now().wall_ms);
    } catch (const JournalUnusable&) {
        return;  // rather twice than never
    }
    if (done.claim) return;
    done.warned = false;
    done.told_before = true;
    for (const std::string& warning : warnings) {
        Event event{Event::Kind::warning, flow_.id};
        event.call_id = id;
        event.component = step.component;
        event.settings = step.settings.string();
        event.message = warning;
        events_.happened(event);
    }
}

void Course::take_back(const Told::Claim& claim) {
    try {
        told_.take_back(claim);
    } catch (const JournalUnusable&) {
        // Then it counts as told, and the outcome of the step is in the log.
    }
}

const Route* Course::route(const Step& step, const std::string& outcome) const {
    auto found = step.on.find(outcome);
    if (found == step.on.end() && outcome == "cancelled") found = step.on.find("failed");
    return found == step.on.end() ? nullptr : &found->second;
}

/// The step of a route, and those that its own routes lead to; each once at most, for routes have no circle.
/// `claim`: of the warnings that lead there, if it was those.
void Course::routed(const Route& first, const std::string& document, std::optional<Told::Claim> claim) {
    const Route* next = &first;
    std::string payload = document;
    for (std::size_t hops = 0;
         next != nullptr && next->kind == Route::Kind::step && hops <= flow_.steps.size(); ++hops) {
        const Step& step = flow_.steps.at(next->step);
        Done done;
        const bool ran = execute(step, payload, true, done);
        if (claim && !(ran && told_somebody(done.outcome))) take_back(*claim);
        if (!ran) return;
        claim = done.claim;
        next = !done.good ? route(step, done.outcome) : done.warned ? route(step, "warning") : nullptr;
        payload = std::move(done.document);
    }
}

CourseEnd Course::run(const std::string& payload) {
    for (const Step& step : flow_.steps) {
        if (step.only_by_route) continue;
        Done done;
        if (!execute(step, payload, false, done)) break;
        if (done.told_before) continue;
        const Route* follow = done.good && done.warned ? route(step, "warning") : nullptr;
        if (follow == nullptr) follow = route(step, done.outcome);
        if (!done.good) {
            if (follow == nullptr || follow->kind == Route::Kind::stop) break;
            if (follow->kind == Route::Kind::log) continue;
            routed(*follow, done.document, std::nullopt);
            break;
        }
        if (follow == nullptr) continue;
        if (follow->kind == Route::Kind::stop) break;
        routed(*follow, done.document, done.claim);
    }
    return end_;
}

/// The step that the run was cut at or after; of a run whose record was lost, the first that would report
/// an outcome that is unknown.
const Step* Course::last_of(const CutRun& cut) const {
    for (const Step& step : flow_.steps) {
        if (cut.kind == CutRun::Kind::lost) {
            const Route* follow = step.only_by_route ? nullptr : route(step, "unknown");
            if (follow != nullptr && follow->kind == Route::Kind::step) return &step;
        } else if (!cut.run.steps.empty() && cut.run.steps.back().id == step.id) {
            return &step;
        }
    }
    return nullptr;
}

CourseEnd Course::after_cut(const CutRun& cut) {
    const StepRecord last = cut.run.steps.empty() ? StepRecord{} : cut.run.steps.back();
    const Step* step = last_of(cut);
    const bool known = !last.outcome.empty();
    end_.outcome = known ? last.outcome : "unknown";
    if (step == nullptr) return end_;
    const bool warned = good(end_.outcome);
    if (warned && !last.warned) return end_;
    const Route* follow = route(*step, warned ? "warning" : end_.outcome);
    if (follow == nullptr || follow->kind != Route::Kind::step) return end_;
    if (clock_.stopping()) {
        end_.stopped = true;  // at the next start
        return end_;
    }
    const std::string run = "The run of " + utc_text(time_ms_) + " was cut ";
    std::string sentence =
        cut.kind == CutRun::Kind::lost
            ? run + "and its record is not there: what it did is unknown, and it is not run again."
        : !known ? run + "while its step " + step->id +
                       " was running: whether that did its work is unknown, and it is not run again."
                 : run + "after its step " + step->id + " had ended, " + last.outcome +
                       (warned ? " with warnings" : "") + ": its result is not kept.";
    routed(*follow,
           warned
               ? json{{"format", 1}, {"outcome", end_.outcome}, {"warnings", json::array({sentence})}}.dump()
               : host_document(end_.outcome,
                               {.id = "host.run_cut",
                                .error_class = end_.outcome == "unknown" ? "unknown" : "permanent",
                                .advice = "never"},
                               sentence),
           std::nullopt);
    return end_;
}

}  // namespace wfc::flow
