#include "host/home.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "host/file_source.hpp"

namespace wfc {

namespace {

std::filesystem::path variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

[[noreturn]] void refuse(const std::filesystem::path& home, const std::string& why) {
    throw HomeUnusable("the folder " + home.string() + " for secrets and state " + why);
}

std::string reason(int error) {
    return std::generic_category().message(error);
}

constexpr const char* elsewhere = "; set WFC_HOME to a folder of your own";
constexpr const char* dangling = "is a symbolic link to nothing; make the folder that it names, or remove it";

bool is_link(const std::filesystem::path& path) {
    struct stat facts {};
    return lstat(path.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode);
}

/// Makes a folder that is missing, closed to others whatever the umask, and on the disk when it returns.
bool make_folder(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), S_IRWXU) != 0) return false;
    ::chmod(path.c_str(), S_IRWXU);
    const auto above = path.parent_path();
    const FileDescriptor folder(
        ::open(above.empty() ? "." : above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) fsync(folder.get());
    return true;
}

/// With sudo -E the environment is still that of another user, whose folders root must not fill.
void check_parent(const std::filesystem::path& home, const std::filesystem::path& parent) {
    struct stat facts {};
    if (geteuid() != 0 || ::stat(parent.c_str(), &facts) != 0 || facts.st_uid == 0) return;
    refuse(home, "would be made by root in " + parent.string() +
                     ", a folder of another user; run as that user, or set WFC_HOME to a folder of root's");
}

}  // namespace

std::filesystem::path home_location() {
    if (const auto given = variable("WFC_HOME"); !given.empty()) {
        std::error_code error;
        const auto whole = std::filesystem::absolute(given, error);
        if (error) {
            throw HomeUnusable("WFC_HOME is " + given.string() + ", and there is no working directory: " +
                               error.message() + "; set it to an absolute path");
        }
        return whole.lexically_normal();
    }
    if (const auto state = variable("XDG_STATE_HOME"); state.is_absolute()) return state / "wfc";
    if (const auto user = variable("HOME"); user.is_absolute()) return user / ".local" / "state" / "wfc";
    throw HomeUnusable("there is no folder for secrets and state: set WFC_HOME, XDG_STATE_HOME or HOME");
}

bool home_exists(const std::filesystem::path& home) {
    const FileDescriptor folder(::open(home.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) {
        if (errno == ENOENT && is_link(home)) refuse(home, dangling);
        if (errno == ENOENT) return false;
        if (errno == ENOTDIR) refuse(home, std::string("is no folder") + elsewhere);
        refuse(home, "cannot be opened: " + reason(errno) + elsewhere);
    }
    struct stat facts {};
    if (fstat(folder.get(), &facts) != 0) refuse(home, "cannot be examined: " + reason(errno) + elsewhere);
    if (facts.st_uid != geteuid()) refuse(home, std::string("belongs to another user") + elsewhere);
    if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        refuse(home, "may be written to by other users; take that away with: chmod go-w " + home.string());
    }
    return true;
}

void make_home(const std::filesystem::path& home) {
    std::filesystem::path made;
    bool making = false;
    for (const std::filesystem::path& part : home) {
        struct stat facts {};
        const std::filesystem::path above = made;
        made /= part;
        if (!making && ::stat(made.c_str(), &facts) != 0 && errno == ENOENT) {
            if (is_link(made)) refuse(home, "cannot be made: " + made.string() + " " + dangling);
            check_parent(home, above);
            making = true;
        }
        // Tried, not looked up first: another process may make the same folder at this moment.
        if (make_folder(made) || errno == EEXIST) continue;
        const int error = errno;
        if (::stat(made.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) continue;  // as on a read-only disk
        refuse(home, "cannot be made: " + made.string() + ": " + reason(error) + elsewhere);
    }
    if (!home_exists(home)) refuse(home, std::string("was removed at this moment; try again"));
}

std::filesystem::path home_directory() {
    std::filesystem::path home = home_location();
    make_home(home);
    return home;
}

}  // namespace wfc
