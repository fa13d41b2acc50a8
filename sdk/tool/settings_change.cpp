#include "tool/settings_change.hpp"

#include <nlohmann/json.hpp>

#include "tool/schema_walk.hpp"
#include "tool/stop.hpp"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using nlohmann::json;
using Nodes = std::vector<const json*>;

[[noreturn]] void refuse_secret(const std::string& pointer) {
    throw Stop(exit_usage,
               pointer +
                   " is a secret: its value may not stand on the command line. Store it with `wfc "
                   "secret set NAME` (or put it into the environment variable WFC_SECRET_NAME) and "
                   "use --set '" +
                   pointer + R"(={"$secret":"NAME"}')");
}

/// Refuses a value in the clear anywhere in `value`, which goes where the schemas `nodes` apply.
void refuse_secrets_in(const json& root, const Nodes& nodes, const json& value, const std::string& pointer) {
    for (const json* node : nodes) {
        if (is_secret(*node) && !value.is_object() && !value.is_null()) refuse_secret(pointer);
    }
    if (!value.is_object()) return;
    for (const auto& [name, child] : value.items()) {
        Nodes below;
        for (const json* node : nodes) {
            if (is_secret(*node) && name != "$secret") refuse_secret(pointer);
            const Nodes more = members(root, node, name);
            below.insert(below.end(), more.begin(), more.end());
        }
        refuse_secrets_in(root, below, child, pointer_to(pointer, name));
    }
}

std::vector<std::string> tokens_of(const std::string& pointer) {
    std::vector<std::string> tokens;
    for (json::json_pointer rest(pointer); !rest.empty(); rest.pop_back())
        tokens.insert(tokens.begin(), rest.back());
    return tokens;
}

void refuse_secrets(const json& root, const std::string& pointer, const json& value) {
    Nodes nodes = {&root};
    std::string known;  // what comes behind it may be a value that slipped in
    for (const std::string& token : tokens_of(pointer)) {
        Nodes below;
        for (const json* node : nodes) {
            if (is_secret(*node)) {
                if (token != "$secret") refuse_secret(known);
                return;  // the name of a secret is none
            }
            const Nodes more = members(root, node, token);
            below.insert(below.end(), more.begin(), more.end());
        }
        nodes = std::move(below);
        known = pointer_to(known, token);
    }
    refuse_secrets_in(root, nodes, value, pointer);
}

json value_of(const std::string& text) {
    if (detail::nests_deeper(text, 32))
        throw Stop(exit_usage, "--set: the value nests deeper than 32 levels");
    json parsed = json::parse(text, nullptr, false);
    return parsed.is_discarded() ? json(text) : parsed;
}

}  // namespace

std::string known_pointer(const std::string& pointer, const std::string& schema_json) try {
    const json root = json::parse(schema_json, nullptr, false);
    Nodes nodes = {&root};
    std::string known;
    for (const std::string& token : tokens_of(pointer)) {
        Nodes below;
        for (const json* node : nodes) {
            const Nodes more = members(root, node, token);
            below.insert(below.end(), more.begin(), more.end());
        }
        if (below.empty()) return known + "/…";
        nodes = std::move(below);
        known = pointer_to(known, token);
    }
    return known;
} catch (const json::exception&) {
    return "/…";
}

std::string change_settings(const std::string& settings, const Assignments& changes,
                            const std::string& schema_json) {
    if (changes.empty()) return settings;
    const json schema = schema_json.empty() ? json() : json::parse(schema_json, nullptr, false);
    json changed;
    bool usable = true;
    try {
        changed = parse_json(settings, WFC_INVALID_SETTINGS, "settings");
    } catch (const Problem&) {
        usable = false;
    }
    for (const auto& [pointer, text] : changes) {
        try {
            const json value = value_of(text);
            const json::json_pointer where(pointer);
            if (schema.is_object()) refuse_secrets(schema, pointer, value);
            if (usable) changed[where] = value;
        } catch (const json::exception&) {
            throw Stop(exit_usage, "--set " + known_pointer(pointer, schema_json) +
                                       " does not fit the settings; a pointer looks like /server/port");
        }
    }
    return usable ? changed.dump(-1, ' ', false, json::error_handler_t::replace) : settings;
}

}  // namespace wfc::tool
