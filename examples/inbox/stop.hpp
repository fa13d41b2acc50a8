/// A request to stop that wakes every wait.
///
/// Guarantees: once asked, stays asked; any thread may ask and any thread may poll `fd()`.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace inbox {

class Stop {
  public:
    /// Throws std::system_error when there are no descriptors left.
    Stop() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    }
    ~Stop() { ::close(fd_); }
    Stop(const Stop&) = delete;
    Stop& operator=(const Stop&) = delete;

    void ask() noexcept {
        asked_ = true;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);  // a full counter is asked, too
    }
    bool asked() const noexcept { return asked_; }
    /// Readable from the moment that somebody asked.
    int fd() const noexcept { return fd_; }

  private:
    int fd_;
    std::atomic<bool> asked_{false};
};

}  // namespace inbox
