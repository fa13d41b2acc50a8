#include "loader/negotiate.hpp"

#include <algorithm>

namespace wfc {

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out.empty() ? "none" : out;
}

}  // namespace

std::filesystem::path negotiate(const Manifest& manifest, const std::vector<std::string>& offered) {
    check_abi(manifest.type, manifest.abi_major, manifest.abi_minor);
    std::vector<std::string> missing;
    for (const std::string& service : manifest.required) {
        if (std::find(offered.begin(), offered.end(), service) == offered.end()) missing.push_back(service);
    }
    if (!missing.empty()) {
        throw Refused(manifest.type + " requires " + joined(missing) + ", this host offers " +
                      joined(offered));
    }
    const auto library = manifest.library.find(std::string(platform()));
    if (library == manifest.library.end()) {
        std::vector<std::string> built;
        for (const auto& entry : manifest.library) built.push_back(entry.first);
        throw Refused(manifest.type + " is built for " + joined(built) + ", this host is " +
                      std::string(platform()));
    }
    return manifest.file(library->second);
}

}  // namespace wfc
