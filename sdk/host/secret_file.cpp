#include "host/secret_file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace wfc {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
    throw SecretsUnusable(path.string() + " " + why);
}

[[noreturn]] void refuse(const std::filesystem::path& path, const char* what, int error) {
    refuse(path, std::string(what) + ": " + std::generic_category().message(error));
}

void check_owner(const struct stat& facts, Provenance provenance, const std::filesystem::path& path) {
    const bool handed = provenance == Provenance::given && facts.st_uid == 0;
    if (facts.st_uid != geteuid() && !handed) {
        refuse(path, "belongs to another user and is not used; run as that user, or move it away");
    }
    // Root's file reaches a service through a group, an ACL, which shows as the group's bit, or a mode that
    // lets everybody read within a container.
    const mode_t excess = facts.st_mode & (handed ? S_IWGRP | S_IWOTH : S_IRWXG | S_IRWXO);
    if (excess != 0) {
        refuse(path, "is open to other users and is not used; close it with: chmod go= " + path.string() +
                         " (and think whether somebody has read it)");
    }
}

std::string temporary_prefix(const std::filesystem::path& path) {
    return "." + path.filename().string() + ".";
}

void write_all(int fd, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EFBIG) {
            refuse(path,
                   "cannot be written: it would be larger than this process may make a file; raise "
                   "`ulimit -f`");
        }
        if (n <= 0) refuse(path, "cannot be written", n < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// Goes unless it got its name.
struct Temporary {
    std::string path;
    FileDescriptor file;
    bool renamed = false;

    ~Temporary() {
        if (file && !renamed) ::unlink(path.c_str());
    }
};

}  // namespace

FileDescriptor open_private(const std::filesystem::path& path, Provenance provenance) {
    const int links = provenance == Provenance::own ? O_NOFOLLOW : 0;
    FileDescriptor file(::open(path.c_str(), O_RDONLY | links | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file) {
        if (errno == ENOENT) return file;
        if (errno == ELOOP) refuse(path, "is a symbolic link and is not used; put the file itself there");
        refuse(path, "cannot be opened", errno);
    }
    struct stat facts {};
    if (fstat(file.get(), &facts) != 0) refuse(path, "cannot be examined", errno);
    if (!S_ISREG(facts.st_mode)) refuse(path, "is no regular file and is not used; move it away");
    check_owner(facts, provenance, path);
    return file;
}

bool readable_by_all(const FileDescriptor& file) noexcept {
    struct stat facts {};
    return fstat(file.get(), &facts) == 0 && facts.st_uid == 0 && (facts.st_mode & S_IROTH) != 0;
}

SecretString read_private(const FileDescriptor& file, std::size_t most, const std::filesystem::path& path) {
    struct stat facts {};
    if (fstat(file.get(), &facts) != 0) refuse(path, "cannot be examined", errno);
    SecretString out;
    // The size is a first guess: it spares copies.
    out.reserve(std::min(most, static_cast<std::size_t>(std::max<off_t>(facts.st_size, 0))));
    char buffer[16384];
    for (;;) {
        const ssize_t n = ::pread(file.get(), buffer, sizeof buffer, static_cast<off_t>(out.size()));
        if (n < 0 && errno == EINTR) continue;
        const int error = errno;
        if (n > 0) out.append(buffer, static_cast<std::size_t>(n));
        wipe(buffer, sizeof buffer);
        if (n < 0) refuse(path, "cannot be read", error);
        if (out.size() > most)
            refuse(path, "is larger than " + std::to_string(most) + " bytes and is not used");
        if (n == 0) return out;
    }
}

void replace_private(const std::filesystem::path& path, std::string_view bytes) {
    const std::filesystem::path folder = path.parent_path();
    Temporary fresh;
    fresh.path = (folder / (temporary_prefix(path) + "XXXXXX")).string();
    fresh.file.reset(mkostemp(fresh.path.data(), O_CLOEXEC));
    if (!fresh.file) refuse(path, "cannot be written", errno);
    if (fchmod(fresh.file.get(), S_IRUSR | S_IWUSR) != 0) refuse(path, "cannot be written", errno);
    write_all(fresh.file.get(), bytes, path);
    if (fsync(fresh.file.get()) != 0) refuse(path, "cannot be written", errno);
    if (::rename(fresh.path.c_str(), path.c_str()) != 0) refuse(path, "cannot be replaced", errno);
    fresh.renamed = true;
    const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || fsync(directory.get()) != 0) {
        refuse(path, "was replaced, but a power failure may still undo that", errno);
    }
}

void remove_leftovers(const std::filesystem::path& path) noexcept try {
    const std::string prefix = temporary_prefix(path);
    for (const auto& entry : std::filesystem::directory_iterator(path.parent_path())) {
        const std::string name = entry.path().filename().string();
        if (name.size() == prefix.size() + 6 && name.compare(0, prefix.size(), prefix) == 0) {
            ::unlink(entry.path().c_str());
        }
    }
} catch (...) {  // the next one tries again
}

FileLock::FileLock(const std::filesystem::path& path, std::chrono::milliseconds patience) : path_(path) {
    constexpr int flags = O_RDWR | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC;
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        bool removed = false;
        if (!file_) {
            file_.reset(::open(path.c_str(), flags | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR));
            if (file_) {
                fchmod(file_.get(), S_IRUSR | S_IWUSR);  // whatever the umask left of it
            } else if (errno == EEXIST) {
                removed = true;  // between the two, if the next one fails
                file_.reset(::open(path.c_str(), flags));
            }
            if (!file_ && errno == ELOOP) refuse(path, "is a symbolic link; remove it");
            if (!file_ && (errno != ENOENT || !removed)) refuse(path, "cannot be opened", errno);
        }
        // Asked again and again, since a wait in flock() has no end where the holder was stopped.
        if (file_ && flock(file_.get(), LOCK_EX | LOCK_NB) == 0) {
            if (is_at_its_place()) return;
            file_.reset();  // it was removed, and whoever comes now makes another
        } else if (file_ && errno != EINTR && errno != EWOULDBLOCK) {
            refuse(path, "cannot be locked", errno);
        }
        if (std::chrono::steady_clock::now() >= end) {
            refuse(path, "is locked by another process, and waiting did not help; is one stopped?");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

bool FileLock::is_at_its_place() const noexcept {
    struct stat held {
    }, there{};
    return fstat(file_.get(), &held) == 0 && lstat(path_.c_str(), &there) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

void FileLock::check() const {
    if (!is_at_its_place()) {
        refuse(path_,
               "was removed while it was in use, and nothing was stored; try again and leave it there");
    }
}

}  // namespace wfc
