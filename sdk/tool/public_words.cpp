#include "tool/public_words.hpp"

#include <nlohmann/json.hpp>

namespace wfc::tool {

namespace {

using nlohmann::json;

/// As deep as a schema of a component that is loaded may be.
void add_schema(const json& schema, SupportMask& mask, int depth = 0) {
    if (depth > 64 || !schema.is_structured()) return;
    for (const auto& [name, value] : schema.items()) {
        if (schema.is_object() && name == "properties" && value.is_object()) {
            for (const auto& [member, unused] : value.items()) mask.public_name(member);
        }
        if (schema.is_object() && name == "const" && value.is_string())
            mask.public_value(value.get<std::string>());
        if (schema.is_object() && name == "enum" && value.is_array()) {
            for (const json& each : value) {
                if (each.is_string()) mask.public_value(each.get<std::string>());
            }
        }
        add_schema(value, mask, depth + 1);
    }
}

void add_file(const Manifest& manifest, const std::string& path, SupportMask& mask) try {
    if (!path.empty()) add_schema(json::parse(manifest.read(path), nullptr, false), mask);
} catch (const Refused&) {  // then others say so
}

}  // namespace

void add_public_words(const Manifest& manifest, SupportMask& mask) {
    for (const char* name : {"$secret", "secret", "document", "settings", "message", "outcome", "missing"})
        mask.public_name(name);
    for (const char* value : {"succeeded", "failed", "partial", "cancelled", "warning", "skipped", "error"})
        mask.public_value(value);
    mask.public_value(manifest.type);
    for (const Operation& operation : manifest.operations) {
        mask.public_value(operation.id);
        add_file(manifest, operation.input, mask);
        add_file(manifest, operation.output, mask);
    }
    add_file(manifest, manifest.settings, mask);
}

}  // namespace wfc::tool
