/// The texts of a panel as an engine's editor reads them: a tree of keys.
///
/// Guarantees: every key that the templates and scripts of the same table use is there, and every language
/// has the same keys; a label that a component does not have is the member's name. Steps of a key are made
/// with `key_part`.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "manifest/manifest.hpp"

namespace wfc::panel {

/// The catalogue of `panel` (a `panel_table` of `manifest`). Throws Refused where two words would have the
/// same key.
nlohmann::ordered_json catalogue(const nlohmann::ordered_json& panel, const Manifest& manifest,
                                 std::string_view language);

/// The text at a key such as "settings.port.label"; empty: there is none.
std::string text_at(const nlohmann::ordered_json& catalogue, std::string_view key);

}  // namespace wfc::panel
