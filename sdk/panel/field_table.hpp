/// The fields that a panel shows for a document: the members of its schema, flat and in the schema's order.
///
/// Guarantees: a member that several branches of a choice have is one field, which is shown for each of them;
/// members that nobody enters (`x-content`, `x-host`, deprecated ones, constants that need not be there) are
/// left out; a constant that must be there is a field of the kind "fixed", which no panel shows. Knows
/// nothing of any engine but the names that it must not use.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

namespace wfc::panel {

/// The name of the member at `pointer`: its parts joined by "_", every character that is not a letter, a
/// digit or "_" replaced by it. A name that is `taken`, or that does not begin with a letter, gets
/// "`document`_" before it.
std::string field_name(std::string_view pointer, std::string_view document,
                       const std::set<std::string>& taken);

/// The fields of `schema` (without faults), as objects of the file panel.json. `document` ("settings",
/// "input") names it where a name is taken. Throws Refused, a sentence, where two members would have one
/// name, one still has a name that is taken, two branches say different things of one member, or there is
/// more than somebody can fill in (2,000 fields, 1,000 values to choose from).
nlohmann::ordered_json field_table(const nlohmann::ordered_json& schema, std::string_view document,
                                   const std::set<std::string>& taken);

/// The groups that `fields` use, in the order of the schema's `x-groups`.
nlohmann::ordered_json group_table(const nlohmann::ordered_json& schema,
                                   const nlohmann::ordered_json& fields);

}  // namespace wfc::panel
