#include "panel/templates.hpp"

#include <nlohmann/json.hpp>

#include "panel/catalogue.hpp"
#include "panel/markup.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

std::string attribute(const std::string& name, const std::string& value) {
    return " " + name + "=\"" + html(value) + "\"";
}

class Dialog {
  public:
    Dialog(const Json& catalogue, std::string area, std::string ids)
        : catalogue_(catalogue), area_(std::move(area)), ids_(std::move(ids)) {}

    void begin(const std::string& node) {
        line(0, R"(<script type="text/html")" + attribute("data-template-name", node) + ">");
        line(1, R"(<div class="wfc-panel")" + attribute("data-panel", node) + ">");
    }

    std::string end() {
        line(1, "</div>");
        line(0, "</script>");
        return out_;
    }

    void line(int depth, const std::string& text) {
        out_.append(static_cast<std::size_t>(depth) * 2, ' ').append(text).append("\n");
    }

    /// A row whose texts are not those of a field: `label` and `help` are keys.
    void plain_row(const std::string& name, const std::string& label, const std::string& help,
                   const std::string& input) {
        line(2, R"(<div class="form-row wfc-row")" + attribute("data-field", name) + ">");
        line(3, label_of(name, label, help));
        line(3, input);
        line(2, "</div>");
    }

    void field_row(const Json& field) {
        const std::string name = field["name"];
        const std::string key = area_ + "." + key_part(name);
        line(3, R"(<div class="form-row wfc-row")" + attribute("data-field", name) +
                    attribute("data-kind", field["kind"]) + ">");
        line(4, label_of(name, key + ".label", key + ".help"));
        control(field, name, key);
        const std::string unit = "panel.unit." + key_part(field.value("unit", ""));
        if (field.contains("unit") && has(unit))
            line(4, R"(<span class="wfc-unit")" + attribute("data-i18n", unit) + "></span>");
        line(4, R"(<div class="wfc-hint" data-hint hidden></div>)");
        line(3, "</div>");
    }

