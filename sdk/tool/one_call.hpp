/// Loads a component, configures it (unless the operation can do without settings and none are given), calls
/// one operation and ends: what `wfc invoke` and `wfc account` do.
///
/// Guarantees: Ctrl-C cancels the call, a second one leaves at once, and before the call there is nothing to
/// cancel; one document is shown, whatever happens after the settings were read. Offers a prompt.
#pragma once

#include <functional>
#include <string_view>

#include "manifest/manifest.hpp"
#include "tool/finish.hpp"
#include "tool/options.hpp"

namespace wfc {
class SecretStore;
}

namespace wfc::tool {

/// How a call is shown.
struct CallView {
    ShowResult show{};
    /// True where it has shown the progress event, which otherwise the log does. May be empty.
    std::function<bool(std::string_view event, LogWriter& log)> progress{};
};

/// The exit code. Throws Stop for what is wrong before the component is asked. Before other threads.
int call_once(const InvokeOptions& options, const Manifest& manifest, SecretStore& secrets, CallView view);

}  // namespace wfc::tool
