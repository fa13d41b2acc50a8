/// The commands of `wfc`. Each returns the exit code or throws Stop.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"
#include "tool/options.hpp"

namespace wfc {
class SecretStore;
}

namespace wfc::tool {

int describe(const DescribeOptions& options);
int invoke(const InvokeOptions& options, SecretStore& secrets);
int run(const RunOptions& options, SecretStore& secrets);
int secret(const SecretOptions& options, SecretStore& secrets);

/// The installed component of that type. Throws Stop(69) that names the nearest one and where it looked.
Manifest find_component(const std::string& type, const std::vector<std::filesystem::path>& components);

/// Throws Stop(64) where the component has no such operation, naming the nearest, and Stop(69) where that
/// needs a service that this host does not offer.
void check_operation(const Manifest& manifest, const std::string& id);

}  // namespace wfc::tool
