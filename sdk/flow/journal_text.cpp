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

}  // namespace

std::string text_of(const FlowRecord& record) {
    json out = {{"format", 1}, {"file", record.file}};
    if (record.mark) {
        out["mark"] = {{"wall_ms", record.mark->wall_ms},
                       {"steady_ms", record.mark->steady_ms},
                       {"boot", record.mark->boot}};
    }
    if (record.open) {
        out["open"] = {
            {"time_ms", record.open->time_ms}, {"owner", record.open->owner}, {"pid", record.open->pid}};
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_of(const RunRecord& record) {
    json steps = json::array();
    for (const StepRecord& step : record.steps) {
        steps.push_back({{"id", step.id},
                         {"outcome", step.outcome},
                         {"began_ms", step.began_ms},
                         {"ended_ms", step.ended_ms}});
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
    if (const auto mark = in.find("mark"); mark != in.end()) {
        out.mark = Mark{mark->at("wall_ms").get<std::int64_t>(), mark->at("steady_ms").get<std::int64_t>(),
                        mark->at("boot").get<std::string>()};
    }
    if (const auto open = in.find("open"); open != in.end()) {
        out.open = OpenRun{open->at("time_ms").get<std::int64_t>(), open->at("owner").get<std::string>(),
                           open->at("pid").get<std::int64_t>()};
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
                             step.at("began_ms").get<std::int64_t>(),
                             step.at("ended_ms").get<std::int64_t>()});
    }
    return out;
} catch (const json::exception&) {
    throw std::invalid_argument("a member is missing or of the wrong type");
}

}  // namespace wfc::flow
