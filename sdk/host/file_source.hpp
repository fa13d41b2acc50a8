/// An open file as the ABI's pull stream.
///
/// Guarantees: reads, size and rewind see the descriptor that was checked, whatever happens to its path.
/// Regular files only: their reads do not wait for somebody.
#pragma once

#include <utility>

#include "wfc/component.h"

namespace wfc {

/// Owns a descriptor.
class FileDescriptor {
  public:
    explicit FileDescriptor(int fd = -1) noexcept : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        if (this != &other) reset(other.release());
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() { reset(); }

    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept;

  private:
    int fd_;
};

/// Hands `file` over to `*out`, which closes it. WFC_DENIED when it is no regular file.
wfc_status file_source(FileDescriptor file, wfc_source* out) noexcept;

}  // namespace wfc
