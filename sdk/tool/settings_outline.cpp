#include "tool/settings_outline.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wfc/problem.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;

class Outliner {
  public:
    Outliner(const Json& root, const Choices& choices) : root_(root), choices_(choices) {}

    void object(const Json& raw, const std::string& pointer, const std::string& key,
                const std::string& condition, int depth) {
        const Json& node = resolve(raw);
        if (depth > 8 || !node.is_object()) return;
        const auto branches = node.find("oneOf");
        if (branches != node.end() && branches->is_array() && node.contains("x-choice") &&
            node["x-choice"].is_string()) {
            choice(*branches, node["x-choice"].get<std::string>(), pointer, key, condition, depth);
        }
        const auto properties = node.find("properties");
        if (properties == node.end() || !properties->is_object()) return;
        for (const auto& [name, property] : properties->items()) {
            member(property, required(node, name), pointer_to(pointer, name), key + "/" + name, condition,
                   depth);
        }
    }

    std::vector<OutlineRow> rows;

  private:
    void choice(const Json& branches, const std::string& discriminator, const std::string& pointer,
                const std::string& key, const std::string& condition, int depth) {
        OutlineRow row{pointer_to(pointer, discriminator), key + "/" + discriminator, {}, condition, false};
        std::string values;
        for (const Json& branch : branches) values += " " + constant(resolve(branch), discriminator);
        row.facts = "required, one of" + values;
        rows.push_back(row);
        for (const Json& branch : branches) {
            const Json& node = resolve(branch);
            const auto properties = node.find("properties");
            if (properties == node.end() || !properties->is_object()) continue;
            const std::string when = "with " + row.pointer + " " + constant(node, discriminator);
            for (const auto& [name, property] : properties->items()) {
                if (name == discriminator) continue;
                member(property, required(node, name), pointer_to(pointer, name), key + "/" + name, when,
                       depth);
            }
        }
    }

    void member(const Json& raw, bool needed, const std::string& pointer, const std::string& key,
                const std::string& condition, int depth) {
        const Json& node = resolve(raw);
        if (!node.is_object() || !raw.is_object()) return;
        OutlineRow row{pointer, key, {}, condition, raw.contains("x-secret") && raw["x-secret"] == true};
        const bool nested =
            !row.secret && only(node, "object") && (node.contains("properties") || node.contains("oneOf"));
        if (!nested) {
            row.facts = row.secret ? R"(secret: {"$secret": "NAME"})" : types(node);
            if (needed) row.facts += ", required";
            if (const auto unit = node.find("x-unit"); unit != node.end() && unit->is_string()) {
                row.facts += ", " + unit->get<std::string>();
            }
            if (const auto values = node.find("enum"); values != node.end() && values->is_array()) {
                row.facts += ", one of";
                for (const Json& value : *values) row.facts += " " + value.dump();
            }
            if (const auto file = raw.find("x-options"); file != raw.end() && file->is_string())
                row.facts += ", one of" + options(file->get<std::string>());
            if (const auto value = node.find("const"); value != node.end())
                row.facts += ", always " + value->dump();
            if (const auto value = node.find("default"); value != node.end())
                row.facts += ", default " + value->dump();
            if (row.facts.compare(0, 2, ", ") == 0) row.facts.erase(0, 2);
            rows.push_back(row);
        }
        if (nested) object(node, pointer, key, condition, depth + 1);
        const auto items = node.find("items");
        if (items != node.end() && only(node, "array"))
            object(*items, pointer + "/-", key, condition, depth + 1);
    }

    /// A few of the choices and how many there are: the file lists them all.
    std::string options(const std::string& file) const {
        const std::vector<std::string> ids = choices_ ? choices_(file) : std::vector<std::string>{};
        if (ids.empty()) return " those in " + file;
        constexpr std::size_t shown = 12;
        std::string out;
        for (std::size_t i = 0; i < std::min(ids.size(), shown); ++i) out += " " + Json(ids[i]).dump();
        return ids.size() <= shown ? out : out + " … (" + std::to_string(ids.size()) + " in " + file + ")";
    }

    const Json& resolve(const Json& node) const {
        const Json* at = &node;
        constexpr std::string_view definitions = "#/definitions/";
        for (int hops = 0; hops < 16 && at->is_object() && at->contains("$ref") && (*at)["$ref"].is_string();
             ++hops) {
            const std::string to = (*at)["$ref"].get<std::string>();
            const auto all = root_.find("definitions");
            if (to.compare(0, definitions.size(), definitions) != 0 || all == root_.end() ||
                !all->is_object())
                break;
            const auto found = all->find(to.substr(definitions.size()));
            if (found == all->end()) break;
            at = &*found;
        }
        return *at;
    }

    static bool required(const Json& node, const std::string& name) {
        const auto list = node.find("required");
        return list != node.end() && list->is_array() &&
               std::find(list->begin(), list->end(), Json(name)) != list->end();
    }
    static bool only(const Json& node, const char* type) {
        const auto found = node.find("type");
        return found == node.end() ? node.contains("properties") && std::string_view(type) == "object"
                                   : *found == type;
    }
    static std::string constant(const Json& branch, const std::string& discriminator) {
        const Json::json_pointer at("/properties/" + discriminator + "/const");
        return branch.contains(at) ? branch[at].dump() : "?";
    }
    std::string types(const Json& node) const {
        const auto type = node.find("type");
        if (type == node.end()) return {};
        if (type->is_string()) {
            std::string word = type->get<std::string>();
            const auto items = node.find("items");
            if (word != "array" || items == node.end()) return word;
            const std::string inner = types(resolve(*items));
            return inner.empty() ? "list" : "list of " + inner;
        }
        std::string out;
        for (const Json& one : *type) {
            if (one.is_string())
                out += (out.empty() ? "" : " or ") +
                       (one == "array" ? std::string("list") : one.get<std::string>());
        }
        return out;
    }

    const Json& root_;
    const Choices& choices_;
};

}  // namespace

std::vector<OutlineRow> outline(const Json& schema, const std::string& prefix, const Choices& choices) {
    Outliner outliner(schema, choices);
    outliner.object(schema, "", prefix, "", 0);
    return std::move(outliner.rows);
}

}  // namespace wfc::tool
