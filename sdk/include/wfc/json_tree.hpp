/// A tree of values from JSON text, as nlohmann::json::parse makes it, by way of JsonReader.
///
/// Guarantees: what it takes, and what that becomes, is the same; so are bounds and members that stand twice
/// refused by parse_json (json.hpp), which finds the words for what this refuses.
#pragma once

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "wfc/json_reader.hpp"

namespace wfc::detail {

/// A number as the parser of nlohmann::json takes it: unsigned, negative or, where it is no whole number or
/// too large for 64 bits, a double.
inline nlohmann::json number_of(std::string_view written) {
    const auto whole = [&](auto value) {
        const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
        const bool all = error == std::errc() && end == written.data() + written.size();
        return all ? std::optional(value) : std::nullopt;
    };
    if (written.front() == '-') {
        if (const auto value = whole(std::int64_t{})) return *value;
    } else if (const auto value = whole(std::uint64_t{})) {
        return *value;
    }
    return nlohmann::json::parse(written.begin(), written.end());
}

/// The value that `in` stands before.
inline nlohmann::json tree_of(JsonReader& in) {
    using Kind = JsonReader::Kind;
    switch (in.peek()) {
        case Kind::object: {
            nlohmann::json out = nlohmann::json::object();
            auto& members = out.get_ref<nlohmann::json::object_t&>();
            in.enter_object();
            for (std::string_view name; in.next_member(name);) {
                nlohmann::json& value = members[std::string(name)];
                value = tree_of(in);
            }
            return out;
        }
        case Kind::list: {
            nlohmann::json out = nlohmann::json::array();
            for (in.enter_list(); in.next_element();) out.push_back(tree_of(in));
            return out;
        }
        case Kind::string:
            return std::string(in.string());
        case Kind::boolean:
            return in.boolean();
        case Kind::null:
            in.null();
            return nullptr;
        default:
            return number_of(in.number());
    }
}

/// A sound document, several times faster than by a parser that calls back for each value; else nothing.
inline std::optional<nlohmann::json> sound_tree(std::string_view document, JsonReaderBounds bounds) {
    try {
        JsonReader in(document, bounds);
        nlohmann::json out = tree_of(in);
        in.finish();
        return out;
    } catch (const JsonFault&) {
        return std::nullopt;
    }
}

}  // namespace wfc::detail
