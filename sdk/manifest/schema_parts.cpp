#include "manifest/schema_parts.hpp"

namespace wfc::schema {

using nlohmann::json;

namespace {

const json* member(const json& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

}  // namespace

const json* resolve(const json& root, const json& schema) {
    constexpr std::string_view prefix = "#/definitions/";
    const json* at = &schema;
    for (std::size_t steps = 0; steps <= depth_limit; ++steps) {
        const json* ref = member(*at, "$ref");
        if (ref == nullptr) return at;
        if (!ref->is_string()) return nullptr;
        const std::string_view target = ref->get_ref<const std::string&>();
        const json* definitions = member(root, "definitions");
        if (target.substr(0, prefix.size()) != prefix || definitions == nullptr) return nullptr;
        at = member(*definitions, target.substr(prefix.size()));
        if (at == nullptr) return nullptr;
    }
    return nullptr;
}

const json* discriminator(const json& root, const json& branch, std::string_view choice) {
    const json* resolved = resolve(root, branch);
    const json* properties = resolved == nullptr ? nullptr : member(*resolved, "properties");
    const json* property = properties == nullptr ? nullptr : member(*properties, choice);
    return property == nullptr ? nullptr : member(*property, "const");
}

bool is_secret(const json& resolved) {
    const json* properties = member(resolved, "properties");
    return properties != nullptr && member(*properties, "$secret") != nullptr;
}

std::vector<std::string> types(const json& schema) {
    const json* type = member(schema, "type");
    if (type == nullptr) return {};
    if (type->is_string()) return {type->get<std::string>()};
    std::vector<std::string> out;
    for (const json& each : *type) {
        if (each.is_string()) out.push_back(each.get<std::string>());
    }
    return out;
}

}  // namespace wfc::schema
