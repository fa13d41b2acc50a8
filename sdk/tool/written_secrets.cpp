#include "tool/written_secrets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "tool/schema_walk.hpp"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using nlohmann::json;
using Nodes = std::vector<const json*>;

bool marked(const json* node) {
    const auto mark = node->is_object() ? node->find("x-written") : node->end();
    return mark != node->end() && *mark == true;
}

/// As deep as parse_json lets a document be. `nodes`: the schemas that may apply to `value`.
void collect(const json& root, const Nodes& nodes, const json& value, SecretNames& into) {
    if (!value.is_object()) return;
    if (std::any_of(nodes.begin(), nodes.end(), marked)) {
        const auto name = value.find("$secret");
        if (name != value.end() && name->is_string()) into.insert(name->get<std::string>());
        return;
    }
    for (const auto& [member, child] : value.items()) {
        Nodes below;
        for (const json* node : nodes) {
            const Nodes more = members(root, node, member);
            below.insert(below.end(), more.begin(), more.end());
        }
        if (!below.empty()) collect(root, below, child, into);
    }
}

}  // namespace

SecretNames written_secrets(const Manifest& manifest, const std::string& settings) {
    return manifest.settings.empty() ? SecretNames{}
                                     : written_secrets(manifest.read(manifest.settings), settings);
}

SecretNames written_secrets(const std::string& schema, const std::string& settings) {
    SecretNames out;
    try {
        const json root = json::parse(schema, nullptr, false);
        if (root.is_object())
            collect(root, {&root}, parse_json(settings, WFC_INVALID_SETTINGS, "settings"), out);
    } catch (const Problem&) {  // the component says what is wrong with its settings
    }
    return out;
}

}  // namespace wfc::tool
