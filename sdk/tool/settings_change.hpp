/// `--set /pointer=value`: changing settings from the command line.
///
/// Guarantees: a secret's value is refused there, since every user of the machine can read it. What the
/// component thinks of the result is the component's business.
#pragma once

#include <string>
#include <string_view>

#include "tool/options.hpp"

namespace wfc::tool {

/// The settings with the changes made. Settings that cannot be parsed come back as they are: the component
/// says what is wrong. `schema_json`: the settings' schema, or empty. Throws Stop(64) for a pointer that does
/// not fit and for a secret in the clear.
std::string change_settings(const std::string& settings, const Assignments& changes,
                            const std::string& schema_json);

/// As much of `pointer` as the schema knows, and "/…" for the rest, which may be a value that slipped in.
std::string known_pointer(const std::string& pointer, const std::string& schema_json);

}  // namespace wfc::tool
