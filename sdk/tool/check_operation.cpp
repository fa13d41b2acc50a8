#include <algorithm>

#include "host/printable.hpp"
#include "tool/commands.hpp"
#include "tool/stop.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

void check_operation(const Manifest& manifest, const std::string& id,
                     const std::vector<std::string>& offered) {
    const Operation* operation = manifest.operation(id);
    if (operation == nullptr) {
        std::vector<std::string> known;
        std::string list;
        for (const Operation& candidate : manifest.operations) {
            known.push_back(candidate.id);
            list += (list.empty() ? "" : ", ") + candidate.id;
        }
        const std::string_view near = nearest(id, known);
        throw Stop(exit_usage, manifest.type + " has no operation \"" + printable(id) +
                                   "\"; it has: " + list +
                                   (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?"));
    }
    for (const std::string& service : operation->needs) {
        if (std::find(offered.begin(), offered.end(), service) == offered.end()) {
            throw Stop(exit_no_component,
                       manifest.type + "'s " + id + " needs " + service + ", which is not offered here");
        }
    }
}

}  // namespace wfc::tool
