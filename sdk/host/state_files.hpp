/// The files of an open state store: whether they still lie where it opened them.
///
/// Guarantees: only looks at them, never opens one (closing any descriptor of a file drops the locks that
/// SQLite holds on it elsewhere in the process). Does not see what was written into a file by somebody else.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace wfc {

/// Any thread.
class StateFiles {
  public:
    /// Looks at `file`, its log and its index, which a connection to it keeps open. Throws StateUnusable
    /// where one is missing.
    explicit StateFiles(const std::filesystem::path& file);

    /// False when one of them was deleted, moved, replaced or emptied: what is written then reaches nobody
    /// who opens the file later. True again when it is back.
    bool in_place() const noexcept;

  private:
    struct Seen {
        std::string name{};
        dev_t device{};
        ino_t number{};
        off_t least = 0;  ///< bytes that it never falls below while it is open
    };
    std::array<Seen, 3> seen_{};
};

}  // namespace wfc
