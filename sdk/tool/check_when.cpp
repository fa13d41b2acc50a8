#include "tool/check_when.hpp"

#include <nlohmann/json.hpp>

#include "host/printable.hpp"
#include "tool/stop.hpp"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using nlohmann::json;

/// The member there; null where there is none.
const json* at(const json& settings, const std::string& pointer) try {
    const json::json_pointer where(pointer);
    return settings.contains(where) ? &settings.at(where) : nullptr;
} catch (const json::exception&) {
    return nullptr;
}

}  // namespace

std::string mismatch(const Operation& operation, const std::string& settings) {
    if (operation.when.empty()) return {};
    json parsed;
    try {
        parsed = parse_json(settings, WFC_INVALID_SETTINGS, "settings");
    } catch (const Problem&) {
        return {};
    }
    std::string out;
    for (const auto& [pointer, wanted] : operation.when) {
        const json* found = at(parsed, pointer);
        if (found != nullptr && *found == wanted) continue;
        // What stands there is a word of a choice; anything else may be long, or nobody's business.
        const std::string there = found == nullptr ? "not set"
                                  : found->is_string() && found->get_ref<const std::string&>().size() <= 64
                                      ? "\"" + printable(found->get<std::string>()) + "\""
                                      : Fields::describe(*found);
        out += (out.empty() ? "" : "; ") + pointer + " is " + there + " and would have to be \"" +
               printable(wanted) + "\"";
    }
    return out;
}

void check_when(const Manifest& manifest, const std::string& id, const std::string& settings) {
    const Operation* operation = manifest.operation(id);
    if (operation == nullptr) return;
    if (const std::string why = mismatch(*operation, settings); !why.empty()) {
        throw Stop(exit_invalid_settings,
                   manifest.type + "'s " + id + " is not there with these settings: " + why);
    }
}

}  // namespace wfc::tool
