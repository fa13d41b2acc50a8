#include "host/file_source.hpp"

#include <cerrno>
#include <cstdint>
#include <memory>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace wfc {

void FileDescriptor::reset(int fd) noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

wfc_status file_source(FileDescriptor file, wfc_source* out) noexcept {
    struct stat facts {};
    if (fstat(file.get(), &facts) != 0) return WFC_UNAVAILABLE;
    if (!S_ISREG(facts.st_mode)) return WFC_DENIED;
    std::unique_ptr<FileDescriptor> owned(new (std::nothrow) FileDescriptor(std::move(file)));
    if (!owned) return WFC_UNAVAILABLE;
    *out = {owned.release(),
            [](void* ctx, void* into, std::size_t capacity) noexcept -> std::int64_t {
                const int fd = static_cast<FileDescriptor*>(ctx)->get();
                ssize_t n = 0;
                do n = ::read(fd, into, capacity);
                while (n < 0 && errno == EINTR);
                return n;
            },
            [](void* ctx) noexcept -> std::int64_t {
                struct stat now {};
                return fstat(static_cast<FileDescriptor*>(ctx)->get(), &now) == 0 ? now.st_size : -1;
            },
            [](void* ctx) noexcept -> wfc_status {
                return lseek(static_cast<FileDescriptor*>(ctx)->get(), 0, SEEK_SET) == 0 ? WFC_OK
                                                                                         : WFC_UNAVAILABLE;
            },
            [](void* ctx) noexcept { delete static_cast<FileDescriptor*>(ctx); }};
    return WFC_OK;
}

}  // namespace wfc
