#include <algorithm>
#include <cstdlib>
#include <set>
#include <sys/auxv.h>
#include <system_error>

#include "loader/loader.hpp"

namespace wfc {

namespace fs = std::filesystem;

namespace {

/// Directories under `entry` that hold a component.json, by name; `entry` itself when it does. `trouble`,
/// when given, is why it could not be looked into: that it is not there is none.
std::vector<fs::path> candidates(const fs::path& entry, std::error_code* trouble = nullptr) {
    std::error_code error;
    if (fs::exists(entry / "component.json", error)) return {entry};
    std::vector<fs::path> found;
    for (fs::directory_iterator at(entry, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        if (fs::exists(at->path() / "component.json", ignored)) found.push_back(at->path());
    }
    if (trouble != nullptr && error != std::errc::no_such_file_or_directory) *trouble = error;
    std::sort(found.begin(), found.end());
    return found;
}

std::string joined(const std::vector<std::string>& words, const char* none) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out.empty() ? none : out;
}

}  // namespace

std::vector<fs::path> search_path(const std::vector<fs::path>& options) {
    std::vector<fs::path> out = options;
    // A setuid program must not load code that its caller chose.
    const char* variable = getauxval(AT_SECURE) == 0 ? std::getenv("WFC_COMPONENTS") : nullptr;
    for (std::string_view rest = variable == nullptr ? "" : variable; !rest.empty();) {
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        if (colon > 0) out.emplace_back(rest.substr(0, colon));  // empty would be the current directory
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        out.push_back(self.parent_path() / "components");
        // An installed tree: bin/ and lib/wfc/components/, wherever it was moved to.
        out.push_back(self.parent_path().parent_path() / "lib/wfc/components");
    }
    return out;
}

std::vector<Manifest> installed(const std::vector<fs::path>& search, std::vector<std::string>* refused) {
    std::vector<Manifest> out;
    std::set<std::string> types;
    for (const fs::path& entry : search) {
        for (const fs::path& directory : candidates(entry)) {
            try {
                Manifest manifest = read_manifest(directory);
                if (types.insert(manifest.type).second) out.push_back(std::move(manifest));
            } catch (const Refused& refusal) {
                if (refused != nullptr) refused->emplace_back(refusal.what());
            }
        }
    }
    return out;
}

Manifest find(std::string_view type, const std::vector<fs::path>& search) {
    std::vector<std::string> others;
    std::vector<std::string> places;
    for (const fs::path& entry : search) {
        std::error_code trouble;
        const std::vector<fs::path> directories = candidates(entry, &trouble);
        places.push_back(entry.string() + (trouble ? " (" + trouble.message() + ")" : ""));
        for (const fs::path& directory : directories) {
            try {
                Manifest manifest = read_manifest(directory);
                if (manifest.type == type) return manifest;
                if (std::find(others.begin(), others.end(), manifest.type) == others.end()) {
                    others.push_back(manifest.type);
                }
            } catch (const Refused&) {
                // Somebody else's broken component is no reason; the one that was asked for is.
                if (fs::path(directory / "").parent_path().filename() == type) throw;
            }
        }
    }
    throw Refused("there is no component \"" + std::string(type) + "\" in " +
                  joined(places, "an empty search path") + "; installed: " + joined(others, "none"));
}

}  // namespace wfc
