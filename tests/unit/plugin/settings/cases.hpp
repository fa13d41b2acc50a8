/// The tables of cases.json and keys.json, for those who must agree on them.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace mailsend {

/// {"$repeat": [what, times]} stands for long strings and lists.
inline nlohmann::json expanded(const nlohmann::json& value) {
    if (value.is_object() && value.size() == 1 && value.contains("$repeat")) {
        const nlohmann::json what = expanded(value["$repeat"][0]);
        const auto times = value["$repeat"][1].get<std::size_t>();
        if (what.is_string()) {
            std::string text;
            for (std::size_t i = 0; i < times; ++i) text += what.get<std::string>();
            return text;
        }
        nlohmann::json list = nlohmann::json::array();
        for (std::size_t i = 0; i < times; ++i) list.push_back(what[0]);
        return list;
    }
    nlohmann::json out = value;
    if (out.is_structured()) {
        for (nlohmann::json& member : out) member = expanded(member);
    }
    return out;
}

inline nlohmann::json table() {
    std::ifstream file(SOURCE_DIR "/tests/unit/plugin/settings/cases.json");
    return nlohmann::json::parse(file);
}

/// The table of keys in keys.json.
inline nlohmann::json table_of_keys() {
    std::ifstream file(SOURCE_DIR "/tests/unit/plugin/settings/keys.json");
    return nlohmann::json::parse(file);
}

/// The settings of a row's base with its "good" or "bad" value.
inline nlohmann::json with_key(const nlohmann::json& table, const nlohmann::json& row, const char* value) {
    nlohmann::json settings = table["bases"][row["base"].get<std::string>()];
    settings[nlohmann::json::json_pointer(row["key"].get<std::string>())] = row[value];
    return settings;
}

}  // namespace mailsend
