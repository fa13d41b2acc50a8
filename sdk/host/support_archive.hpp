/// One archive with a few files, to be attached to a ticket.
///
/// Guarantees: the file is there whole or not at all, mode 0600; only a regular file that is empty
/// or an archive is replaced. The format
/// is zip, because every system on which a ticket is read opens it with what it has.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace wfc {

/// The archive cannot be written there. A sentence for people that names the file.
class ArchiveUnusable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct ArchivedFile {
    std::string name;     ///< without folders, ASCII
    std::string content;  ///< below 4 GiB together
};

/// Before there is anything to archive. Throws ArchiveUnusable where the folder is missing or cannot be
/// written, and where the name is taken by something else or cannot be. Makes a file beside it for
/// a moment.
void check_archive(const std::filesystem::path& file);

/// Writes it, in place of a file of that name. Throws ArchiveUnusable; nothing is left behind then. The
/// process ignores SIGXFSZ (hygiene.hpp).
void write_archive(const std::filesystem::path& file, const std::vector<ArchivedFile>& content);

}  // namespace wfc
