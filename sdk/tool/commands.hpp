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
int account(const AccountOptions& options, SecretStore& secrets);
int explain(const ExplainOptions& options, SecretStore& secrets);
int panel(const PanelOptions& options);
int run(const RunOptions& options, SecretStore& secrets);
int serve(const ServeOptions& options, SecretStore& secrets);
int secret(const SecretOptions& options, SecretStore& secrets);

/// The installed component of that type. Throws Stop(69) that names the nearest one and where it looked.
Manifest find_component(const std::string& type, const std::vector<std::filesystem::path>& components);

/// The only component in those places that declares the operation. Throws Stop(69) where there is none, and
/// Stop(64) that names them where there are several.
Manifest find_declaring(const std::string& operation, const std::vector<std::filesystem::path>& search);

/// Throws Stop(64) where the component has no such operation, naming the nearest, and Stop(69) where that
/// needs a service that is not among those `offered`.
void check_operation(const Manifest& manifest, const std::string& id,
                     const std::vector<std::string>& offered);

}  // namespace wfc::tool
