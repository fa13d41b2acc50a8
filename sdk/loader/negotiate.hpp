/// What can be decided from a manifest alone: may this host load that component?
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"

namespace wfc {

/// The library to map for this machine: canonical, inside the component's directory. Throws Refused for
/// another major, a newer minor, a required service that is not `offered`, a platform without a library, or a
/// library that is missing.
std::filesystem::path negotiate(const Manifest& manifest, const std::vector<std::string>& offered);

}  // namespace wfc
