#include "panel/package_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace wfc::panel {

namespace fs = std::filesystem;

namespace {

bool stands_there(const fs::path& file, const std::string& content) {
    std::error_code error;
    if (!fs::is_regular_file(file, error) || fs::file_size(file, error) != content.size() || error)
        return false;
    std::ifstream in(file, std::ios::binary);
    std::ostringstream found;
    found << in.rdbuf();
    return in && found.str() == content;
}

[[noreturn]] void fail(const fs::path& file) {
    const int code = errno != 0 ? errno : EIO;
    throw std::system_error(code, std::generic_category(), file.string() + " cannot be written");
}

void write(const fs::path& file, const std::string& content) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) throw std::system_error(error, file.string() + " cannot be written");
    const fs::path fresh = file.string() + "." + std::to_string(::getpid()) + ".new";
    errno = 0;
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    if (!out) fail(file);
    out << content;
    out.close();
    if (out) fs::rename(fresh, file, error);
    if (out && !error) return;
    std::error_code ignored;
    fs::remove(fresh, ignored);
    if (error) throw std::system_error(error, file.string() + " cannot be written");
    fail(file);
}

}  // namespace

std::vector<std::string> resources_of(const fs::path& directory) {
    std::vector<std::string> out;
    std::error_code error;
    for (fs::directory_iterator at(directory / "resources", error), end; !error && at != end;
         at.increment(error)) {
        std::string name = at->path().filename().string();
        std::error_code ignored;
        if (name.front() != '.' && at->is_regular_file(ignored)) out.push_back(std::move(name));
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string stand_ins_of(const fs::path& directory) {
    constexpr std::uintmax_t limit = std::uintmax_t{64} << 10;
    const fs::path file = directory / "stand_ins.json";
    std::error_code error;
    if (!fs::exists(file, error)) return {};
    std::ifstream in(file, std::ios::binary);
    std::ostringstream found;
    if (fs::file_size(file, error) > limit || error || !(found << in.rdbuf()))
        throw std::system_error(EIO, std::generic_category(), file.string() + " cannot be read");
    return found.str();
}

std::vector<std::string> stale_files(const fs::path& directory,
                                     const std::map<std::string, std::string>& files) {
    std::vector<std::string> out;
    for (const auto& [name, content] : files) {
        if (!stands_there(directory / name, content)) out.push_back(name);
    }
    return out;
}

void write_files(const fs::path& directory, const std::map<std::string, std::string>& files) {
    for (const std::string& name : stale_files(directory, files)) write(directory / name, files.at(name));
}

}  // namespace wfc::panel
