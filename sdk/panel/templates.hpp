/// The dialogs of a node and of its account in Node-RED's editor, as HTML.
///
/// Guarantees: ids are those that Node-RED fills and reads (`node-input-…`, `node-config-input-…`); texts
/// stand nowhere but in the catalogue; a row is shown and hidden as a whole (`data-field`). What shows and
/// hides rows, fills choices and draws views is written by hand and finds its places by `data-` attributes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace wfc::panel {

/// `<script type="text/html" data-template-name="…">` of the account. `catalogue`: the English one, which
/// says which texts there are.
std::string account_template(const nlohmann::ordered_json& panel, const nlohmann::ordered_json& catalogue);

/// The same of the node.
std::string node_template(const nlohmann::ordered_json& panel, const nlohmann::ordered_json& catalogue);

}  // namespace wfc::panel