    /// Sections, one for each group; `last` writes what else stands in the one that comes last.
    template <class Last>
    void sections(const Json& form, const Last& last) {
        section(form["fields"], "", false, [] {});
        const Json& groups = form["groups"];
        bool written = false;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            const bool collapsed = groups[i].value("collapsed", false);
            written = written || collapsed;
            section(form["fields"], groups[i]["id"], collapsed, [&] {
                if (collapsed) last();
            });
        }
        if (!written) last();
    }

    void places() {
        line(2, R"(<div class="wfc-actions" data-actions></div>)");
        line(2, R"(<div class="wfc-problems" data-problems role="status" aria-live="polite"></div>)");
        line(2, R"(<div class="wfc-view" data-view></div>)");
    }

    std::string id_of(const std::string& name) const { return ids_ + name; }
    bool has(const std::string& key) const { return !text_at(catalogue_, key).empty(); }

  private:
    std::string label_of(const std::string& name, const std::string& label, const std::string& help) const {
        return "<label" + attribute("for", id_of(name)) +
               (has(help) ? attribute("data-i18n", "[title]" + help) : "") + "><span" +
               attribute("data-i18n", label) + "></span></label>";
    }

    template <class Last>
    void section(const Json& fields, const std::string& group, bool collapsed, const Last& last) {
        bool begun = !group.empty();
        const std::string title = attribute("data-i18n", "groups." + key_part(group));
        const std::string attributes = attribute("data-group", group) + ">";
        if (begun && collapsed) {
            line(2, R"(<details class="wfc-group")" + attributes);
            line(3, R"(<summary class="wfc-group-title")" + title + "></summary>");
        } else if (begun) {
            line(2, R"(<div class="wfc-group")" + attributes);
            line(3, R"(<h4 class="wfc-group-title")" + title + "></h4>");
        }
        for (const Json& field : fields) {
            if (field.value("group", "") != group || field.contains("written")) continue;
            if (!begun) line(2, R"(<div class="wfc-group" data-group="">)");
            begun = true;
            field_row(field);
        }
        last();
        if (begun) line(2, collapsed ? "</details>" : "</div>");
    }

    void control(const Json& field, const std::string& name, const std::string& key) {
        const std::string kind = field["kind"];
        const std::string id = attribute("id", id_of(name));
        const std::string hint =
            has(key + ".placeholder") ? attribute("data-i18n", "[placeholder]" + key + ".placeholder") : "";
        if (area_ == "input") {  // a value or where it comes from
            line(4, R"(<input type="text" class="wfc-typed")" + id + hint + ">");
            line(4, R"(<input type="hidden")" + attribute("id", id_of(name) + "_type") + ">");
        } else if (kind == "boolean") {
            line(4, R"(<input type="checkbox" class="wfc-check")" + id + ">");
        } else if (kind == "select" || kind == "choice") {
            select(field, id, key);
        } else if (kind == "options") {
            line(4, "<select" + id + attribute("data-options", field["options"]) + ">");
            line(5, R"(<option value="" data-i18n="panel.select.choose"></option>)");
            line(4, "</select>");
        } else if (kind == "list" || kind == "json" || field.contains("multiline")) {
            const std::string secret = kind == "secret" ? " wfc-secret" : "";
            line(4, R"(<textarea rows="3" spellcheck="false" autocomplete="off" class="wfc-text)" + secret +
                        "\"" + id +
                        (hint.empty() && kind == "list" ? R"( data-i18n="[placeholder]panel.list.hint")"
                                                        : hint) +
                        "></textarea>");
        } else if (kind == "secret") {
            line(4, R"(<input type="password" autocomplete="new-password")" + id + hint + ">");
        } else {
            line(4, R"(<input type="text" autocomplete="off")" +
                        std::string(kind == "number" ? R"( inputmode="numeric")" : "") + id + hint + ">");
        }
    }

    void select(const Json& field, const std::string& id, const std::string& key) {
        line(4, "<select" + id + ">");
        if (!field.contains("default") && !field.contains("required"))
            line(5, R"(<option value="" data-i18n="panel.select.unset"></option>)");
        else if (!field.contains("default") && field["kind"] == "select")  // a person has to say it
            line(5, R"(<option value="" data-i18n="panel.select.choose"></option>)");
        for (const Json& value : field["values"]) {
            const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
            line(5, "<option" + attribute("value", word) +
                        attribute("data-i18n", key + ".enum." + key_part(word)) + "></option>");
        }
        line(4, "</select>");
    }

    const Json& catalogue_;
    std::string area_, ids_, out_;
};

}  // namespace

std::string account_template(const Json& panel, const Json& catalogue) {
    Dialog dialog(catalogue, "settings", "node-config-input-");
    dialog.begin(panel["account"]);
    dialog.plain_row("name", "label.name", "",
                     R"(<input type="text" id="node-config-input-name" autocomplete="off">)");
    dialog.sections(panel["settings"], [] {});
    dialog.places();
    return dialog.end();
}

std::string node_template(const Json& panel, const Json& catalogue) {
    Dialog dialog(catalogue, "input", "node-input-");
    dialog.begin(panel["node"]);
    dialog.plain_row("name", "label.name", "",
                     R"(<input type="text" id="node-input-name" autocomplete="off">)");
    dialog.plain_row("account", "label.account-field", "panel.help.account",
                     R"(<input type="text" id="node-input-account">)");
    dialog.sections(panel["input"], [&] {
        dialog.plain_row("call_id", "label.call_id", "label.call_id_help",
                         R"(<input type="text" class="wfc-typed" id="node-input-call_id">)"
                         R"(<input type="hidden" id="node-input-call_id_type">)");
        const Json flags = panel.value("flags", Json::array());
        for (const std::string flag : flags) {
            const std::string key = "flags." + key_part(flag);
            dialog.plain_row(
                flag, key + ".label", key + ".help",
                R"(<input type="checkbox" class="wfc-check" id=")" + html("node-input-" + flag) + "\">");
        }
    });
    dialog.places();
    return dialog.end();
}

}  // namespace wfc::panel
