#include "host/state_files.hpp"

#include <algorithm>

#include "host/state_store.hpp"

namespace wfc {

namespace {

constexpr off_t smallest_page =
    512;  // without its first page the file counts as new, and its log is thrown away

}  // namespace

StateFiles::StateFiles(const std::filesystem::path& file) {
    const std::array<const char*, 3> suffixes = {"", "-wal", "-shm"};
    for (std::size_t i = 0; i < seen_.size(); ++i) {
        struct stat facts {};
        Seen& seen = seen_[i];
        seen.name = file.string() + suffixes[i];
        if (lstat(seen.name.c_str(), &facts) != 0)
            throw StateUnusable("the state file " + file.string() +
                                " was moved or deleted while it was being opened: try again");
        seen.device = facts.st_dev;
        seen.number = facts.st_ino;
    }
    seen_[0].least = smallest_page;
    // The index is mapped into memory: to read what is no longer behind it would end the process.
    struct stat index {};
    if (lstat(seen_[2].name.c_str(), &index) == 0) seen_[2].least = index.st_size;
}

bool StateFiles::in_place() const noexcept {
    return std::all_of(seen_.begin(), seen_.end(), [](const Seen& seen) {
        struct stat facts {};
        return lstat(seen.name.c_str(), &facts) == 0 && facts.st_dev == seen.device &&
               facts.st_ino == seen.number && facts.st_size >= seen.least;
    });
}

}  // namespace wfc
