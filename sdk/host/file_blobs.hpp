/// Blobs of a call that live in files: sources to read, sinks to save.
///
/// Guarantees: what a component emits goes to a temporary file beside the target and takes its name only in
/// `commit`; without it nothing is left. A blob that nobody asked to save is taken and thrown away. Does not
/// look into the bytes. One call at a time; `discard` may come from another thread.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "host/file_source.hpp"
#include "wfc/component.h"

namespace wfc {

/// A named file cannot be read or written. `what()` is a sentence with its path.
class FileUnusable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class FileBlobs {
  public:
    FileBlobs() = default;
    ~FileBlobs();
    FileBlobs(const FileBlobs&) = delete;
    FileBlobs& operator=(const FileBlobs&) = delete;

    /// The call may open `name`. A regular file of any place: it was named by who runs the host. Throws
    /// FileUnusable.
    void source(std::string name, std::filesystem::path path);
    /// What the call emits as `name` is saved. Throws FileUnusable when the directory cannot take it.
    void save(std::string name, std::filesystem::path path);

    wfc_status open(std::string_view name, wfc_source* out) noexcept;
    wfc_status emit(std::string_view name, wfc_sink* out) noexcept;

    /// The call returned WFC_OK: every saved blob appears whole under its name. Throws FileUnusable.
    /// Returns the names that were to be saved and never emitted.
    std::vector<std::string> commit();
    /// Removes what was written so far; later writes fail. Any thread.
    void discard() noexcept;

  private:
    struct Saving {
        FileBlobs* owner = nullptr;
        FileDescriptor file{};
        std::filesystem::path target{}, temporary{};
    };
    wfc_status write(Saving& saving, std::string_view bytes) noexcept;

    std::mutex mutex_;
    bool discarded_ = false;
    std::map<std::string, std::filesystem::path, std::less<>> sources_, targets_;
    std::map<std::string, Saving, std::less<>> saving_;
};

}  // namespace wfc
