/// The schema of settings or input as a list that a person can read.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace wfc::tool {

/// One member of the document.
struct OutlineRow {
    std::string pointer;    ///< "/server/port"; items of a list under "/list/-"
    std::string text_key;   ///< in the text catalogue: "settings/server/port"
    std::string facts;      ///< `number or string, required, default 587, one of "a" "b"`
    std::string condition;  ///< `with /server/kind "custom"`, or empty
    bool secret = false;
};

/// The ids that may be chosen, from the file that an `x-options` names.
using Choices = std::function<std::vector<std::string>(const std::string& file)>;

/// Every member in the schema's order; a choice lists the members of each branch with the condition that
/// shows them.
/// `prefix`: of the keys in the text catalogue (`text_prefix` of the schema's file). `choices`: asked once
/// for each `x-options`; where it is empty or knows none, the file is named instead.
std::vector<OutlineRow> outline(const nlohmann::ordered_json& schema, const std::string& prefix = "settings",
                                const Choices& choices = {});

}  // namespace wfc::tool
