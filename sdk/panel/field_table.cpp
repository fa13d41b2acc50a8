#include "panel/field_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "manifest/refused.hpp"
#include "wfc/problem.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

constexpr int depth_limit = 32;

bool holds(const Json& node, const char* mark) {
    const auto found = node.find(mark);
    return found != node.end() && *found == true;
}

std::vector<std::string> types_of(const Json& node) {
    const auto type = node.find("type");
    if (type == node.end()) return {};
    if (type->is_string()) return {type->get<std::string>()};
    return type->get<std::vector<std::string>>();
}

bool among(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// What a field inherits from the objects around it.
struct Around {
    std::string group;
    Json shown = Json::object();  ///< name of a choice → values with which the field is there
    bool required = true;         ///< the object itself is always there
    bool binds = false;           ///< it decides where a secret goes
    Json preset = Json::object();
};

class Walk {
  public:
    Walk(const Json& root, std::string_view document, const std::set<std::string>& taken)
        : root_(root), document_(document), taken_(taken) {}

    void object(const Json& node, const std::string& pointer, const Around& around, int depth) {
        if (depth > depth_limit || !node.contains("properties")) return;
        const Json required = node.value("required", Json::array());
        for (const auto& [name, written] : node["properties"].items()) {
            const Json property = whole_schema(root_, written);
            if (property.contains("const") || property.contains("x-deprecated-by") ||
                holds(property, "x-content") || holds(property, "x-host")) {
                continue;
            }
            Around here = around;
            here.group = property.value("x-group", around.group);
            here.binds = around.binds || holds(property, "x-binds-secrets");
            if (property.contains("x-only-with")) {
                for (const auto& [sibling, values] : property["x-only-with"].items())
                    here.shown[field_name(pointer_to(pointer, sibling), document_, taken_)] = values;
            }
            here.required =
                around.required && std::find(required.begin(), required.end(), name) != required.end();
            here.preset = property.contains("default")                                ? property["default"]
                          : around.preset.is_object() && around.preset.contains(name) ? around.preset[name]
                                                                                      : Json();
            member(property, pointer_to(pointer, name), here, depth);
        }
    }

    Json fields = Json::array();

  private:
    void member(const Json& node, const std::string& pointer, const Around& around, int depth) {
        if (node.contains("oneOf")) return choice(node, pointer, around, depth);
        const bool nested = types_of(node) == std::vector<std::string>{"object"} &&
                            node.contains("properties") && !holds(node, "x-secret");
        if (nested) return object(node, pointer, around, depth + 1);
        leaf(node, pointer, around);
    }

    void choice(const Json& node, const std::string& pointer, const Around& around, int depth) {
        const std::string member = node["x-choice"];
        const std::string where = pointer_to(pointer, member);
        Json values = Json::array();
        bool binds = around.binds;
        for (const Json& written : node["oneOf"]) {
            const Json kind = whole_schema(root_, whole_schema(root_, written)["properties"][member]);
            values.push_back(kind["const"]);
            binds = binds || holds(kind, "x-binds-secrets");
        }
        Json field = begun(where, "choice", around);
        field["values"] = values;
        if (around.preset.is_object() && around.preset.contains(member))
            field["default"] = around.preset[member];
        if (around.required) field["required"] = true;
        std::string name = add(std::move(field), {around.group, around.shown, false, binds, {}});
        for (std::size_t i = 0; i < values.size(); ++i) {
            Around inside = around;
            inside.required = true;
            inside.shown[name] = Json::array({values[i]});
            if (!inside.preset.is_object()) inside.preset = Json::object();
            object(whole_schema(root_, node["oneOf"][i]), pointer, inside, depth + 1);
        }
        for (Json& each : fields) {
            const auto shown = each.find("shown");
            if (shown == each.end()) continue;
            if (shown->value(name, Json()) == values) shown->erase(name);
            if (shown->empty()) each.erase("shown");
        }
    }

    std::string kind_of(const Json& node, const std::vector<std::string>& types) const {
        if (holds(node, "x-secret")) return "secret";
        if (node.contains("x-options")) return "options";
        if (node.contains("enum")) return "select";
        if (among(types, "boolean")) return "boolean";
        if (among(types, "integer") || among(types, "number")) return "number";
        if (among(types, "string")) return "text";
        if (types == std::vector<std::string>{"array"} && node.contains("items") &&
            types_of(whole_schema(root_, node["items"])) == std::vector<std::string>{"string"}) {
            return "list";
        }
        return "json";
    }

    Json begun(const std::string& pointer, const std::string& kind, const Around& around) const {
        Json field{{"name", field_name(pointer, document_, taken_)}, {"pointer", pointer}, {"kind", kind}};
        if (!around.group.empty()) field["group"] = around.group;
        return field;
    }

    void leaf(const Json& node, const std::string& pointer, const Around& around) {
        const std::vector<std::string> types = types_of(node);
        const std::string kind = kind_of(node, types);
        Json field = begun(pointer, kind, around);
        if (node.contains("enum")) field["values"] = node["enum"];
        if (!around.preset.is_null()) field["default"] = around.preset;
        if (around.required) field["required"] = true;
        if (node.value("x-widget", "") == "multiline") field["multiline"] = true;
        const auto copy = [&](const char* keyword, const char* as) {
            if (node.contains(keyword)) field[as] = node[keyword];
        };
        copy("x-widget", "widget");
        copy("x-unit", "unit");
        if (kind == "number" || kind == "text") {
            copy("minimum", "min");
            copy("maximum", "max");
            copy("minLength", "minLength");
            copy("maxLength", "maxLength");
        }
        if (holds(node, "x-expression")) field["expression"] = true;
        if (types.size() > 1) field["types"] = types;
        copy("x-options", "options");
        if (holds(node, "x-written")) field["written"] = true;
        copy("examples", "examples");
        add(std::move(field), around);
    }

    /// Returns the name. A field that is there already is the same member in another branch.
    std::string add(Json field, const Around& around) {
        std::string name = field["name"];
        if (!around.shown.empty()) field["shown"] = around.shown;
        if (around.binds) field["binds"] = true;
        const auto same = std::find_if(fields.begin(), fields.end(),
                                       [&](const Json& each) { return each["name"] == name; });
        if (same == fields.end()) {
            if (taken_.count(name) != 0)
                throw Refused(document_ + " " + field["pointer"].get<std::string>() + ": the name \"" + name +
                              "\" is taken by the engine; give the member another one");
            fields.push_back(std::move(field));
            return name;
        }
        if ((*same)["pointer"] != field["pointer"]) {
            throw Refused(document_ + ": " + (*same)["pointer"].get<std::string>() + " and " +
                          field["pointer"].get<std::string>() + " would both be the field \"" + name +
                          "\"; give one of the members another name");
        }
        merge(*same, field);
        return name;
    }

    static void merge(Json& same, const Json& other) {
        if (!other.contains("required")) same.erase("required");
        if (!same.contains("shown") || !other.contains("shown")) return void(same.erase("shown"));
        Json both = Json::object();  // a choice that one of them does not ask about decides nothing
        for (const auto& [choice, values] : other["shown"].items()) {
            if (!same["shown"].contains(choice)) continue;
            both[choice] = same["shown"][choice];
            for (const Json& value : values) {
                if (std::find(both[choice].begin(), both[choice].end(), value) == both[choice].end())
                    both[choice].push_back(value);
            }
        }
        same["shown"] = both;
    }

    const Json& root_;
    std::string document_;
    const std::set<std::string>& taken_;
};

}  // namespace

