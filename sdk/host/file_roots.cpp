#include "host/file_roots.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

#include "wfc/view.hpp"

namespace wfc {

namespace {

int open_beneath(int directory, const char* path, std::uint64_t flags) noexcept {
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    long fd = -1;
    // EAGAIN: something was renamed while the kernel resolved a `..`; EINTR: a slow file system.
    for (int attempt = 0; attempt < 16; ++attempt) {
        fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
    }
    return static_cast<int>(fd);
}

wfc_status refusal() noexcept {
    switch (errno) {
        case ENOENT:
        case ENOTDIR:
            return WFC_NOT_FOUND;
        case EXDEV:  // leaves the root
        case ELOOP:  // a magic link, or a circle
        case EACCES:
        case EPERM:
        case ENXIO:
        case ENAMETOOLONG:
            return WFC_DENIED;
        default:
            return WFC_UNAVAILABLE;
    }
}

/// Files there are the kernel's words, often regular by name: /proc/self/environ.
bool kernel_file_system(int fd) noexcept {
    constexpr std::array<long, 7> kinds = {PROC_SUPER_MAGIC,  SYSFS_MAGIC,      DEBUGFS_MAGIC,
                                           TRACEFS_MAGIC,     SECURITYFS_MAGIC, CGROUP2_SUPER_MAGIC,
                                           CGROUP_SUPER_MAGIC};
    struct statfs facts {};
    if (fstatfs(fd, &facts) != 0) return true;
    return std::find(kinds.begin(), kinds.end(), static_cast<long>(facts.f_type)) != kinds.end();
}

wfc_status open_regular(int directory, const char* path, wfc_source* out) noexcept {
    {
        // A look first, without opening: a device may act when it is opened.
        const FileDescriptor look(open_beneath(directory, path, O_PATH));
        if (!look) return refusal();
        struct stat facts {};
        if (fstat(look.get(), &facts) != 0) return WFC_UNAVAILABLE;
        if (!S_ISREG(facts.st_mode) || kernel_file_system(look.get())) return WFC_DENIED;
    }
    FileDescriptor file(open_beneath(directory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    if (!file) return refusal();
    if (kernel_file_system(file.get())) return WFC_DENIED;
    return file_source(std::move(file), out);
}

/// What follows `root` in `path`, or empty when the path is not beneath it.
std::string_view beneath(std::string_view path, std::string_view root) noexcept {
    if (root == "/")
        return path.substr(path.find_first_not_of('/') == path.npos ? path.size()
                                                                    : path.find_first_not_of('/'));
    if (path.size() <= root.size() || path.substr(0, root.size()) != root || path[root.size()] != '/')
        return {};
    path.remove_prefix(root.size());
    const std::size_t start = path.find_first_not_of('/');
    return start == path.npos ? std::string_view{} : path.substr(start);
}

}  // namespace

FileRoots::FileRoots(const std::vector<std::filesystem::path>& directories) {
    for (const std::filesystem::path& directory : directories) {
        FileDescriptor fd(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!fd) throw std::system_error(errno, std::generic_category(), directory.string());
        const FileDescriptor probe(open_beneath(fd.get(), ".", O_PATH | O_DIRECTORY));
        if (!probe) {
            throw NoFileRoots(
                "files cannot be opened safely: the kernel or a sandbox refuses openat2 (Linux 5.6 or later "
                "is needed): " +
                std::generic_category().message(errno));
        }
        std::string given = std::filesystem::absolute(directory).lexically_normal().string();
        while (given.size() > 1 && given.back() == '/') given.pop_back();
        roots_.push_back({std::move(fd), std::move(given), std::filesystem::canonical(directory).string()});
    }
    table_ = {sizeof table_, 0, this, [](void* ctx, wfc_view path, wfc_source* out) noexcept {
                  return static_cast<const FileRoots*>(ctx)->open(text(path), out);
              }};
}

wfc_status FileRoots::open(std::string_view path, wfc_source* out) const noexcept try {
    if (path.empty()) return WFC_NOT_FOUND;
    if (path.find('\0') != path.npos) return WFC_DENIED;
    const bool absolute = path.front() == '/';
    wfc_status answer = absolute ? WFC_DENIED : WFC_NOT_FOUND;
    for (const Root& root : roots_) {
        std::string_view inside = path;
        if (absolute) {
            inside = beneath(path, root.given);
            if (inside.empty()) inside = beneath(path, root.canonical);
            if (inside.empty()) continue;
        }
        const wfc_status status = open_regular(root.directory.get(), std::string(inside).c_str(), out);
        if (status != WFC_NOT_FOUND) return status;
        answer = WFC_NOT_FOUND;
    }
    return answer;
} catch (...) {
    return WFC_UNAVAILABLE;
}

}  // namespace wfc
