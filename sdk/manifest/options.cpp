#include "manifest/options.hpp"

#include <set>

#include "manifest/refused.hpp"
#include "wfc/json.hpp"

namespace wfc {

using nlohmann::json;

namespace {

constexpr std::size_t option_limit = 10'000;

/// The one list of the document; a second one would leave open which is meant.
const json& list_of(const json& document, const std::string& file) {
    const json* found = nullptr;
    for (const json& member : document) {
        if (!member.is_array()) continue;
        if (found != nullptr) throw Refused(file + " must hold one list of choices, not several");
        found = &member;
    }
    if (found == nullptr) throw Refused(file + " must hold a list of choices");
    if (found->size() > option_limit)
        throw Refused(file + " must hold at most " + std::to_string(option_limit) + " choices");
    return *found;
}

Option option_of(const json& item, const std::string& file) {
    const auto id = item.is_object() ? item.find("id") : item.end();
    if (!item.is_object() || id == item.end() || !id->is_string() ||
        id->get_ref<const std::string&>().empty()) {
        throw Refused(file + ": every choice must be an object with an \"id\"");
    }
    Option out{id->get<std::string>(), {}};
    const json names = item.value("name", json::object());
    if (!names.is_object()) throw Refused(file + ": a choice's \"name\" must be an object of languages");
    for (const auto& [language, name] : names.items()) {
        if (!name.is_string()) throw Refused(file + ": a choice's \"name\" must hold strings");
        out.name[language] = name.get<std::string>();
    }
    return out;
}

}  // namespace

std::vector<Option> read_options(std::string_view document, std::string_view file) {
    const std::string name(file);
    try {
        const json parsed = parse_json(document, WFC_INVALID_SETTINGS, "file", {std::size_t{4} << 20, 16});
        if (!parsed.is_object()) throw Refused(name + " must be an object");
        std::vector<Option> out;
        std::set<std::string> ids;
        for (const json& item : list_of(parsed, name)) {
            Option option = option_of(item, name);
            if (!ids.insert(option.id).second)
                throw Refused(name + ": the id \"" + shortened(option.id) + "\" stands twice");
            out.push_back(std::move(option));
        }
        return out;
    } catch (const Problem& problem) {
        throw Refused(name + ": " + problem.what());
    }
}

}  // namespace wfc
