#include "panel/field_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "manifest/refused.hpp"
#include "panel/field_parts.hpp"
#include "wfc/problem.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

constexpr int depth_limit = 32;
constexpr std::size_t field_limit = 2000;
constexpr std::size_t member_limit = 20'000;

/// What a field inherits from the objects around it.
struct Around {
    std::string group;
    Json shown = Json::object();  ///< name of a choice → values with which the field is there
    bool required = true;         ///< the object itself is always there
    bool binds = false;           ///< it decides where a secret goes
    Json preset = Json::object();
    std::set<std::string> inside{};  ///< the definitions that it is a part of
    std::string decides{};           ///< the member that is told by the choice itself
};

class Walk {
  public:
    Walk(const Json& root, std::string_view document, const std::set<std::string>& taken)
        : root_(root), document_(document), taken_(taken) {}

    void whole() {
        Around around;
        const Json node = followed(root_, "", around);
        if (node.contains("oneOf")) {
            around.preset = node.value("default", Json());
            choice(node, "", around, 0);
        } else {
            object(node, "", around, 0);
        }
    }

    Json fields = Json::array();

  private:
    void object(const Json& node, const std::string& pointer, const Around& around, int depth) {
        if (depth > depth_limit) refuse(pointer, "nests deeper than 32 levels");
        if (!node.contains("properties")) return;
        const auto list = node.value("required", std::vector<std::string>{});
        const std::set<std::string> required(list.begin(), list.end());
        for (const auto& [name, written] : node["properties"].items()) {
            const std::string place = pointer_to(pointer, name);
            if (++members_ > member_limit) refuse(place, "is one member more than a panel can have");
            Around here = around;
            const Json property = followed(written, place, here);
            if (property.contains("x-deprecated-by") || holds(property, "x-content") ||
                holds(property, "x-host") || name == around.decides) {
                continue;
            }
            here.decides.clear();
            here.group = property.value("x-group", around.group);
            here.binds = around.binds || holds(property, "x-binds-secrets");
            const Json siblings = property.value("x-only-with", Json::object());
            for (const auto& [sibling, values] : siblings.items())
                here.shown[field_name(beside(pointer, sibling), document_, taken_)] = values;
            here.required = around.required && required.count(name) != 0;
            here.preset = property.contains("default")                                ? property["default"]
                          : around.preset.is_object() && around.preset.contains(name) ? around.preset[name]
                                                                                      : Json();
            if (property.contains("const")) {
                if (required.count(name) != 0) fixed(property["const"], place, here);
            } else {
                member(property, place, here, depth);
            }
        }
    }

    [[noreturn]] void refuse(const std::string& pointer, const std::string& sentence) const {
        throw Refused(document_ + (pointer.empty() ? "" : " ") + pointer + ": " + sentence);
    }

    /// `written` with what it refers to, which must not be what it is a part of.
    Json followed(const Json& written, const std::string& pointer, Around& around) const {
        std::set<std::string> names;
        Json node = whole_schema(root_, written, &names);
        for (const std::string& name : names) {
            if (!around.inside.insert(name).second)
                refuse(pointer, "is a part of itself (#/definitions/" + name +
                                    "), and a panel would never end; describe it without properties");
        }
        return node;
    }

