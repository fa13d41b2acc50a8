#include "panel/field_parts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "manifest/refused.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

bool among(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Adds what is not there yet.
void unite(Json& list, const Json& more) {
    std::set<Json> known(list.begin(), list.end());
    for (const Json& value : more) {
        if (known.insert(value).second) list.push_back(value);
    }
}

class Search {
  public:
    Search(const Json& root, const char* mark) : root_(root), mark_(mark) {}

    bool below(const Json& written) {
        std::set<std::string> followed;
        const Json node = whole_schema(root_, written, &followed);
        for (const std::string& name : followed) {
            if (!seen_.insert(name).second) return false;  // was or is being searched
        }
        if (node.contains("items") && there(node["items"])) return true;
        for (const char* several : {"properties", "oneOf"}) {
            if (!node.contains(several)) continue;
            for (const Json& inner : node[several]) {
                if (there(inner)) return true;
            }
        }
        return false;
    }

  private:
    bool there(const Json& written) {
        return holds(written, mark_) || holds(whole_schema(root_, written), mark_) || below(written);
    }

    const Json& root_;
    const char* mark_;
    std::set<std::string> seen_;
};

}  // namespace

Json whole_schema(const Json& root, const Json& node, std::set<std::string>* followed) {
    constexpr std::string_view prefix = "#/definitions/";
    std::set<std::string> here;
    Json whole = node;
    for (auto reference = whole.find("$ref"); reference != whole.end(); reference = whole.find("$ref")) {
        const std::string name = reference->get<std::string>().substr(prefix.size());
        if (!here.insert(name).second) throw Refused("a schema refers to itself in a circle");
        const Json& target = root.at("definitions").at(name);
        whole.erase("$ref");
        for (const auto& [keyword, value] : target.items()) {
            if (!whole.contains(keyword)) whole[keyword] = value;
        }
    }
    if (followed != nullptr) followed->insert(here.begin(), here.end());
    return whole;
}

bool holds(const Json& node, const char* mark) {
    const auto found = node.find(mark);
    return found != node.end() && *found == true;
}

bool holds_below(const Json& root, const Json& node, const char* mark) {
    return Search(root, mark).below(node);
}

std::vector<std::string> types_of(const Json& node) {
    const auto type = node.find("type");
    if (type == node.end()) return {};
    if (type->is_string()) return {type->get<std::string>()};
    return type->get<std::vector<std::string>>();
}

std::string kind_of(const Json& root, const Json& node) {
    const std::vector<std::string> types = types_of(node);
    if (holds(node, "x-secret")) return "secret";
    if (node.contains("x-options")) return "options";
    if (node.contains("enum")) return "select";
    if (among(types, "boolean")) return "boolean";
    if (among(types, "integer") || among(types, "number")) return "number";
    if (among(types, "string")) return "text";
    if (types == std::vector<std::string>{"array"} && node.contains("items") &&
        types_of(whole_schema(root, node["items"])) == std::vector<std::string>{"string"}) {
        return "list";
    }
    return "json";
}

void add_hints(Json& field, const Json& node) {
    const std::string kind = field["kind"];
    const auto copy = [&](const char* keyword, const char* as) {
        if (node.contains(keyword)) field[as] = node[keyword];
    };
    if (node.value("x-widget", "") == "multiline") field["multiline"] = true;
    copy("x-widget", "widget");
    copy("x-unit", "unit");
    if (kind == "number" || kind == "text") {
        copy("minimum", "min");
        copy("maximum", "max");
        copy("minLength", "minLength");
        copy("maxLength", "maxLength");
    }
    if (holds(node, "x-expression")) field["expression"] = true;
    const std::vector<std::string> types = types_of(node);
    if (types.size() > 1 || kind == "number") field["types"] = types;
    copy("x-options", "options");
    if (holds(node, "x-written")) field["written"] = true;
    copy("examples", "examples");
}

void merge_field(Json& same, const Json& other, const std::string& where) {
    for (const char* part : {"kind", "written", "types", "min", "max", "minLength", "maxLength", "default",
                             "options", "multiline"}) {
        if (same.value(part, Json()) != other.value(part, Json())) {
            throw Refused(where + ": the branches of a choice differ in the " + part +
                          " of this member, which is one field of a panel; give one of them another name");
        }
    }
    if (!other.contains("required")) same.erase("required");
    if (other.contains("binds")) same["binds"] = true;
    if (other.contains("values")) unite(same["values"], other["values"]);
    if (!same.contains("shown") || !other.contains("shown")) return void(same.erase("shown"));
    Json both = Json::object();  // a choice that one of them does not ask about decides nothing
    for (const auto& [choice, values] : other["shown"].items()) {
        if (!same["shown"].contains(choice)) continue;
        both[choice] = same["shown"][choice];
        unite(both[choice], values);
    }
    same["shown"] = both;
}

}  // namespace wfc::panel
