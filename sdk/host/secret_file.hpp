/// Files that nobody else may read, and replacing them whole.
///
/// Guarantees: a reader finds the old content or the new one and never a mixture, also after a crash; what
/// was replaced is on the disk when the call returns, or SecretsUnusable says that it may not be; for files
/// of our own no symbolic link is followed at the end of a path. Does not lock: whoever reads, changes and
/// writes back holds a FileLock meanwhile. Local file systems only. The process ignores SIGXFSZ
/// (hygiene.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "host/file_source.hpp"
#include "wfc/secret.hpp"

namespace wfc {

/// The store of secrets or its key cannot be used. A sentence for people that names the file and says what to
/// do; never a secret.
class SecretsUnusable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

enum class Provenance {
    own,   ///< made by us: our user's, mode 0600 or less
    given  ///< put there by an administrator: also root's, readable by others, and behind symbolic links (how
           ///< systemd and container engines hand a secret to a service)
};

/// The file, or an empty descriptor where there is none. Throws SecretsUnusable for anything but a regular
/// file, for a file that others may write, and for one of our own that is a symbolic link or that others may
/// read.
FileDescriptor open_private(const std::filesystem::path& path, Provenance provenance);

/// Whether it is root's and everybody on the machine may read it.
bool readable_by_all(const FileDescriptor& file) noexcept;

/// All of it from the start. Throws SecretsUnusable when it is larger than `most` bytes. `path` is for
/// sentences.
SecretString read_private(const FileDescriptor& file, std::size_t most, const std::filesystem::path& path);

/// Puts `bytes` in the place of `path`, mode 0600. Throws SecretsUnusable; the old file is then still there.
void replace_private(const std::filesystem::path& path, std::string_view bytes);

/// Removes what a process that was killed in replace_private(`path`) left beside it. Under the lock.
void remove_leftovers(const std::filesystem::path& path) noexcept;

/// Excludes other processes, and other threads of this one, while it lives. The file stays.
class FileLock {
  public:
    /// Waits so long for others; with 0 it tries once. Makes the file where it is missing, mode 0600. Throws
    /// SecretsUnusable.
    explicit FileLock(const std::filesystem::path& path,
                      std::chrono::milliseconds patience = std::chrono::seconds(30));

    /// Throws SecretsUnusable when the file has been removed or replaced meanwhile: somebody else may hold a
    /// lock, too.
    void check() const;

  private:
    bool is_at_its_place() const noexcept;

    std::filesystem::path path_;
    FileDescriptor file_;
};

}  // namespace wfc
