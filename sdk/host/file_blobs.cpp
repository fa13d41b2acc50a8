#include "host/file_blobs.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wfc {

namespace {

FileDescriptor open_for_reading(const std::filesystem::path& path) noexcept {
    return FileDescriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

std::string why(const std::filesystem::path& path, const char* fault) {
    return path.string() + " " + fault;
}

mode_t ordinary_mode() noexcept {
    const mode_t mask = umask(0);
    umask(mask);
    return static_cast<mode_t>(0666) & ~mask;
}

wfc_sink nowhere() noexcept {
    return {nullptr, [](void*, wfc_view) noexcept -> wfc_status { return WFC_OK; }};
}

}  // namespace

FileBlobs::~FileBlobs() {
    discard();
}

void FileBlobs::source(std::string name, std::filesystem::path path) {
    const FileDescriptor file = open_for_reading(path);
    if (!file) throw FileUnusable(why(path, "cannot be read: ") + std::strerror(errno));
    struct stat facts {};
    if (fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        throw FileUnusable(why(path, "cannot be read: it is not a regular file"));
    }
    sources_.insert_or_assign(std::move(name), std::move(path));
}

void FileBlobs::save(std::string name, std::filesystem::path path) {
    const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : ".";
    std::error_code absent;
    if (!path.has_filename() || std::filesystem::is_directory(path, absent)) {
        throw FileUnusable(why(path, "cannot be written: it is a directory"));
    }
    if (access(directory.c_str(), W_OK | X_OK) != 0) {
        throw FileUnusable(why(path, "cannot be written: ") + std::strerror(errno));
    }
    targets_.insert_or_assign(std::move(name), std::move(path));
}

wfc_status FileBlobs::open(std::string_view name, wfc_source* out) noexcept {
    const auto found = sources_.find(name);
    if (found == sources_.end()) return WFC_NOT_FOUND;
    FileDescriptor file = open_for_reading(found->second);
    return file ? file_source(std::move(file), out) : WFC_UNAVAILABLE;
}

wfc_status FileBlobs::emit(std::string_view name, wfc_sink* out) noexcept try {
    const auto target = targets_.find(name);
    if (target == targets_.end()) {
        *out = nowhere();
        return WFC_OK;
    }
    const std::lock_guard lock(mutex_);
    if (discarded_) return WFC_UNAVAILABLE;
    if (saving_.find(name) != saving_.end()) return WFC_CONFLICT;  // a blob is written once
    std::filesystem::path pattern = target->second;
    pattern.replace_filename("." + target->second.filename().string() + ".XXXXXX");
    std::string temporary = pattern.string();
    Saving saving;
    saving.file.reset(mkostemp(temporary.data(), O_CLOEXEC));
    if (!saving.file) return WFC_UNAVAILABLE;
    saving.owner = this;
    saving.target = target->second;
    saving.temporary = temporary;
    Saving& kept = saving_.emplace(std::string(name), std::move(saving)).first->second;
    *out = {&kept, [](void* ctx, wfc_view bytes) noexcept {
                auto& self = *static_cast<Saving*>(ctx);
                return self.owner->write(self, {bytes.data, bytes.size});
            }};
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

wfc_status FileBlobs::write(Saving& saving, std::string_view bytes) noexcept {
    const std::lock_guard lock(mutex_);
    if (discarded_) return WFC_UNAVAILABLE;
    while (!bytes.empty()) {
        const ssize_t n = ::write(saving.file.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return WFC_UNAVAILABLE;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return WFC_OK;
}

std::vector<std::string> FileBlobs::commit() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> never_emitted;
    for (const auto& [name, target] : targets_) {
        if (saving_.find(name) == saving_.end()) never_emitted.push_back(name);
    }
    for (auto at = saving_.begin(); at != saving_.end(); at = saving_.erase(at)) {
        Saving& saving = at->second;
        // mkostemp makes it private; the finished file is as readable as any other.
        const bool written =
            fchmod(saving.file.get(), ordinary_mode()) == 0 && ::close(saving.file.release()) == 0;
        if (!written || ::rename(saving.temporary.c_str(), saving.target.c_str()) != 0) {
            throw FileUnusable(why(saving.target, "cannot be written: ") + std::strerror(errno));
        }
    }
    return never_emitted;
}

void FileBlobs::discard() noexcept {
    const std::lock_guard lock(mutex_);
    discarded_ = true;
    for (auto& [name, saving] : saving_) {  // the entries stay: a component may still hold a sink
        saving.file.reset();
        if (!saving.temporary.empty()) ::unlink(saving.temporary.c_str());
        saving.temporary.clear();
    }
}

}  // namespace wfc
