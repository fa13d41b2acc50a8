#include "loader/loader.hpp"
#include "tool/commands.hpp"
#include "tool/stop.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

Manifest find_component(const std::string& type, const std::vector<std::filesystem::path>& components) {
    const std::vector<std::filesystem::path> search = search_path(components);
    try {
        return find(type, search);
    } catch (const Refused& refused) {
        std::string sentence = refused.what();
        std::vector<std::string> types;
        for (const Manifest& manifest : installed(search)) types.push_back(manifest.type);
        const std::string_view near = nearest(type, types);
        if (!near.empty() && near != type && sentence.find("did you mean") == std::string::npos) {
            sentence += "; did you mean \"" + std::string(near) + "\"?";
        }
        throw Stop(exit_no_component, sentence);
    }
}

}  // namespace wfc::tool
