#include "panel/catalogue.hpp"

#include <nlohmann/json.hpp>

#include "manifest/refused.hpp"
#include "panel/markup.hpp"
#include "panel/words.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

class Tree {
  public:
    explicit Tree(const Words& words) : words_(words) {}

    void put(const std::vector<std::string>& key, const std::string& text) {
        Json* at = &tree;
        std::string shown;
        for (const std::string& step : key) {
            shown += (shown.empty() ? "" : ".") + step;
            if (!at->is_object()) break;
            if (!at->contains(key_part(step))) (*at)[key_part(step)] = Json::object();
            at = &(*at)[key_part(step)];
        }
        if (!at->is_object() || !at->empty())
            throw Refused("two texts would have the key " + shown + " of the panel");
        if (text.find("$t(") != std::string::npos)
            throw Refused("the text " + shown +
                          " of the panel has \"$t(\", which an editor would not show but "
                          "replace; write it in another way");
        *at = text;
    }

    /// `KEY.label`, and `.help` and `.placeholder` where they are.
    void labelled(const std::vector<std::string>& key, const std::string& text,
                  const std::string& otherwise) {
        put(with(key, "label"), words_.text(text, otherwise));
        for (const char* beside : {"help", "placeholder"}) {
            if (words_.has(text + "." + beside)) put(with(key, beside), words_.text(text + "." + beside));
        }
    }

    void fields(const std::vector<std::string>& area, const Json& fields, const std::string& prefix) {
        for (const Json& field : fields) {
            if (field["kind"] == "fixed") continue;
            const std::string pointer = field["pointer"];
            const std::vector<std::string> key = with(area, field["name"]);
            labelled(key, prefix + pointer, pointer.substr(pointer.rfind('/') + 1));
            const Json values = field.value("values", Json::array());
            for (const Json& value : values) {
                const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
                put(with(with(key, "enum"), word), words_.text(prefix + pointer + ".enum." + word, word));
            }
        }
    }

    void groups(const Json& groups) {
        for (const Json& group : groups) {
            const std::string id = group["id"];
            if (tree.contains("groups") && tree["groups"].contains(key_part(id))) continue;  // of both forms
            put({"groups", id}, words_.text("groups/" + id, id));
        }
    }

    static std::vector<std::string> with(std::vector<std::string> key, const std::string& step) {
        key.push_back(step);
        return key;
    }

    Json tree = Json::object();

  private:
    const Words& words_;
};

void own(Tree& tree, std::string_view language) {
    for (const auto& [key, text] : own_words(language)) {
        std::vector<std::string> steps;
        std::size_t begin = 0;
        for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
            steps.push_back(key.substr(begin, dot - begin));
            begin = dot + 1;
        }
        steps.push_back(key.substr(begin));
        tree.put(steps, text);
    }
}

/// "provider.enum.custom" → what stands of it below "account-view".
void account_view(Tree& tree, const Words& words) {
    for (const std::string& rest : words.below("account/")) {
        const std::size_t of_value = rest.find(".enum.");
        const std::string text = words.text("account/" + rest);
        if (of_value == std::string::npos) {
            tree.put({"account-view", rest, "label"}, text);
        } else {
            tree.put({"account-view", rest.substr(0, of_value), "enum", rest.substr(of_value + 6)}, text);
        }
    }
}

}  // namespace

Json catalogue(const Json& panel, const Manifest& manifest, std::string_view language) {
    const Words words(manifest, language);
    Tree tree(words);
    const std::string component = words.text("component", manifest.type);
    tree.put({"label", "node"}, words.text("node", component));
    tree.put({"label", "account"}, words.text("account", component));
    own(tree, language);
    tree.groups(panel["settings"]["groups"]);
    tree.groups(panel["input"]["groups"]);
    tree.fields({"settings"}, panel["settings"]["fields"], text_prefix(manifest.settings));
    const Operation& flow = *manifest.operation(panel["operation"].get<std::string>());
    tree.fields({"input"}, panel["input"]["fields"], text_prefix(flow.input));
    const Json flags = panel.value("flags", Json::array());
    for (const Json& flag : flags)
        tree.labelled({"flags", flag}, "node/" + flag.get<std::string>(), flag.get<std::string>());
    for (const Json& action : panel["actions"]) {
        const std::string id = action["id"];
        tree.labelled({"actions", id}, "operations/" + id, id);
        tree.fields({"action-input", id}, action["fields"], text_prefix(manifest.operation(id)->input));
    }
    for (const Json& port : panel["ports"])
        tree.labelled({"ports", port}, "ports/" + port.get<std::string>(), port.get<std::string>());
    for (const char* area : {"stage", "actor"}) {
        const std::string prefix = std::string("report/") + area + ".";
        for (const std::string& word : words.below(prefix)) tree.put({area, word}, words.text(prefix + word));
    }
    account_view(tree, words);
    return tree.tree;
}

std::string text_at(const Json& catalogue, std::string_view key) {
    const Json* at = &catalogue;
    while (!key.empty()) {
        const std::size_t dot = key.find('.');
        const auto found = at->is_object() ? at->find(std::string(key.substr(0, dot))) : at->end();
        if (found == at->end()) return {};
        at = &*found;
        key = dot == std::string_view::npos ? std::string_view{} : key.substr(dot + 1);
    }
    return at->is_string() ? at->get<std::string>() : std::string{};
}

}  // namespace wfc::panel