std::string field_name(std::string_view pointer, std::string_view document,
                       const std::set<std::string>& taken) {
    std::string name(pointer.substr(pointer.empty() ? 0 : 1));
    std::replace_if(
        name.begin(), name.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
        },
        '_');
    if (name.empty() || name.front() == '_' || taken.count(name) != 0)
        name.insert(0, std::string(document) + "_");
    return name;
}

Json whole_schema(const Json& root, const Json& node) {
    constexpr std::string_view prefix = "#/definitions/";
    Json whole = node;
    for (int hops = 0; hops <= depth_limit; ++hops) {
        const auto reference = whole.find("$ref");
        if (reference == whole.end()) return whole;
        const Json target = root.at("definitions").at(reference->get<std::string>().substr(prefix.size()));
        whole.erase("$ref");
        for (const auto& [keyword, value] : target.items()) {
            if (!whole.contains(keyword)) whole[keyword] = value;
        }
    }
    throw Refused("a schema refers to itself in a circle");
}

Json field_table(const Json& schema, std::string_view document, const std::set<std::string>& taken) {
    Walk walk(schema, document, taken);
    walk.object(schema, "", {}, 0);
    return walk.fields;
}

Json group_table(const Json& schema, const Json& fields) {
    Json groups = Json::array();
    for (const Json& id : schema.value("x-groups", Json::array())) {
        const bool used = std::any_of(fields.begin(), fields.end(),
                                      [&](const Json& field) { return field.value("group", "") == id; });
        if (!used) continue;
        Json group{{"id", id}};
        if (id == "advanced") group["collapsed"] = true;
        groups.push_back(std::move(group));
    }
    return groups;
}

}  // namespace wfc::panel
