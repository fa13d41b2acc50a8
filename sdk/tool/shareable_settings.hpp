/// The settings of a call as they may be shown to somebody else.
///
/// Guarantees: holds only what the schema of the settings knows: everything else, values that the
/// schema does not allow, whatever stands where a reference to a secret belongs, names of secrets that can be
/// none, queries of addresses of the web, and members that are marked `"x-content": true` are "(left out)".
/// Addresses of people and the machine's names are still in it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "wfc/secret.hpp"

namespace wfc::tool {

struct ShareableSettings {
    std::string document;  ///< one JSON value; a string that says so where the settings are no JSON
    /// What stands where a reference to a secret belongs: somebody's secret, most likely.
    std::vector<SecretString> misplaced;
};

/// `schema`: the text of the schema of the settings; empty: none is known.
ShareableSettings shareable_settings(const std::string& schema, const std::string& settings);

}  // namespace wfc::tool
