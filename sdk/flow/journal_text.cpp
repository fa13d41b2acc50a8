#include "flow/journal_text.hpp"

#include <nlohmann/json.hpp>

namespace wfc::flow {

namespace {

using nlohmann::json;

json parsed(std::string_view text) {
    json out = json::parse(text, nullptr, false);
    if (!out.is_object()) throw std::invalid_argument("it is no JSON object");
    return out;
}

json json_of(const Mark& mark) {
    return {{"wall_ms", mark.wall_ms}, {"steady_ms", mark.steady_ms}, {"boot", mark.boot}};
}

Mark mark_of(const json& in) {
    return {in.at("wall_ms").get<std::int64_t>(), in.at("steady_ms").get<std::int64_t>(),
            in.at("boot").get<std::string>()};
}

json json_of(const Handled& handled) {
    return {{"from_ms", handled.from}, {"to_ms", handled.to}};
}

Handled handled_of(const json& in) {
    return {in.at("from_ms").get<std::int64_t>(), in.at("to_ms").get<std::int64_t>()};
}

}  // namespace

std::string text_of(const FlowRecord& record) {
    json out = {{"format", 1}, {"file", record.file}, {"schedule", record.schedule}};
    if (record.mark) {
        out["mark"] = json_of(*record.mark);
        out["handled"] = json_of(record.handled);
    }
    if (record.open) {
        json& open = out["open"] = {{"time_ms", record.open->time_ms},
                                    {"owner", record.open->owner},
                                    {"pid", record.open->pid},
                                    {"mark_ms", record.open->mark_ms},
                                    {"handled", json_of(record.open->handled)}};
        if (record.open->before) open["before"] = json_of(*record.open->before);
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_of(const RunRecord& record) {
    json steps = json::array();
    for (const StepRecord& step : record.steps) {
        steps.push_back({{"id", step.id},
                         {"outcome", step.outcome},
                         {"began_ms", step.began_ms},
                         {"ended_ms", step.ended_ms},
                         {"warned", step.warned}});
    }
    return json{{"format", 1},
                {"time_ms", record.time_ms},
                {"state", record.state},
                {"owner", record.owner},
                {"pid", record.pid},
                {"started_ms", record.started_ms},
                {"ended_ms", record.ended_ms},
                {"steps", std::move(steps)}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

FlowRecord flow_record(std::string_view text) try {
    const json in = parsed(text);
    FlowRecord out;
    out.file = in.at("file").get<std::string>();
    out.schedule = in.value("schedule", "");
    if (const auto mark = in.find("mark"); mark != in.end()) {
        out.mark = mark_of(*mark);
        const auto handled = in.find("handled");
        out.handled =
            handled != in.end() ? handled_of(*handled) : Handled{out.mark->wall_ms, out.mark->wall_ms};
    }
    if (const auto open = in.find("open"); open != in.end()) {
        out.open = OpenRun{open->at("time_ms").get<std::int64_t>(),
                           open->at("owner").get<std::string>(),
                           open->at("pid").get<std::int64_t>(),
                           open->value("mark_ms", std::int64_t{0}),
                           std::nullopt,
                           {}};
        if (const auto before = open->find("before"); before != open->end()) {
            out.open->before = mark_of(*before);
            out.open->handled = handled_of(open->at("handled"));
        }
    }
    return out;
} catch (const json::exception&) {
    throw std::invalid_argument("a member is missing or of the wrong type");
}

RunRecord run_record(std::string_view text) try {
    const json in = parsed(text);
    RunRecord out;
    out.time_ms = in.at("time_ms").get<std::int64_t>();
    out.state = in.at("state").get<std::string>();
    out.owner = in.at("owner").get<std::string>();
    out.pid = in.at("pid").get<std::int64_t>();
    out.started_ms = in.at("started_ms").get<std::int64_t>();
    out.ended_ms = in.at("ended_ms").get<std::int64_t>();
    for (const json& step : in.at("steps")) {
        out.steps.push_back({step.at("id").get<std::string>(), step.at("outcome").get<std::string>(),
                             step.at("began_ms").get<std::int64_t>(), step.at("ended_ms").get<std::int64_t>(),
                             step.value("warned", false)});
    }
    return out;
} catch (const json::exception&) {
    throw std::invalid_argument("a member is missing or of the wrong type");
}

}  // namespace wfc::flow
