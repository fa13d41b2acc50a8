/// What Node-RED needs of a component besides code: the generated files of its package.
///
/// Guarantees: nothing but the component decides what is in them, so that two runs give the same bytes. Knows
/// nothing of what a component does.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"

namespace wfc::panel {

/// What is known of a package beside the component.
struct Package {
    std::string name;  ///< as npm has it
    /// Names of the files in its folder `resources`, written by hand: the dialog loads the scripts and style
    /// sheets among them, and one that is missing keeps the editor from loading.
    std::vector<std::string> resources{};
    std::vector<std::string> flags{};  ///< check boxes of the node that the component knows nothing of
    std::string stand_ins{};           ///< its stand_ins.json (stand_ins.hpp), or empty
};

/// Path within the package (with "/") → content: `panel.json`, `TYPE.html`, `locales/LANGUAGE/TYPE.json` and
/// `.html`, `icons/…`. The texts of flags are `node/FLAG`. Throws Refused, a sentence, for a component or a
/// package of which none can be made.
std::map<std::string, std::string> node_red_files(const Manifest& manifest, const Package& package);

}  // namespace wfc::panel
