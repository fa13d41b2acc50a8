#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "manifest/schema_keywords.hpp"
#include "manifest/schema_parts.hpp"
#include "wfc/json.hpp"

namespace wfc {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 4> widgets{"multiline", "file", "address-list", "headers"};

class Lint {
  public:
    Lint(const json& root, Objects objects, std::vector<Fault>& faults)
        : root_(root), objects_(objects), faults_(faults) {}

    /// `around`: the properties of the object that has it as a property, if any.
    void schema(const json& at, const std::string& pointer, std::size_t depth, const json* around = nullptr) {
        if (faults_.size() >= schema::fault_limit) return;
        if (!at.is_object()) return fault(pointer, "must be a schema, which is an object");
        if (depth > schema::depth_limit) return fault(pointer, "nests deeper than 32 levels");
        const std::size_t before = faults_.size();
        forms(at, pointer);
        if (faults_.size() > before) return;  // what follows trusts the forms
        if (at.contains("$ref")) reference(at, pointer);
        object(at, pointer, around);
        if (at.contains("oneOf") || at.contains("x-choice")) choice(at, pointer);
        annotations(at, pointer);
        for (const char* keyword : {"properties", "definitions"}) {
            if (!at.contains(keyword)) continue;
            const json* const beside = std::string_view(keyword) == "properties" ? &at[keyword] : nullptr;
            for (const auto& [name, inner] : at[keyword].items()) {
                schema(inner, pointer_to(pointer_to(pointer, keyword), name), depth + 1, beside);
            }
        }
        if (at.contains("items")) schema(at["items"], pointer + "/items", depth + 1);
        for (std::size_t i = 0; at.contains("oneOf") && i < at["oneOf"].size(); ++i) {
            schema(at["oneOf"][i], pointer + "/oneOf/" + std::to_string(i), depth + 1);
        }
    }

    /// Once the rest is sound: defaults are valid themselves.
    void defaults(const json& at, const std::string& pointer) {
        if (at.is_array()) {
            for (std::size_t i = 0; i < at.size(); ++i)
                defaults(at[i], pointer_to(pointer, std::to_string(i)));
        }
        if (!at.is_object()) return;
        // Below "properties" and "definitions" the names are not keywords.
        const std::string_view last = std::string_view(pointer).substr(pointer.find_last_of('/') + 1);
        const bool keywords_here = last != "properties" && last != "definitions";
        for (const auto& [name, inner] : at.items()) {
            if (keywords_here && name == "default") {
                std::vector<Fault> found;
                schema::check(root_, at, inner, "", found);
                if (!found.empty()) fault(pointer + "/default", "is not valid: it " + found[0].sentence);
            } else if (!keywords_here || (name != "enum" && name != "const" && name != "examples")) {
                defaults(inner, pointer_to(pointer, name));
            }
        }
    }

  private:
    void fault(const std::string& pointer, std::string sentence) {
        faults_.push_back({pointer, std::move(sentence)});
    }

    void forms(const json& at, const std::string& pointer) {
        for (const auto& [name, value] : at.items()) {
            const auto* found = std::find_if(schema::keywords.begin(), schema::keywords.end(),
                                             [&, word = std::string_view(name)](const schema::Keyword& each) {
                                                 return each.name == word;
                                             });
            const std::string where = pointer_to(pointer, name);
            if (found == schema::keywords.end()) {
                std::vector<std::string_view> names;
                for (const schema::Keyword& each : schema::keywords) names.push_back(each.name);
                std::string sentence = "is not a keyword of the subset";
                if (const auto near = nearest(name, names); !near.empty()) {
                    sentence.append("; did you mean \"").append(near).append("\"?");
                }
                fault(where, std::move(sentence));
                continue;
            }
            if (const std::string wrong = schema::fault_of(found->form, value); !wrong.empty())
                fault(where, wrong);
            if (!found->beside_ref && at.contains("$ref")) fault(where, "has no effect beside $ref");
            if ((name == "definitions" || name == "x-groups") && !pointer.empty())
                fault(where, "can only stand at the root");
        }
    }

    void reference(const json& at, const std::string& pointer) {
        if (schema::resolve(root_, at) == nullptr) {
            fault(pointer + "/$ref",
                  "must lead to a schema in #/definitions/, not elsewhere nor in a circle");
        }
    }

    void object(const json& at, const std::string& pointer, const json* around) {
        const bool has_members = at.contains("properties");
        if (has_members && !at.contains("additionalProperties") && objects_ == Objects::closed) {
            fault(pointer, "must be closed with \"additionalProperties\": false");
        }
        const json properties = at.value("properties", json::object());
        for (const auto& each : properties.items())
            siblings(each.value(), properties, around, pointer + "/properties/" + each.key());
        if (!at.contains("required")) return;
        for (const json& name : at["required"]) {
            if (properties.contains(name.get_ref<const std::string&>())) continue;
            fault(pointer + "/required",
                  "names \"" + name.get<std::string>() + "\", which is not among the properties");
        }
    }

