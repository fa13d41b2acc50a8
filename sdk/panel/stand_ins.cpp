#include "panel/stand_ins.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "manifest/refused.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

Json* field_of(Json& fields, const std::string& name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Json& each) { return each["name"] == name; });
    return found == fields.end() ? nullptr : &*found;
}

bool is_member(const Json& name) {
    if (!name.is_string()) return false;
    const std::string& text = name.get_ref<const std::string&>();
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

[[noreturn]] void refuse(const std::string& sentence) {
    throw Refused("stand_ins.json: " + sentence);
}

void check(Json& fields, const std::string& name, const Json& given) {
    if (!given.is_object()) refuse(name + " must be an object with \"members\"");
    for (const auto& [member, value] : given.items()) {
        if (member == "preview" && value.is_boolean()) continue;
        const bool list = value.is_array() && !value.empty() && value.size() <= 16;
        if (member == "members" && list && std::all_of(value.begin(), value.end(), is_member)) continue;
        if (member == "unless" && list && std::all_of(value.begin(), value.end(), [&](const Json& each) {
                return each.is_string() && field_of(fields, each.get<std::string>()) != nullptr;
            }))
            continue;
        refuse(
            name +
            ": \"members\" lists names of the message, \"unless\" fields, \"preview\" is true or false; \"" +
            member + "\" is none of these");
    }
    if (!given.contains("members")) refuse(name + " needs \"members\", a list of names");
}

}  // namespace

void add_stand_ins(Json& fields, std::string_view document) {
    if (document.empty()) return;
    const Json parsed = Json::parse(document, nullptr, false);
    if (!parsed.is_object()) refuse("it must be a JSON object of fields");
    for (const auto& [name, given] : parsed.items()) {
        Json* field = field_of(fields, name);
        if (field == nullptr) refuse("the node has no field \"" + name + "\"");
        check(fields, name, given);
        (*field)["stand_in"] = given;
    }
}

}  // namespace wfc::panel
