/// The script that registers a node and its account with Node-RED's editor.
///
/// Guarantees: defaults and credentials are literal, so that tools which only read the file find them. All
/// that is done in the dialogs is the work of `window.wfcPanel`, written by hand: its `register` gets the
/// table and both definitions, its `validate.…` make the checks of single fields.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace wfc::panel {

/// The `<script>`. `icon`: its name among the package's icons, or one of the engine's own.
std::string registration(const nlohmann::ordered_json& panel, const std::string& icon);

}  // namespace wfc::panel
