/// The fields that a panel shows for a document: the members of its schema, flat and in the schema's order.
///
/// Guarantees: a member that several branches of a choice have is one field, which is shown for each of them;
/// members that nobody enters (constants, `x-content`, `x-host`, deprecated ones) are left out. Knows nothing
/// of any engine but the names that it must not use.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

namespace wfc::panel {

/// The name of the member at `pointer`: its parts joined by "_", every character that is not a letter, a
/// digit or "_" replaced by it. A name that is `taken`, or that begins with "_", gets "`document`_" before
/// it.
std::string field_name(std::string_view pointer, std::string_view document,
                       const std::set<std::string>& taken);

/// The fields of `schema` (without faults), as objects of the file panel.json. `document` ("settings",
/// "input") names it where a name is taken. Throws Refused, a sentence, where two members would have one
/// name, or one still has a name that is taken.
nlohmann::ordered_json field_table(const nlohmann::ordered_json& schema, std::string_view document,
                                   const std::set<std::string>& taken);

/// The groups that `fields` use, in the order of the schema's `x-groups`.
nlohmann::ordered_json group_table(const nlohmann::ordered_json& schema,
                                   const nlohmann::ordered_json& fields);

/// What `$ref` leads to within `root`, with the keywords beside it; `node` itself without one.
nlohmann::ordered_json whole_schema(const nlohmann::ordered_json& root, const nlohmann::ordered_json& node);

}  // namespace wfc::panel
