#include "loader/loader.hpp"
#include "tool/commands.hpp"
#include "tool/stop.hpp"
#include "wfc/problem.hpp"

namespace wfc::tool {

namespace {

std::string list_of(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

}  // namespace

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

Manifest find_declaring(const std::string& operation, const std::vector<std::filesystem::path>& search) {
    std::vector<Manifest> found;
    std::vector<std::string> types, declaring;
    for (Manifest& manifest : installed(search)) {
        types.push_back(manifest.type);
        if (manifest.operation(operation) == nullptr) continue;
        declaring.push_back(manifest.type);
        found.push_back(std::move(manifest));
    }
    if (found.size() == 1) return std::move(found.front());
    if (found.empty()) {
        std::vector<std::string> places;
        for (const std::filesystem::path& place : search) places.push_back(place.string());
        throw Stop(exit_no_component, "no installed component has an operation \"" + operation + "\"; " +
                                          (types.empty() ? "none is installed in " + list_of(places)
                                                         : "installed: " + list_of(types)));
    }
    throw Stop(exit_usage, "several components have an operation \"" + operation +
                               "\": " + list_of(declaring) + "; say which with --type");
}

}  // namespace wfc::tool
