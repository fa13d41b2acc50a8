/// Whether an operation is there with the settings at hand (`when` of its manifest).
#pragma once

#include <string>

#include "manifest/manifest.hpp"

namespace wfc::tool {

/// What of `settings` is in the way, "/auth/method is \"password\" and would have to be \"oauth2\""; empty
/// where nothing is. Settings that cannot be parsed are left to the component.
std::string mismatch(const Operation& operation, const std::string& settings);

/// Throws Stop(78) with that.
void check_when(const Manifest& manifest, const std::string& id, const std::string& settings);

}  // namespace wfc::tool