    /// The pointer of what `x-only-with` names: "x" beside the member, "../x" beside the object around it.
    static std::string beside(const std::string& pointer, const std::string& sibling) {
        if (sibling.compare(0, 3, "../") != 0) return pointer_to(pointer, sibling);
        return pointer_to(pointer.substr(0, pointer.rfind('/')), sibling.substr(3));
    }

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
        if (node["oneOf"].size() > value_limit) refuse(where, too_many_values);
        Json values = Json::array();
        bool binds = around.binds;
        for (const Json& written : node["oneOf"]) {
            const Json kind = whole_schema(root_, whole_schema(root_, written)["properties"][member]);
            values.push_back(kind["const"]);
            binds = binds || holds(kind, "x-binds-secrets");
        }
        Json field = begun(where, "choice", around);
        field["values"] = values;
        const bool preset = around.preset.is_object() && around.preset.contains(member);
        if (preset) field["default"] = around.preset[member];
        if (around.required) field["required"] = true;
        Around of_choice = around;
        of_choice.binds = binds;
        const std::string name = add(std::move(field), of_choice);
        for (std::size_t i = 0; i < values.size(); ++i) {
            Around inside = around;
            inside.required = true;
            inside.decides = member;
            inside.shown[name] = Json::array({values[i]});
            if (!inside.preset.is_object()) inside.preset = Json::object();
            const Json branch = followed(node["oneOf"][i], where, inside);
            object(branch, pointer, inside, depth + 1);
        }
        if (around.required || preset) always_one_of(name);
    }

    /// What is there with every value of the choice `name` does not depend on it.
    void always_one_of(const std::string& name) {
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [&](const Json& each) { return each["name"] == name; });
        const std::set<Json> all((*found)["values"].begin(), (*found)["values"].end());
        for (Json& each : fields) {
            const auto shown = each.find("shown");
            if (shown == each.end() || !shown->contains(name)) continue;
            const Json& values = (*shown)[name];
            if (std::set<Json>(values.begin(), values.end()) == all) shown->erase(name);
            if (shown->empty()) each.erase("shown");
        }
    }

    Json begun(const std::string& pointer, const std::string& kind, const Around& around) const {
        Json field{{"name", field_name(pointer, document_, taken_)}, {"pointer", pointer}, {"kind", kind}};
        if (!around.group.empty()) field["group"] = around.group;
        return field;
    }

    /// What has one value only: nobody enters it, and documents hold it.
    void fixed(const Json& value, const std::string& pointer, const Around& around) {
        Json field = begun(pointer, "fixed", around);
        field["default"] = value;
        if (around.required) field["required"] = true;
        field["written"] = true;
        add(std::move(field), around);
    }

    void leaf(const Json& node, const std::string& pointer, Around around) {
        const std::string kind = kind_of(root_, node);
        Json field = begun(pointer, kind, around);
        if (node.contains("enum")) {
            const Json& values = node["enum"];
            if (values.size() > value_limit) refuse(pointer, too_many_values);
            if (std::find(values.begin(), values.end(), "") != values.end())
                refuse(pointer, "the value \"\" cannot be chosen in a panel, where it means that nothing is");
            field["values"] = values;
        }
        if (!around.preset.is_null()) field["default"] = around.preset;
        if (around.required) field["required"] = true;
        add_hints(field, node);
        if (kind != "secret") {
            if (holds_below(root_, node, "x-secret"))
                refuse(pointer,
                       "has a secret in it, which nobody can enter apart from the rest; put the "
                       "secret beside it");
            around.binds = around.binds || holds_below(root_, node, "x-binds-secrets");
        }
        add(std::move(field), around);
    }

    /// Returns the name. A field that is there already is the same member in another branch.
    std::string add(Json field, const Around& around) {
        std::string name = field["name"];
        const std::string pointer = field["pointer"];
        if (!around.shown.empty()) field["shown"] = around.shown;
        if (around.binds) field["binds"] = true;
        const auto same = std::find_if(fields.begin(), fields.end(),
                                       [&](const Json& each) { return each["name"] == name; });
        if (same == fields.end()) {
            if (taken_.count(name) != 0)
                refuse(pointer,
                       "the name \"" + name + "\" is taken by the engine; give the member another one");
            if (fields.size() >= field_limit) refuse(pointer, "is one field more than a panel can have");
            fields.push_back(std::move(field));
            return name;
        }
        if ((*same)["pointer"] != pointer) {
            throw Refused(document_ + ": " + (*same)["pointer"].get<std::string>() + " and " + pointer +
                          " would both be the field \"" + name + "\"; give one of the members another name");
        }
        merge_field(*same, field, document_ + " " + pointer);
        return name;
    }

    static constexpr const char* too_many_values =
        "has more than 1000 values, which is no list to choose from";

    const Json& root_;
    std::string document_;
    const std::set<std::string>& taken_;
    std::size_t members_ = 0;
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
    const bool letter = !name.empty() && name.front() != '_' && (name.front() < '0' || name.front() > '9');
    if (!letter || taken.count(name) != 0) name.insert(0, std::string(document) + "_");
    std::replace(name.begin(), name.end(), '-', '_');  // of the document's name
    return name;
}

Json field_table(const Json& schema, std::string_view document, const std::set<std::string>& taken) {
    Walk walk(schema, document, taken);
    walk.whole();
    return walk.fields;
}

Json group_table(const Json& schema, const Json& fields) {
    Json groups = Json::array();
    for (const Json& id : schema.value("x-groups", Json::array())) {
        const bool used = std::any_of(fields.begin(), fields.end(), [&](const Json& field) {
            return field.value("group", "") == id && !field.contains("written");
        });
        if (!used) continue;
        Json group{{"id", id}};
        if (id == "advanced") group["collapsed"] = true;
        groups.push_back(std::move(group));
    }
    return groups;
}

}  // namespace wfc::panel
