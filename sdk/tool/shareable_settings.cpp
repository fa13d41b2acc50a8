#include "tool/shareable_settings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tool/schema_walk.hpp"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

using nlohmann::json;
using Nodes = std::vector<const json*>;

constexpr const char* left_out = "(left out)";

bool marked(const json* node, const char* mark) {
    const auto found = node->is_object() ? node->find(mark) : node->end();
    return found != node->end() && *found == true;
}

bool any_marked(const json& root, const Nodes& nodes, const char* mark) {
    return std::any_of(nodes.begin(), nodes.end(), [&](const json* node) {
        const json* const target = resolved(root, node);
        return marked(node, mark) || (target != nullptr && marked(target, mark));
    });
}

/// All strings below: nobody knows which of them is the secret.
void misplaced_in(const json& value, std::vector<SecretString>& into) {
    if (value.is_string()) into.emplace_back(value.get_ref<const std::string&>());
    if (value.is_number()) into.emplace_back(value.dump());
    if (value.is_structured()) {
        for (const json& each : value) misplaced_in(each, into);
    }
}

/// "Alice <alice@example.test>" without "Alice": addresses are masked later, names cannot be.
std::string without_name(const std::string& text) {
    const std::size_t open = text.rfind('<');
    if (open == text.npos || text.back() != '>' || text.find('@', open) == text.npos) return text;
    return text.find_first_not_of(' ') == open ? text : std::string(left_out) + " " + text.substr(open);
}

class Sharing {
  public:
    explicit Sharing(const json& root) : root_(root) {}

    /// As deep as parse_json lets a document be. `nodes`: the schemas that may apply to `value`.
    json shared(const Nodes& nodes, const json& value) {
        if (any_marked(root_, nodes, "x-secret")) return reference(value);
        if (nodes.empty() || any_marked(root_, nodes, "x-content")) return left_out;
        if (value.is_string()) return without_name(value.get_ref<const std::string&>());
        if (!value.is_structured()) return value;
        json out = value.is_array() ? json::array() : json::object();
        std::size_t index = 0;
        for (const auto& [member, child] : value.items()) {
            Nodes below;
            for (const json* node : nodes) {
                const Nodes more =
                    members(root_, node, value.is_array() ? std::to_string(index) : std::string(member));
                below.insert(below.end(), more.begin(), more.end());
            }
            ++index;
            if (value.is_array()) {
                out.push_back(shared(below, child));
            } else {
                out[member] = shared(below, child);
            }
        }
        return out;
    }

    std::vector<SecretString> misplaced{};

  private:
    json reference(const json& value) {
        const bool is_one = value.is_object() && value.size() == 1 && value.contains("$secret") &&
                            value["$secret"].is_string();
        if (!is_one) misplaced_in(value, misplaced);
        return is_one ? value : json(left_out);
    }

    const json& root_;
};

}  // namespace

ShareableSettings shareable_settings(const std::string& schema, const std::string& settings) {
    ShareableSettings out;
    const json root = json::parse(schema, nullptr, false);
    try {
        const json value = parse_json(settings, WFC_INVALID_SETTINGS, "settings");
        Sharing sharing(root);
        const json shown = root.is_object() ? sharing.shared({&root}, value) : json(left_out);
        out.document = shown.dump(2, ' ', false, json::error_handler_t::replace);
        out.misplaced = std::move(sharing.misplaced);
    } catch (const Problem& problem) {
        out.document = json("(left out: they cannot be read as settings)").dump();
    }
    return out;
}

}  // namespace wfc::tool
