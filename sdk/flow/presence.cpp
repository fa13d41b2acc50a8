#include "flow/presence.hpp"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/random.h>
#include <system_error>

namespace wfc::flow {

namespace {

/// A lock on one byte that belongs to the open file and not to the process: it outlives no descriptor and is
/// not lost as another part of the process opens and closes the file.
struct flock lock_of(std::int64_t byte) noexcept {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    return lock;
}

[[noreturn]] void fail(const std::filesystem::path& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}

}  // namespace

Presence::Presence(const std::filesystem::path& file)
    : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (!file_) fail(file);
    for (;;) {
        std::uint64_t random = 0;
        if (getrandom(&random, sizeof random, 0) != sizeof random) fail(file);
        byte_ = static_cast<std::int64_t>(random >> 2u);  // far from the end of the range of offsets
        struct flock lock = lock_of(byte_);
        if (fcntl(file_.get(), F_OFD_SETLK, &lock) == 0) return;
        if (errno != EAGAIN && errno != EACCES && errno != EINTR) fail(file);
    }
}

std::string Presence::self() {
    return std::to_string(byte_);
}

bool Presence::alive(std::string_view owner) {
    std::int64_t byte = -1;
    const auto [end, fault] = std::from_chars(owner.data(), owner.data() + owner.size(), byte);
    if (fault != std::errc{} || end != owner.data() + owner.size() || byte < 0) return false;
    if (byte == byte_) return true;
    struct flock lock = lock_of(byte);
    // In doubt somebody is alive: a run is rather named later than run twice.
    return fcntl(file_.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

}  // namespace wfc::flow
