/// The help of a node and of its account in Node-RED's sidebar, drawn from the catalogue of one language.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "panel/words.hpp"

namespace wfc::panel {

/// Both `<script type="text/html" data-help-name="…">`.
std::string help(const nlohmann::ordered_json& panel, const nlohmann::ordered_json& catalogue,
                 const Words& words);

}  // namespace wfc::panel
