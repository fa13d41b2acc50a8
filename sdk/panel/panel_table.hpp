/// The file panel.json: all that an engine's editor and runtime need to know of a component. Everything else
/// that is generated is drawn from it and from the texts.
///
/// Guarantees: the same component gives the same table. Runs nothing of the component.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"

namespace wfc::panel {

/// What an engine adds and reserves.
struct Engine {
    std::set<std::string> taken;          ///< names that no field of either node can have
    std::set<std::string> account_taken;  ///< nor of the account's
    std::set<std::string> node_taken;     ///< nor of the node's
    std::vector<std::string> flags;       ///< check boxes of the node that the component knows nothing of
    std::set<std::string> never{};        ///< names that nothing at all can have: every object has them
    std::string stand_ins{};              ///< see stand_ins.hpp; empty where nothing stands in
};

/// The node does the first operation of the kind "flow"; the panel does not show further ones. Throws
/// Refused, a sentence, for a component that no panel can be made of: without an operation of the kind
/// "flow", with a view that panels do not have, or with names that collide.
nlohmann::ordered_json panel_table(const Manifest& manifest, const Engine& engine);

}  // namespace wfc::panel
