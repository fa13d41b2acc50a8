#include "tool/interrupt.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace wfc::tool {

namespace {

sigset_t interrupts() noexcept {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

InterruptWatch::InterruptWatch(std::atomic<bool>& cancelled, std::function<void()> first,
                               std::function<void()> last)
    : cancelled_(cancelled), first_(std::move(first)), last_(std::move(last)) {
    const sigset_t set = interrupts();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);  // threads that start from here on inherit it
    signals_ = signalfd(-1, &set, SFD_CLOEXEC);
    ended_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { watch(); });
}

InterruptWatch::~InterruptWatch() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(ended_, &one, sizeof one);
    thread_.join();
    ::close(signals_);
    ::close(ended_);
    const sigset_t set = interrupts();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void InterruptWatch::watch() {
    for (;;) {
        std::array<pollfd, 2> waiting = {{{signals_, POLLIN, 0}, {ended_, POLLIN, 0}}};
        if (poll(waiting.data(), waiting.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (waiting[1].revents != 0) return;
        signalfd_siginfo what{};
        if (::read(signals_, &what, sizeof what) != sizeof what) return;
        if (cancelled_.exchange(true)) {
            last_();
            _exit(128 + static_cast<int>(what.ssi_signo));
        }
        first_();
    }
}

}  // namespace wfc::tool
