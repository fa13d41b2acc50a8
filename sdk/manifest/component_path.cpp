#include "manifest/component_path.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "manifest/refused.hpp"

namespace wfc {

namespace fs = std::filesystem;

std::string fault_of_path(const fs::path& directory, std::string_view relative) {
    if (relative.empty()) return "is an empty path";
    if (relative.size() > 255) return "is longer than 255 bytes";
    if (relative.find('\0') != std::string_view::npos) return "holds a NUL";
    const fs::path path(relative);
    if (path.is_absolute()) return "must be a path inside the component's directory, not an absolute one";
    for (const fs::path& part : path) {
        if (part == "..") return "must be a path inside the component's directory, without \"..\"";
    }
    std::error_code error;
    const fs::path real = fs::weakly_canonical(directory / path, error);
    if (error) return "cannot be resolved: " + error.message();
    const auto [inside, _] = std::mismatch(directory.begin(), directory.end(), real.begin(), real.end());
    if (inside != directory.end()) return "leads out of the component's directory through a symbolic link";
    return {};
}

std::string read_file(const fs::path& file, std::size_t limit) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (!fs::exists(status)) throw Refused(file.string() + " does not exist");
    if (!fs::is_regular_file(status)) throw Refused(file.string() + " is not a regular file");
    std::ifstream in(file, std::ios::binary);
    std::string content;
    char block[16384];
    while (in.read(block, sizeof block) || in.gcount() > 0) {
        content.append(block, static_cast<std::size_t>(in.gcount()));
        if (content.size() > limit) {
            throw Refused(file.string() + " is larger than the " + std::to_string(limit) + " bytes allowed");
        }
    }
    if (!in.eof()) throw Refused(file.string() + " cannot be read");
    return content;
}

}  // namespace wfc
