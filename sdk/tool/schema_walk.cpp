#include "tool/schema_walk.hpp"

#include <nlohmann/json.hpp>

namespace wfc::tool {

using nlohmann::json;

const json* resolved(const json& root, const json* node) {
    constexpr std::string_view definitions = "#/definitions/";
    for (int hops = 0; hops < 16 && node != nullptr && node->is_object(); ++hops) {
        const auto reference = node->find("$ref");
        if (reference == node->end() || !reference->is_string()) return node;
        const std::string& to = reference->get_ref<const std::string&>();
        if (to.compare(0, definitions.size(), definitions) != 0) return nullptr;
        const auto all = root.find("definitions");
        if (all == root.end() || !all->is_object()) return nullptr;
        const auto found = all->find(to.substr(definitions.size()));
        node = found == all->end() ? nullptr : &*found;
    }
    return nullptr;
}

std::vector<const json*> members(const json& root, const json* node, std::string_view member) {
    std::vector<const json*> out;
    node = resolved(root, node);
    if (node == nullptr) return out;
    if (const auto properties = node->find("properties");
        properties != node->end() && properties->is_object()) {
        const auto found = properties->find(std::string(member));
        if (found != properties->end()) out.push_back(&*found);
    }
    const bool index =
        !member.empty() && (member == "-" || member.find_first_not_of("0123456789") == member.npos);
    if (const auto items = node->find("items"); index && items != node->end()) out.push_back(&*items);
    if (const auto branches = node->find("oneOf"); branches != node->end() && branches->is_array()) {
        for (const json& branch : *branches) {
            const auto more = members(root, &branch, member);
            out.insert(out.end(), more.begin(), more.end());
        }
    }
    return out;
}

bool is_secret(const json& node) {
    const auto mark = node.is_object() ? node.find("x-secret") : node.end();
    return mark != node.end() && *mark == true;
}

}  // namespace wfc::tool
