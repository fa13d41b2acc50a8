#include "manifest/schema_keywords.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace wfc::schema {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 7> type_names{"object",  "array",   "string", "number",
                                                     "integer", "boolean", "null"};

bool distinct_words(const json& value) {
    if (!value.is_array()) return false;
    std::set<std::string_view> known;
    return std::all_of(value.begin(), value.end(), [&](const json& word) {
        return word.is_string() && known.insert(word.get_ref<const std::string&>()).second;
    });
}

/// {"member": ["value", …]}, not empty.
bool lists_of_words(const json& value) {
    return value.is_object() && !value.empty() &&
           std::all_of(value.begin(), value.end(),
                       [](const json& list) { return distinct_words(list) && !list.empty(); });
}

bool type_words(const json& value) {
    const auto known = [](const json& word) {
        return word.is_string() && std::find(type_names.begin(), type_names.end(),
                                             word.get_ref<const std::string&>()) != type_names.end();
    };
    return known(value) ||
           (distinct_words(value) && !value.empty() && std::all_of(value.begin(), value.end(), known));
}

}  // namespace

const char* fault_of(Form form, const json& value) {
    switch (form) {
        case Form::types:
            return type_words(value) ? "" : "must be a type of JSON, or a list of different ones";
        case Form::list:
            return value.is_array() && !value.empty() ? "" : "must be a list that is not empty";
        case Form::words:
            return distinct_words(value) ? "" : "must be a list of different strings";
        case Form::schemas:
            return value.is_object() ? "" : "must be an object of schemas";
        case Form::off:
            return value == false ? "" : "can only be false";
        case Form::schema:
            return value.is_object() ? "" : "must be one schema";
        case Form::size:
            return value.is_number_unsigned() ? "" : "must be a whole number, not negative";
        case Form::number:
            return value.is_number() ? "" : "must be a number";
        case Form::text:
            return value.is_string() ? "" : "must be a string";
        case Form::reference:
            return value.is_string() ? "" : "must be a string such as \"#/definitions/name\"";
        case Form::yes_or_no:
            return value.is_boolean() ? "" : "must be true or false";
        case Form::branches:
            return value.is_array() && !value.empty() ? "" : "must be a list of alternatives";
        case Form::siblings:
            return lists_of_words(value) ? ""
                                         : "must be an object of lists of strings: {\"member\": [\"value\"]}";
        case Form::any:
            break;
    }
    return "";
}

}  // namespace wfc::schema
