#include "tool/run_lines.hpp"

#include <ctime>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "host/printable.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;
using Kind = flow::Event::Kind;

std::int64_t wall_ms() noexcept {
    std::timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::started:
            return "started";
        case Kind::next:
            return "next";
        case Kind::run:
            return "run";
        case Kind::step:
            return "step";
        case Kind::skipped:
            return "skipped";
        case Kind::missed:
            return "missed";
        case Kind::cut:
            return "cut";
        case Kind::finished:
            return "finished";
        case Kind::stopped:
            return "stopped";
        case Kind::warning:
            return "warning";
        case Kind::trouble:
            return "trouble";
        case Kind::ended:
            return "ended";
    }
    return "trouble";
}

/// What `ms` of an event means.
const char* measure_of(Kind kind) {
    if (kind == Kind::next) return "in_ms";
    if (kind == Kind::run) return "late_ms";
    return kind == Kind::step || kind == Kind::finished || kind == Kind::stopped ? "duration_ms" : nullptr;
}

/// The first 200 characters.
std::string beginning(const std::string& text) {
    std::size_t at = 0;
    for (int characters = 0; at < text.size(); ++at) {
        const bool first = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
        if (first && ++characters > 200) return text.substr(0, at) + "…";
    }
    return text;
}

Json json_of(const flow::Event& event) {
    Json out = {{"event", name_of(event.kind)}, {"at", flow::utc_text(wall_ms())}, {"flow", event.flow}};
    if (event.kind == Kind::skipped || event.kind == Kind::missed) {
        out["count"] = event.times.count;
        out["first"] = flow::utc_text(event.times.first);
        out["last"] = flow::utc_text(event.times.last);
        Json each = Json::array();
        if (event.times.count <= event.times.each.size()) {
            for (const std::int64_t time : event.times.each) each.push_back(flow::utc_text(time));
        }
        out["times"] = std::move(each);
    } else if (event.times.count != 0) {
        out["scheduled"] = flow::utc_text(event.times.first);
    }
    if (const char* measure = measure_of(event.kind)) out[measure] = event.ms;
    if (!event.component.empty()) out["component"] = event.component;
    if (!event.settings.empty()) out["settings"] = event.settings;
    if (!event.step.empty()) out["step"] = event.step;
    if (!event.call_id.empty()) out["call_id"] = event.call_id;
    if (!event.outcome.empty()) out["outcome"] = event.outcome;
    if (event.kind == Kind::missed) {
        out["then"] = event.reason;
    } else if (event.kind == Kind::cut) {
        out["done"] = event.reason;
    } else if (!event.reason.empty()) {
        out["reason"] = event.reason;
    }
    // The ends of troubles and warnings say what to do.
    const bool whole = event.kind == Kind::trouble || event.kind == Kind::warning;
    if (!event.message.empty()) out["message"] = whole ? event.message : beginning(event.message);
    return out;
}

}  // namespace

std::string duration_text(std::int64_t ms) {
    if (ms < 1000) return std::to_string(ms) + " ms";
    const std::int64_t s = ms / 1000, minutes = s / 60, hours = minutes / 60;
    const auto both = [](std::int64_t large, const char* unit, std::int64_t small, const char* rest) {
        return std::to_string(large) + unit + (small == 0 ? "" : " " + std::to_string(small) + rest);
    };
    if (s < 10) return std::to_string(s) + "." + std::to_string(ms % 1000 / 100) + " s";
    if (s < 60) return std::to_string(s) + " s";
    if (hours == 0) return both(minutes, " min", s % 60, " s");
    if (hours < 48) return both(hours, " h", minutes % 60, " min");
    return both(hours / 24, " d", hours % 24, " h");
}

RunLines::RunLines(bool json)
    : json_(json), out_(STDOUT_FILENO, [json](std::size_t count) {
          const std::string sentence =
              std::to_string(count) + " lines were dropped: standard output is read too slowly";
          if (!json) return "wfc: " + sentence;
          return Json{{"event", "dropped"},
                      {"at", flow::utc_text(wall_ms())},
                      {"count", count},
                      {"message", sentence}}
              .dump();
      }) {}

std::string RunLines::local(const flow::Event& event, std::int64_t unix_ms) const {
    const auto found = flows_.find(event.flow);
    return found == flows_.end() ? flow::utc_text(unix_ms) : found->second->zone.text(unix_ms / 1000);
}

std::string RunLines::list(const flow::Event& event) const {
    if (event.times.count > event.times.each.size()) {
        return std::to_string(event.times.count) + " runs from " + local(event, event.times.first) + " to " +
               local(event, event.times.last);
    }
    std::string out;
    for (const std::int64_t time : event.times.each) out += (out.empty() ? "" : ", ") + local(event, time);
    return out;
}

std::string RunLines::sentence(const flow::Event& event) const {
    const std::string time = local(event, event.times.first), took = duration_text(event.ms);
    switch (event.kind) {
        case Kind::started: {
            const auto found = flows_.find(event.flow);
            if (found == flows_.end()) return "started";
            return "started: " + found->second->file.string() + ", times in " + found->second->zone.name();
        }
        case Kind::next:
            return "next run " + time + ", in " + took;
        case Kind::run:
            return "run of " + time + " begins" + (event.ms >= 1000 ? ", " + took + " late" : "");
        case Kind::step:
            return "step " + event.step + ": " + event.outcome + " after " + took +
                   (event.message.empty() ? "" : ": " + beginning(event.message));
        case Kind::skipped:
            return "skipped " + list(event) + ": " + event.reason;
        case Kind::missed:
            return "missed " + list(event) +
                   (event.reason == "run-once" ? ": one run makes up for it" : ": not run");
        case Kind::cut:
            return "the run of " + time + " was cut" +
                   (event.step.empty() ? ": no step was running"
                                       : " in step " + event.step + ", whose outcome is unknown (call " +
                                             event.call_id + ")") +
                   (event.reason.empty() ? "" : "; done before: " + event.reason) + "; " + event.message;
        case Kind::finished:
            return "run of " + time + " finished after " + took + ": " + event.outcome;
        case Kind::stopped:
            return "run of " + time + " stopped after " + took + ": the steps that are left are not run";
        case Kind::warning:
            return "warning of " + event.component + (event.settings.empty() ? "" : ", " + event.settings) +
                   ": " + event.message;
        case Kind::trouble:
            return event.message;
        case Kind::ended:
            return "the schedule has no more times";
    }
    return {};
}

void RunLines::happened(const flow::Event& event) {
    if (json_) {
        out_.write(json_of(event).dump(-1, ' ', false, Json::error_handler_t::replace));
    } else {
        out_.write(local(event, wall_ms()) + " " + event.flow + ": " + printable(sentence(event)));
    }
}

void RunLines::process(const std::string& event, const std::string& sentence, int code) {
    if (!json_) {
        out_.write("wfc: " + printable(sentence));
        return;
    }
    Json out = {{"event", event}, {"at", flow::utc_text(wall_ms())}, {"message", sentence}};
    if (code >= 0) out["code"] = code;
    out_.write(out.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void RunLines::metrics(const std::string& url) {
    if (!json_) {
        out_.write("wfc: metrics at " + url);
        return;
    }
    out_.write(Json{{"event", "metrics"}, {"at", flow::utc_text(wall_ms())}, {"url", url}}.dump());
}

}  // namespace wfc::tool
