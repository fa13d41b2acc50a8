#include "host/hygiene.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace wfc {

void secure_standard_streams() noexcept {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
        // The lowest free number is given out, and those below are taken.
        if (::open("/dev/null", O_RDWR) != fd) _exit(70);
    }
}

void harden_process() noexcept {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void ignore_sigpipe() noexcept {
    std::signal(SIGPIPE, SIG_IGN);
}

void ignore_sigxfsz() noexcept {
    std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace wfc
