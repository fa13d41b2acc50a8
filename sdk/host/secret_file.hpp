/// Files that nobody else may read, and replacing them whole.
///
/// Guarantees: a reader finds the old content or the new one and never a mixture, also after a crash; what
/// was replaced is on the disk when the call returns; no symbolic link is followed at the end of a path. Does
/// not lock: whoever reads, changes and writes back holds a FileLock meanwhile. Local file systems only.
#pragma once

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
    given  ///< put there by an administrator: also root's, readable by a group we are in (how systemd and
           ///< container engines hand a secret to a service)
};

/// The file, or an empty descriptor where there is none. Throws SecretsUnusable for a symbolic link, anything
/// but a regular file, and a file that others may read or write.
FileDescriptor open_private(const std::filesystem::path& path, Provenance provenance);

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
    /// Waits up to 30 s for others. Throws SecretsUnusable.
    explicit FileLock(const std::filesystem::path& path);

  private:
    FileDescriptor file_;
};

}  // namespace wfc
