/// Loads a component, configures it, calls one operation and ends: what `wfc invoke` and `wfc account` do.
///
/// Guarantees: Ctrl-C cancels the call, a second one leaves at once, and before the call there is nothing to
/// cancel; one document is shown, whatever happens after the settings were read. Offers a prompt.
#pragma once

#include "manifest/manifest.hpp"
#include "tool/finish.hpp"
#include "tool/options.hpp"

namespace wfc {
class SecretStore;
}

namespace wfc::tool {

/// The exit code. Throws Stop for what is wrong before the component is asked. Before other threads.
int call_once(const InvokeOptions& options, const Manifest& manifest, SecretStore& secrets, ShowResult show);

}  // namespace wfc::tool
