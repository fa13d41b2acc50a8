#include "tool/shareable_settings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/secret_records.hpp"
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

/// An address of the web without what is asked there: tokens are often handed over so.
std::string without_query(const std::string& text) {
    const std::size_t scheme = text.find("://");
    const std::size_t query = scheme == text.npos ? text.npos : text.find_first_of("?#", scheme);
    return query == text.npos ? text : text.substr(0, query + 1) + left_out;
}

bool of_type(const json& value, const std::string& type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return type == "null" && value.is_null();
}

bool allows(const json& schema, const json& value) {
    if (const auto only = schema.find("const"); only != schema.end() && *only != value) return false;
    if (const auto one = schema.find("enum"); one != schema.end() && one->is_array())
        if (std::find(one->begin(), one->end(), value) == one->end()) return false;
    if (schema.contains("properties") && !schema.contains("type")) return false;  // an object
    const auto type = schema.find("type");
    if (type == schema.end()) return true;
    if (type->is_string()) return of_type(value, *type);
    return std::any_of(type->begin(), type->end(),
                       [&](const json& each) { return each.is_string() && of_type(value, each); });
}

class Sharing {
  public:
    explicit Sharing(const json& root) : root_(root) {}

    /// As deep as parse_json lets a document be. `nodes`: the schemas that may apply to `value`.
    json shared(const Nodes& nodes, const json& value) {
        if (any_marked(root_, nodes, "x-secret")) return reference(value);
        if (nodes.empty() || any_marked(root_, nodes, "x-content")) return left_out;
        if (!value.is_structured() && !allowed(nodes, value)) return left_out;
        if (value.is_string()) return without_name(without_query(value.get_ref<const std::string&>()));
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
                            value["$secret"].is_string() &&
                            storable_name(value["$secret"].get_ref<const std::string&>());
        if (!is_one) misplaced_in(value, misplaced);
        return is_one ? value : json(left_out);
    }

    /// Whether one of the schemas allows it: what is typed at a wrong place may be anything.
    bool allowed(const Nodes& nodes, const json& value, int depth = 0) const {
        return std::any_of(nodes.begin(), nodes.end(), [&](const json* node) {
            const json* const target = resolved(root_, node);
            if (target == nullptr || !target->is_object() || depth > 16) return false;
            const auto choice = target->find("oneOf");
            if (choice == target->end() || !choice->is_array()) return allows(*target, value);
            Nodes branches;
            for (const json& each : *choice) branches.push_back(&each);
            return allowed(branches, value, depth + 1);
        });
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
