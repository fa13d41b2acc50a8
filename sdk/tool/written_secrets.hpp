/// Which secrets of some settings a component writes itself.
///
/// Guarantees: those at members whose schema says `"x-written": true`. Nobody is told to store them: they are
/// not there until the component was used for the first time.
#pragma once

#include <set>
#include <string>

#include "manifest/manifest.hpp"

namespace wfc::tool {

using SecretNames = std::set<std::string, std::less<>>;

/// None where settings or schema are no usable JSON.
SecretNames written_secrets(const Manifest& manifest, const std::string& settings);
/// `schema`: the text of the schema of the settings.
SecretNames written_secrets(const std::string& schema, const std::string& settings);

}  // namespace wfc::tool
