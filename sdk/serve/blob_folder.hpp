/// The folder through which an engine and this process hand each other files.
///
/// Guarantees: mode 0700 below the host's home, locked while this process lives, so that the folders of dead
/// ones are found and removed; only regular files of this user are opened, by their bare names, through no
/// link and without waiting; a file that a call reads is no other call's. Does not watch how much is written.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/file_source.hpp"

namespace wfc::serve {

/// Any thread.
class BlobFolder {
  public:
    /// Makes a folder of its own in `home`/blobs and removes those of processes that are no more. Throws
    /// std::system_error.
    explicit BlobFolder(const std::filesystem::path& home);
    ~BlobFolder();  ///< removes it
    BlobFolder(const BlobFolder&) = delete;
    BlobFolder& operator=(const BlobFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

    /// Why a file was not opened.
    struct Fault {
        std::string sentence{};  ///< its end: "is a symbolic link"
        bool passing = false;    ///< the process lacks something, and nothing is wrong with the file
    };
    /// The file for reading; empty where it may not be opened, and `fault` then holds why.
    FileDescriptor open(const std::string& file, Fault* fault = nullptr) const;
    /// Takes files for a call. Throws Refusal("blob"), or "busy" where that passes, and takes none.
    void take(const std::set<std::string>& files);
    /// Ends what `take` began; where `removing`, the files are gone then.
    void give_back(const std::set<std::string>& files, bool removing) noexcept;

    /// A new file and its name. An empty descriptor where it cannot be made.
    FileDescriptor create(std::string& file) const;
    void remove(const std::string& file) const noexcept;

    /// Files of the result of call `id`: they stand until `release`, or until `expire` finds them too old.
    void keep(std::uint64_t id, std::vector<std::string> files);
    void release(std::uint64_t id) noexcept;
    void expire(std::chrono::steady_clock::time_point now) noexcept;
    static constexpr std::chrono::minutes kept_for{10};

    /// Removes the folder with all that is in it.
    void remove_all() noexcept;

  private:
    struct Kept {
        std::vector<std::string> files;
        std::chrono::steady_clock::time_point since;
    };

    std::filesystem::path path_;
    FileDescriptor folder_;
    std::mutex mutex_;
    std::set<std::string> taken_;
    std::map<std::uint64_t, Kept> kept_;
};

}  // namespace wfc::serve
