/// The data file that an `x-options` names: what may be chosen in a member of the settings.
///
/// Guarantees: size and depth are bounded. Reads ids and names only; what a choice fills in and locks stands
/// beside them in the file and is for panels.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wfc {

struct Option {
    std::string id;                           ///< what stands in the settings
    std::map<std::string, std::string> name;  ///< by language; may be empty
};

/// The choices of `document`, in its order: an object with exactly one list of objects, each of which has a
/// distinct `id` and may have a `name` by language. Throws Refused for anything else; `file` names it in the
/// sentence.
std::vector<Option> read_options(std::string_view document, std::string_view file);

}  // namespace wfc
