/// wfc.files/1: paths named in settings or input, beneath the directories that the host was given.
///
/// Guarantees: the kernel resolves the path (openat2) and lets neither `..` nor a symbolic link leave the
/// root; only regular files are opened; FIFOs and devices are refused without waiting or side effect, and so
/// is everything in /proc and its kin, whatever the root. WFC_NOT_FOUND: no root has it. WFC_DENIED:
/// something is there, or the path leads outside.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "host/file_source.hpp"
#include "wfc/component.h"

namespace wfc {

/// The kernel, or a sandbox around this process, does not let it resolve paths beneath a root (openat2).
class NoFileRoots : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Any thread.
class FileRoots {
  public:
    /// Opens every directory now: a root is what it is at start, wherever the process goes. Throws
    /// std::system_error, NoFileRoots.
    explicit FileRoots(const std::vector<std::filesystem::path>& directories);
    FileRoots(const FileRoots&) = delete;
    FileRoots& operator=(const FileRoots&) = delete;

    const wfc_files* table() const noexcept { return &table_; }

    /// A relative path is opened beneath the first root that has it; an absolute one beneath the root it
    /// names.
    wfc_status open(std::string_view path, wfc_source* out) const noexcept;

  private:
    struct Root {
        FileDescriptor directory;
        std::string given;      ///< absolute, as written
        std::string canonical;  ///< without symbolic links
    };
    std::vector<Root> roots_;
    wfc_files table_;
};

}  // namespace wfc
