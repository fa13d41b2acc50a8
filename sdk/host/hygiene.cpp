#include "host/hygiene.hpp"

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace wfc {

void harden_process() noexcept {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void ignore_sigpipe() noexcept {
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace wfc
