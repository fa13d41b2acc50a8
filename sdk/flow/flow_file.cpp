#include "flow/flow_file.hpp"

#include <algorithm>
#include <initializer_list>

#include "flow/flow_file_numbers.hpp"
#include "flow/flow_file_routes.hpp"
#include "host/printable.hpp"
#include "wfc/duration.hpp"
#include "wfc/json.hpp"

namespace wfc::flow {

namespace {

constexpr std::size_t most_steps = 100;

/// Refuses a slip of the hand as what it is, before something else is missed because of it.
void only(Fields& fields, std::initializer_list<std::string_view> members) {
    for (const std::string_view member : members) fields.find(member);
    fields.done();
}

/// What may stand in a call id and in the name of a file, which "." and ".." are not.
std::string read_id(Fields& fields) {
    std::string id = fields.required_string("id");
    const auto first = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto allowed = [&](char c) { return first(c) || c == '.' || c == '_' || c == '-'; };
    if (id.empty() || id.size() > 64 || !first(id.front()) || !std::all_of(id.begin(), id.end(), allowed)) {
        fields.refuse(
            "id", "must be 1 to 64 of the characters A-Z a-z 0-9 . _ - and begin with a letter or a digit");
    }
    return id;
}

/// The name of a component or an operation; whether there is such a one is for who runs the flow.
std::string read_name(Fields& fields, std::string_view member) {
    std::string name = fields.required_string(member);
    if (name.empty() || name.size() > 64) fields.refuse(member, "must be a name of 1 to 64 bytes");
    return name;
}

/// An interval is the same everywhere: where the machine has no zone, or one that is not understood, UTC
/// does.
Zone read_zone(Fields& fields, bool needed) {
    const auto name = fields.string("timezone");
    try {
        return name ? Zone(*name) : Zone::machine();
    } catch (const std::invalid_argument& error) {
        if (!name && !needed) return Zone("UTC");
        fields.refuse("timezone", name ? std::string("has no such zone: ") + error.what()
                                       : std::string("is missing, and ") + error.what());
    }
}

std::optional<Cron> read_schedule(Fields& fields) {
    const auto expression = fields.string("schedule");
    if (!expression) return std::nullopt;
    try {
        return Cron(*expression);
    } catch (const std::invalid_argument& error) {
        fields.refuse("schedule", error.what());
    }
}

std::optional<std::chrono::milliseconds> read_every(Fields& fields) {
    const auto text = fields.string("every");
    if (!text) return std::nullopt;
    try {
        return parse_duration(*text, {std::chrono::seconds(1), std::chrono::hours(365 * 24)});
    } catch (const std::invalid_argument& error) {
        fields.refuse("every", error.what());
    }
}

Step read_step(Fields& fields, const std::filesystem::path& folder) {
    only(fields, {"id", "component", "operation", "settings", "input", "on"});
    Step step;
    step.id = read_id(fields);
    if (step.id == "log" || step.id == "stop") {
        fields.refuse("id", "must not be \"" + step.id + "\", which says something else in \"on\"");
    }
    step.component = read_name(fields, "component");
    step.operation = read_name(fields, "operation");
    if (const auto settings = fields.string("settings")) {
        if (settings->empty() || settings->find('\0') != settings->npos) {
            fields.refuse("settings", "must be the path of a file");
        }
        step.settings = (folder / *settings).lexically_normal();
    }
    step.input = "{}";
    if (const nlohmann::json* input = fields.find("input")) {
        if (!input->is_object()) fields.refuse("input", "must be an object, not " + Fields::describe(*input));
        step.input = input->dump();
    }
    return step;
}

WrittenRoutes read_on(Fields& fields) {
    const nlohmann::json* on = fields.find("on");
    return on == nullptr ? WrittenRoutes{} : read_routes(*on, fields.pointer_of("on"));
}

void read_steps(Fields& flow, const std::filesystem::path& folder, Flow& into) {
    const nlohmann::json& list = flow.require("steps");
    if (!list.is_array()) flow.refuse("steps", "must be an array, not " + Fields::describe(list));
    if (list.empty() || list.size() > most_steps) {
        flow.refuse("steps", "must have 1 to 100 steps, not " + std::to_string(list.size()));
    }
    std::vector<Step>& steps = into.steps;
    std::vector<WrittenRoutes> routes;
    for (const nlohmann::json& item : list) {
        Fields fields(item, pointer_to(flow.pointer_of("steps"), std::to_string(steps.size())),
                      WFC_INVALID_INPUT);
        steps.push_back(read_step(fields, folder));
        routes.push_back(read_on(fields));
        for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
            if (steps[i].id == steps.back().id) {
                fields.refuse("id", "is \"" + steps[i].id + "\", as that of step " + std::to_string(i + 1) +
                                        "; each step has an id of its own");
            }
        }
    }
    into.on = connect(steps, read_on(flow), routes);
}

std::filesystem::path whole_path(const std::filesystem::path& file) {
    if (file.empty()) throw Problem(WFC_INVALID_INPUT, {}, "the flow file has no name");
    std::error_code fault;
    const std::filesystem::path path = std::filesystem::absolute(file, fault);
    if (fault) throw Problem(WFC_INVALID_INPUT, {}, "the working directory is not there: " + fault.message());
    return path.lexically_normal();
}

Flow read_flow(const std::filesystem::path& file, Fields& fields) {
    only(fields, {"format", "id", "schedule", "every", "timezone", "on_missed", "overlap", "steps", "on"});
    fields.format();
    const std::string id = read_id(fields);
    const auto cron = read_schedule(fields);
    const auto every = read_every(fields);
    if (cron && every) fields.refuse("every", "stands beside \"schedule\"; a flow has one of them");
    if (!cron && !every) {
        fields.refuse({}, "needs \"schedule\" (as \"0 9 * * 1-5\") or \"every\" (as \"10m\")");
    }
    Flow flow{file, id, cron, every, read_zone(fields, cron.has_value()), {}, {}, {}, {}};
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (cron && !cron->next(now.time_since_epoch().count(), flow.zone)) {
        fields.refuse("schedule", "never occurs in " + flow.zone.name() +
                                      ", whose clock leaps over each time that it names");
    }
    if (fields.choice("on_missed", {"skip", "run-once"}) == "run-once") flow.on_missed = OnMissed::run_once;
    if (fields.choice("overlap", {"skip", "queue"}) == "queue") flow.overlap = Overlap::queue;
    read_steps(fields, file.parent_path(), flow);
    return flow;
}

}  // namespace

Flow parse_flow(const std::filesystem::path& file, std::string_view json) {
    try {
        const nlohmann::json document = parse_json(json, WFC_INVALID_INPUT, "flow");
        refuse_large_integers(json);
        Fields fields(document, "", WFC_INVALID_INPUT);
        return read_flow(whole_path(file), fields);
    } catch (const Problem& problem) {
        const std::string name = file.empty() ? "" : printable(file.string(), false, 1024) + ": ";
        throw FlowInvalid(problem.pointer(), name + problem.what());
    }
}

}  // namespace wfc::flow
