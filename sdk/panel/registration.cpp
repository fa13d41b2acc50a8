#include "panel/registration.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "panel/markup.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

/// As `wfcPanel.validate.…` gets it last: when the field must not be empty, and when it is there at all.
std::string conditions(const Json& field) {
    Json out = Json::object();
    if (field.contains("required")) out["required"] = true;
    if (field.contains("shown")) out["shown"] = field["shown"];
    const Json types = field.value("types", Json::array());
    if (field["kind"] == "number" && std::find(types.begin(), types.end(), "number") != types.end())
        out["types"] = types;  // else whole ones only
    return script(out);
}

/// The check of one field, or empty.
std::string validator(const Json& field) {
    const std::string kind = field["kind"];
    const auto between = [&](const char* least, const char* most) {
        return script(field.value(least, Json())) + ", " + script(field.value(most, Json())) + ", " +
               conditions(field) + ")";
    };
    if (kind == "number") return "wfcPanel.validate.number(" + between("min", "max");
    if (kind == "text" && (field.contains("minLength") || field.contains("maxLength")))
        return "wfcPanel.validate.length(" + between("minLength", "maxLength");
    if (kind == "json") return "wfcPanel.validate.json(" + conditions(field) + ")";
    if (field.contains("required") && kind != "boolean")
        return "wfcPanel.validate.required(" + conditions(field) + ")";
    return {};
}

/// What stands in a new account: what is left out means the component's own default, but what decides over
/// other fields is always told.
Json value_of(const Json& field) {
    const std::string kind = field["kind"];
    const Json preset = field.value("default", Json());
    if (kind == "boolean") return preset == true;
    if (kind != "select" && kind != "choice") return "";
    const Json value = !preset.is_null()                                ? preset
                       : kind == "choice" && field.contains("required") ? field["values"].front()
                                                                        : Json("");
    return value.is_string() ? value : Json(value.dump());
}

/// The lines of one object of JavaScript.
class Lines {
  public:
    explicit Lines(int depth) : depth_(depth) {}

    void add(const std::string& name, const std::string& expression) {
        out_ += (out_.empty() ? "" : ",\n") + std::string(static_cast<std::size_t>(depth_) * 2, ' ') + name +
                ": " + expression;
    }
    std::string object() const {
        if (out_.empty()) return "{}";
        return "{\n" + out_ + "\n" + std::string(static_cast<std::size_t>(depth_ - 1) * 2, ' ') + "}";
    }

  private:
    int depth_;
    std::string out_;
};

std::string one_default(const Json& value, const std::string& check) {
    return "{value: " + script(value) + (check.empty() ? "" : ", validate: " + check) + "}";
}

std::string account(const Json& panel, const std::string& icon) {
    Lines defaults(3), credentials(4);
    defaults.add("name", R"({value: ""})");
    bool language = false;
    for (const Json& field : panel["settings"]["fields"]) {
        if (field.contains("written")) continue;
        const std::string name = field["name"];
        if (field["kind"] == "secret") {
            credentials.add(name, R"({type: "password"})");
            continue;
        }
        language = language || name == "language";
        defaults.add(name, one_default(value_of(field), validator(field)));
    }
    if (!language) defaults.add("language", R"({value: ""})");
    Lines out(2);
    out.add("category", R"("config")");
    out.add("defaults", defaults.object());
    out.add("credentials", credentials.object());
    out.add("icon", script(icon));
    out.add("paletteLabel", R"(function () { return this._("label.account"); })");
    out.add("label", R"(function () { return this.name || this._("label.account"); })");
    return out.object();
}

std::string node(const Json& panel, const std::string& icon) {
    Lines defaults(3);
    defaults.add("name", R"({value: ""})");
    defaults.add("account", R"({value: "", type: )" + script(panel["account"]) + ", required: true}");
    const auto typed = [&](const std::string& name) {
        defaults.add(name, one_default("", "wfcPanel.validate.typed(" + script(name + "_type") + ")"));
        defaults.add(name + "_type", R"({value: ""})");
    };
    for (const Json& field : panel["input"]["fields"]) {
        if (!field.contains("written")) typed(field["name"]);
    }
    typed("call_id");
    const Json flags = panel.value("flags", Json::array());
    for (const std::string flag : flags) defaults.add(flag, "{value: false}");
    Json ports = Json::array();
    for (const std::string port : panel["ports"]) ports.push_back("ports." + key_part(port) + ".label");
    Lines out(2);
    out.add("category", R"("network")");
    out.add("color", R"("#C7E3F5")");
    out.add("defaults", defaults.object());
    out.add("inputs", "1");
    out.add("outputs", std::to_string(ports.size()));
    out.add("outputLabels", "function (index) { return this._(" + script(ports) + "[index]); }");
    out.add("icon", script(icon));
    out.add("paletteLabel", R"(function () { return this._("label.node"); })");
    out.add("label", R"(function () { return this.name || this._("label.node"); })");
    out.add("labelStyle", R"(function () { return this.name ? "node_label_italic" : ""; })");
    return out.object();
}

}  // namespace

std::string registration(const Json& panel, const std::string& icon) {
    return "<script type=\"text/javascript\">\n(function () {\n  'use strict';\n  var panel = " +
           script(panel) + ";\n  var types = wfcPanel.of(panel);\n  types.registerType(" +
           script(panel["account"]) + ", " + account(panel, icon) + ");\n  types.registerType(" +
           script(panel["node"]) + ", " + node(panel, icon) + ");\n})();\n</script>\n";
}

}  // namespace wfc::panel
