#include "panel/panel_table.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "manifest/refused.hpp"
#include "manifest/schema.hpp"
#include "panel/field_table.hpp"
#include "panel/option_table.hpp"
#include "panel/stand_ins.hpp"
#include "wfc/component.h"
#include "wfc/json.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t schema_limit = std::size_t{1} << 20;

/// In the order that people wrote, members are looked up one after the other: many take too long.
bool has_large_object(const nlohmann::json& node) {
    if (node.is_object() && node.size() > 2000) return true;
    return node.is_structured() && std::any_of(node.begin(), node.end(), has_large_object);
}

constexpr std::array<std::string_view, 4> views{"report", "message", "account", "text"};

Json schema_of(const Manifest& manifest, const std::string& file) {
    if (file.empty()) return Json::object();
    const std::string name = manifest.type + "'s " + file;
    const std::string text = manifest.read(file);
    try {
        const nlohmann::json schema = parse_json(text, WFC_INVALID_SETTINGS, "schema", {schema_limit, 64});
        if (has_large_object(schema))
            throw Refused(name + " has an object with more members than a panel can show");
        const std::vector<Fault> faults = lint_schema(schema, Objects::closed);
        if (!faults.empty()) throw Refused(name + ": " + faults[0].pointer + " " + faults[0].sentence);
    } catch (const Problem& problem) {
        throw Refused(name + ": " + problem.what());
    }
    return Json::parse(text);
}

/// Nothing keeps a secret that stands in a node of a flow or in the form of an action.
void refuse_secrets(const Json& fields, const std::string& where) {
    for (const Json& field : fields) {
        if (field["kind"] == "secret")
            throw Refused(where + " " + field["pointer"].get<std::string>() +
                          ": only settings can hold secrets; move it there");
    }
}

Json form_of(const Json& schema, std::string_view document, const std::set<std::string>& taken) {
    Json fields = field_table(schema, document, taken);
    Json groups = group_table(schema, fields);
    return Json{{"groups", std::move(groups)}, {"fields", std::move(fields)}};
}

/// The first one is the node; further ones are for flow files and programs.
const Operation& flow_of(const Manifest& manifest) {
    const auto flow = std::find_if(manifest.operations.begin(), manifest.operations.end(),
                                   [](const Operation& each) { return each.kind == "flow"; });
    if (flow == manifest.operations.end())
        throw Refused(manifest.type +
                      " has no operation of the kind \"flow\", of which a node could be made");
    if (flow->ports.empty())
        throw Refused(manifest.type + "'s operation " + flow->id + " has no ports, which a node needs");
    return *flow;
}

Json action_of(const Manifest& manifest, const Operation& operation, const Operation& flow,
               const std::set<std::string>& settings_taken, const std::set<std::string>& taken) {
    if (!operation.view.empty() && std::find(views.begin(), views.end(), operation.view) == views.end()) {
        throw Refused(manifest.type + "'s operation " + operation.id + " has the view \"" + operation.view +
                      "\"; panels know report, message, account and text");
    }
    const bool prompts =
        std::find(operation.needs.begin(), operation.needs.end(), WFC_PROMPT) != operation.needs.end();
    Json out{{"id", operation.id},
             {"view", operation.view.empty() ? "report" : operation.view},
             {"effects", operation.effects},
             {"prompts", prompts},
             {"settings", operation.settings_optional ? "optional" : "required"}};
    if (operation.effects.empty()) out["effects"] = "unknown";
    for (const auto& [pointer, value] : operation.when)
        out["shown"][field_name(pointer, "settings", settings_taken)] = Json::array({value});
    const bool same = !operation.input.empty() && operation.input == flow.input;
    out["input"] = same ? "operation" : "own";
    out["fields"] =
        same ? Json::array() : field_table(schema_of(manifest, operation.input), operation.id, taken);
    refuse_secrets(out["fields"], operation.id);
    return out;
}

void collect_options(const Json& fields, std::set<std::string>& files) {
    for (const Json& field : fields) {
        if (field.contains("options")) files.insert(field["options"].get<std::string>());
    }
}

std::set<std::string> joined(std::set<std::string> names, const std::set<std::string>& more) {
    names.insert(more.begin(), more.end());
    return names;
}

}  // namespace

Json panel_table(const Manifest& manifest, const Engine& engine) {
    const Operation& flow = flow_of(manifest);
    const std::set<std::string> taken = joined(engine.taken, engine.never);
    const std::set<std::string> settings_taken = joined(taken, engine.account_taken);
    const std::set<std::string> input_taken = joined(taken, engine.node_taken);
    std::set<std::string> flags;
    for (const std::string& flag : engine.flags) {
        if (input_taken.count(flag) != 0 || !flags.insert(flag).second)
            throw Refused("the option \"" + flag + "\" has a name that the engine uses itself");
    }
    Json languages = Json::array();
    for (const auto& [language, file] : manifest.texts) languages.push_back(language);
    if (languages.empty()) languages.push_back("en");
    Json out{{"format", 1},
             {"type", manifest.type},
             {"version", manifest.version},
             {"node", manifest.type},
             {"account", manifest.type + "-account"},
             {"languages", languages},
             {"operation", flow.id},
             {"ports", flow.ports},
             {"settings", form_of(schema_of(manifest, manifest.settings), "settings", settings_taken)},
             {"input", form_of(schema_of(manifest, flow.input), "input", input_taken)}};
    add_stand_ins(out["input"]["fields"], engine.stand_ins);
    refuse_secrets(out["input"]["fields"], "input");
    std::set<std::string> names;
    for (const Json& field : out["input"]["fields"]) names.insert(field["name"].get<std::string>());
    for (const std::string& name : names) {
        if (names.count(name + "_type") != 0)
            throw Refused("input: the field \"" + name + "_type\" has the name that says of which kind \"" +
                          name + "\" is; give the member another one");
        for (const std::string& flag : {name, name + "_type"}) {
            if (flags.count(flag) != 0)
                throw Refused("the option \"" + flag + "\" has a name that the field \"" + name +
                              "\" of the input needs");
        }
    }
    if (!engine.flags.empty()) out["flags"] = engine.flags;
    out["actions"] = Json::array();
    std::set<std::string> files;
    collect_options(out["settings"]["fields"], files);
    collect_options(out["input"]["fields"], files);
    for (const Operation& operation : manifest.operations) {
        if (operation.kind != "action") continue;
        out["actions"].push_back(action_of(manifest, operation, flow, settings_taken, engine.never));
        collect_options(out["actions"].back()["fields"], files);
    }
    out["options"] = Json::object();
    constexpr std::size_t limit = std::size_t{4} << 20;
    for (const std::string& file : files)
        out["options"][file] = option_table(manifest.read(file, limit), file, settings_taken);
    return out;
}

}  // namespace wfc::panel
