#include "serve/blob_folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "serve/random_name.hpp"
#include "serve/request.hpp"

namespace wfc::serve {

namespace {

FileDescriptor open_folder(const std::filesystem::path& path) noexcept {
    return FileDescriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

void check(bool done, const std::filesystem::path& path) {
    if (!done) throw std::system_error(errno, std::generic_category(), path.string());
}

FileDescriptor make_folder(const std::filesystem::path& path, bool fresh) {
    const bool made = ::mkdir(path.c_str(), S_IRWXU) == 0;
    check(made || (!fresh && errno == EEXIST), path);
    FileDescriptor folder = open_folder(path);
    check(bool{folder} && (!made || fchmod(folder.get(), S_IRWXU) == 0), path);
    return folder;
}

/// A folder of a process that is no more, locked by this one.
struct Leftover {
    std::filesystem::path path;
    FileDescriptor folder;
};

/// Who looks for leftovers or begins holds the folder of folders, for an instant.
void lock_all(const FileDescriptor& folder, const std::filesystem::path& path) {
    constexpr int tries = 500;
    for (int i = 0; flock(folder.get(), LOCK_EX | LOCK_NB) != 0; ++i) {
        check((errno == EWOULDBLOCK || errno == EINTR) && i < tries, path);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

/// Folders that nobody has locked belong to nobody any more: these are, locked.
std::vector<Leftover> leftovers(const std::filesystem::path& all) {
    constexpr std::size_t most = 64;  // the next start takes more
    std::vector<Leftover> out;
    std::error_code error;
    for (std::filesystem::directory_iterator at(all, error), end; !error && at != end && out.size() < most;
         at.increment(error)) {
        FileDescriptor folder = open_folder(at->path());
        if (folder && flock(folder.get(), LOCK_EX | LOCK_NB) == 0)
            out.push_back({at->path(), std::move(folder)});
    }
    return out;
}

bool bare(const std::string& file) noexcept {
    return plain_name(file) && file.front() != '.';
}

}  // namespace

BlobFolder::BlobFolder(const std::filesystem::path& home) {
    const std::filesystem::path all = home / "blobs";
    std::vector<Leftover> old;
    {
        const FileDescriptor everyone = make_folder(all, false);
        lock_all(everyone, all);
        old = leftovers(all);
        path_ = all / random_name();
        folder_ = make_folder(path_, true);
        check(flock(folder_.get(), LOCK_EX | LOCK_NB) == 0, path_);
    }
    // What may take long comes when nobody has to wait for it any more: their own locks keep others away.
    for (const Leftover& each : old) {
        std::error_code ignored;  // the next start tries again
        std::filesystem::remove_all(each.path, ignored);
    }
}

BlobFolder::~BlobFolder() {
    remove_all();
}

FileDescriptor BlobFolder::open(const std::string& file, Fault* fault) const {
    const auto refuse = [&](const std::string& sentence, bool passing = false) {
        if (fault != nullptr) *fault = {sentence, passing};
        return FileDescriptor();
    };
    if (!bare(file)) return refuse("is no bare name: 1 to 128 of A-Z a-z 0-9 . _ -, not starting with a dot");
    FileDescriptor out(
        openat(folder_.get(), file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!out) {
        const int why = errno;
        if (why == ELOOP) return refuse("is a symbolic link");
        return refuse("cannot be opened: " + std::generic_category().message(why),
                      why == EMFILE || why == ENFILE || why == ENOMEM);
    }
    struct stat facts {};
    if (fstat(out.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return refuse("is not a regular file");
    if (facts.st_uid != geteuid()) return refuse("belongs to another user");
    return out;
}

void BlobFolder::take(const std::set<std::string>& files) {
    const std::lock_guard lock(mutex_);
    for (const std::string& file : files) {
        Fault fault;
        if (!open(file, &fault))
            throw Refusal(fault.passing ? "busy" : "blob", "a file of the blobs " + fault.sentence);
        if (taken_.count(file) != 0) throw Refusal("blob", "the file " + file + " belongs to another call");
    }
    taken_.insert(files.begin(), files.end());
}

void BlobFolder::give_back(const std::set<std::string>& files, bool removing) noexcept {
    const std::lock_guard lock(mutex_);
    for (const std::string& file : files) {
        if (removing) remove(file);
        taken_.erase(file);
    }
}

FileDescriptor BlobFolder::create(std::string& file) const {
    file = "result-" + random_name();
    return FileDescriptor(openat(folder_.get(), file.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

void BlobFolder::remove(const std::string& file) const noexcept {
    if (bare(file)) unlinkat(folder_.get(), file.c_str(), 0);
}

void BlobFolder::keep(std::uint64_t id, std::vector<std::string> files) {
    if (files.empty()) return;
    const std::lock_guard lock(mutex_);
    kept_[id] = {std::move(files), std::chrono::steady_clock::now()};
}

void BlobFolder::release(std::uint64_t id) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(id);
    if (found == kept_.end()) return;
    for (const std::string& file : found->second.files) remove(file);
    kept_.erase(found);
}

void BlobFolder::expire(std::chrono::steady_clock::time_point now) noexcept {
    const std::lock_guard lock(mutex_);
    for (auto at = kept_.begin(); at != kept_.end();) {
        if (now - at->second.since < kept_for) {
            ++at;
            continue;
        }
        for (const std::string& file : at->second.files) remove(file);
        at = kept_.erase(at);
    }
}

void BlobFolder::remove_all() noexcept {
    std::error_code ignored;  // the next start of any process tries again
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace wfc::serve
