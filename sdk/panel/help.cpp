#include "panel/help.hpp"

#include <nlohmann/json.hpp>

#include "panel/catalogue.hpp"
#include "panel/markup.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

class Page {
  public:
    Page(const Json& catalogue, const std::string& node) : catalogue_(catalogue) {
        out = "<script type=\"text/html\" data-help-name=\"" + html(node) + "\">\n";
    }

    void line(const std::string& text) { out += "  " + text + "\n"; }
    void paragraph(const std::string& text) {
        if (!text.empty()) line("<p>" + html(text) + "</p>");
    }
    void heading(const std::string& text) { line("<h3>" + html(text) + "</h3>"); }
    std::string at(const std::string& key) const { return text_at(catalogue_, key); }

    /// Label, kind of value, help and what else is to be said.
    void term(const std::string& key, const std::string& type, bool optional, const std::string& also = {}) {
        line(std::string("  <dt") + (optional ? " class=\"optional\"" : "") + ">" + html(at(key + ".label")) +
             (type.empty() ? "" : " <span class=\"property-type\">" + html(type) + "</span>") + "</dt>");
        if (const std::string text = at(key + ".help"); !text.empty()) line("  <dd>" + html(text) + "</dd>");
        if (!also.empty()) line("  <dd>" + also + "</dd>");
    }

    /// A text of the catalogue as HTML, with `code` where it has "__NAME__".
    std::string with_code(const std::string& key, const std::string& name, const std::string& code) const {
        std::string text = html(at(key));
        const std::string place = "__" + name + "__";
        if (const std::size_t begin = text.find(place); begin != std::string::npos)
            text.replace(begin, place.size(), code);
        return text;
    }

    void fields(const Json& fields, const std::string& area, const std::string& group) {
        bool begun = false;
        for (const Json& field : fields) {
            if (field.value("group", "") != group || field.contains("written")) continue;
            if (!begun) line(R"(<dl class="message-properties">)");
            begun = true;
            term(area + "." + key_part(field["name"].get<std::string>()), type_of(field),
                 !field.contains("required"), stands_in(field));
        }
        if (begun) line("</dl>");
    }

    void form(const Json& form, const std::string& area) {
        fields(form["fields"], area, "");
        for (const Json& group : form["groups"]) {
            line("<h4>" + html(at("groups." + key_part(group["id"].get<std::string>()))) + "</h4>");
            fields(form["fields"], area, group["id"]);
        }
    }

    /// `operation`: those that take the input of the node, or the others.
    void actions(const Json& actions, bool operation) {
        bool begun = false;
        for (const Json& action : actions) {
            if ((action["input"] == "operation") != operation) continue;
            if (action["id"] == "validate") continue;  // runs while somebody types and has no button
            if (!begun) {
                heading(at("panel.help.actions"));
                line(R"(<dl class="message-properties">)");
            }
            begun = true;
            term("actions." + key_part(action["id"].get<std::string>()), "", false);
        }
        if (begun) line("</dl>");
    }

    /// A member of the engine's message.
    static std::string code_of(const std::string& member) { return "<code>msg." + html(member) + "</code>"; }

    std::string end() const { return out + "</script>\n"; }

  private:
    static std::string type_of(const Json& field) {
        std::string kind = field["kind"];
        if (kind == "number" || kind == "boolean") return kind;
        if (kind == "json") return "JSON";
        return kind == "list" || kind == "secret" ? "" : "string";
    }

    /// What of a message counts where the field is left empty.
    std::string stands_in(const Json& field) const {
        std::string members;
        const Json found = field.value("stand_in", Json::object()).value("members", Json::array());
        for (const Json& member : found)
            members += (members.empty() ? "" : ", ") + code_of(member.get<std::string>());
        return members.empty() ? "" : with_code("panel.help.left_empty", "members", members);
    }

    const Json& catalogue_;
    std::string out;
};

}  // namespace

std::string help(const Json& panel, const Json& catalogue, const Words& words) {
    Page node(catalogue, panel["node"]);
    const std::string component = words.text("component.help");
    node.paragraph(words.text("node.help", component));
    node.heading(node.at("panel.help.inputs"));
    node.form(panel["input"], "input");
    node.heading(node.at("panel.help.outputs"));
    // As the runtime names it: the type's first word.
    const std::string type = panel["type"];
    node.line("<p>" +
              node.with_code("panel.help.result", "member", Page::code_of(type.substr(0, type.find('-')))) +
              "</p>");
    node.line(R"(<ol class="node-ports">)");
    for (const Json& port : panel["ports"]) {
        const std::string key = "ports." + key_part(port.get<std::string>());
        const std::string text = node.at(key + ".help");
        node.line("  <li>" + html(node.at(key + ".label")) +
                  (text.empty() ? "" : "<dl class=\"message-properties\"><dd>" + html(text) + "</dd></dl>") +
                  "</li>");
    }
    node.line("</ol>");
    node.heading(node.at("panel.help.details"));
    node.paragraph(words.text("operations/" + panel["operation"].get<std::string>() + ".help"));
    node.line(R"(<dl class="message-properties">)");
    node.line("  <dt>" + html(node.at("label.account-field")) + "</dt>");
    node.line("  <dd>" + html(node.at("panel.help.account")) + "</dd>");
    node.line("  <dt class=\"optional\">" + html(node.at("label.call_id")) + "</dt>");
    node.line("  <dd>" + html(node.at("label.call_id_help")) + "</dd>");
    const Json flags = panel.value("flags", Json::array());
    for (const std::string flag : flags) node.term("flags." + key_part(flag), "boolean", true);
    node.line("</dl>");
    node.actions(panel["actions"], true);

    Page account(catalogue, panel["account"]);
    account.paragraph(words.text("account.help", component));
    account.heading(account.at("panel.help.fields"));
    account.form(panel["settings"], "settings");
    account.actions(panel["actions"], false);
    return node.end() + account.end();
}

}  // namespace wfc::panel