    /// What a member goes with stands beside it, or ("../x") beside the object around it, and can have the
    /// values that are named.
    void siblings(const json& member, const json& properties, const json* around,
                  const std::string& pointer) {
        const auto only_with = member.is_object() ? member.find("x-only-with") : member.end();
        if (only_with == member.end() || *schema::fault_of(schema::Form::siblings, *only_with) != '\0')
            return;
        for (const auto& [name, values] : only_with->items()) {
            const std::string where = pointer + "/x-only-with/" + name;
            const bool outside = name.compare(0, 3, "../") == 0;
            const json* const members = outside ? around : &properties;
            const auto sibling =
                members == nullptr ? properties.end() : members->find(outside ? name.substr(3) : name);
            if (members == nullptr || sibling == members->end() || !sibling->contains("enum")) {
                fault(where, outside ? "names no member beside the object around it that has an enum"
                                     : "names no member beside it that has an enum");
                continue;
            }
            const std::set<json> known((*sibling)["enum"].begin(), (*sibling)["enum"].end());
            for (const json& value : values) {
                if (known.count(value) == 0)
                    fault(where, "names \"" + value.get<std::string>() + "\", which that member cannot be");
            }
        }
    }

    void choice(const json& at, const std::string& pointer) {
        if (!at.contains("oneOf")) return fault(pointer + "/x-choice", "stands without oneOf");
        if (!at.contains("x-choice"))
            return fault(pointer + "/oneOf", "stands without x-choice, which says what decides");
        if (at.value("type", json()) != "object")
            fault(pointer, "is a choice and must have \"type\": \"object\"");
        for (const char* keyword : {"additionalProperties", "properties", "required"}) {
            if (at.contains(keyword))
                fault(pointer_to(pointer, keyword), "belongs into each branch of the choice, not here");
        }
        const std::string name = at["x-choice"];
        std::vector<std::string> kinds;
        for (std::size_t i = 0; i < at["oneOf"].size(); ++i) {
            const std::string where = pointer + "/oneOf/" + std::to_string(i);
            const json* const branch = schema::resolve(root_, at["oneOf"][i]);
            const json* const kind = schema::discriminator(root_, at["oneOf"][i], name);
            if (branch == nullptr || kind == nullptr || !kind->is_string()) {
                fault(where, "must fix \"" + name + "\" with a const that is a string");
                continue;
            }
            if (branch->contains("oneOf")) fault(where, "must not be a choice itself");
            const json required = branch->value("required", json::array());
            if (std::find(required.begin(), required.end(), name) == required.end()) {
                fault(where, "must require \"" + name + "\"");
            }
            if (std::find(kinds.begin(), kinds.end(), *kind) != kinds.end()) {
                fault(where, "has the same \"" + name + "\" as a branch before it");
            }
            kinds.push_back(kind->get<std::string>());
        }
    }

    void annotations(const json& at, const std::string& pointer) {
        const json* const resolved = schema::resolve(root_, at);
        const bool marked = at.value("x-secret", false);
        const bool wraps = resolved != nullptr && schema::is_secret(*resolved);
        if (marked && !wraps)
            fault(pointer + "/x-secret", "stands on something other than {\"$secret\": name}");
        if (marked && !at.value("writeOnly", false))
            fault(pointer, "is a secret and must have \"writeOnly\": true");
        if (!marked && at.contains("$ref") && wraps)
            fault(pointer, "is a secret and must have \"x-secret\": true");
        if (at.value("x-written", false) && !marked)
            fault(pointer + "/x-written", "stands on something that is not marked \"x-secret\": true");
        for (const char* mark : {"x-host", "x-content"}) {
            if (at.value("x-binds-secrets", false) && at.value(mark, false))
                fault(pointer + "/x-binds-secrets",
                      std::string("stands beside ") + mark + ", which no panel shows");
        }
        if (at.value("x-binds-secrets", false) && marked)
            fault(pointer + "/x-binds-secrets", "stands on a secret, which cannot say where secrets go");
        if (const auto group = at.find("x-group"); group != at.end()) {
            const json groups = root_.value("x-groups", json::array());
            if (std::find(groups.begin(), groups.end(), *group) == groups.end()) {
                fault(pointer + "/x-group", "is not one of the root's x-groups");
            }
        }
        if (const auto widget = at.find("x-widget"); widget != at.end()) {
            if (std::find(widgets.begin(), widgets.end(), widget->get_ref<const std::string&>()) ==
                widgets.end()) {
                fault(pointer + "/x-widget", "is not a widget that panels know");
            }
        }
    }

    const json& root_;
    Objects objects_;
    std::vector<Fault>& faults_;
};

}  // namespace

std::vector<Fault> lint_schema(const json& schema, Objects objects) {
    std::vector<Fault> faults;
    Lint lint(schema, objects, faults);
    lint.schema(schema, "", 0);
    if (faults.empty()) lint.defaults(schema, "");
    return faults;
}

}  // namespace wfc
