/// Which members of an engine's message stand in for fields of the node that nobody set: what the
/// hand-written part of a package reads, told to its editor and its help.
///
/// The file stand_ins.json of a package: `{"FIELD": {"members": ["a", "b"], "preview": true, "unless":
/// ["FIELD"]}}`. `members`: in their order; the first that the message has counts. `preview`: an action on
/// the node's fields shows the name of the first member, unless one of those fields is set.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace wfc::panel {

/// Puts `stand_in` into the fields that `document` names; an empty document names none. Throws Refused, a
/// sentence, for another form or a field that is not there.
void add_stand_ins(nlohmann::ordered_json& fields, std::string_view document);

}  // namespace wfc::panel
