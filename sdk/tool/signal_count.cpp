#include "tool/signal_count.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace wfc::tool {

namespace {

sigset_t watched() noexcept {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    // A terminal that goes away, unless the program was started to outlive that (nohup).
    struct sigaction hangup {};
    if (sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) sigaddset(&set, SIGHUP);
    return set;
}

}  // namespace

SignalCount::SignalCount(std::function<void(int, int)> on_signal) : on_signal_(std::move(on_signal)) {
    const sigset_t set = watched();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = signalfd(-1, &set, SFD_CLOEXEC);
    ended_ = eventfd(0, EFD_CLOEXEC);
    // What a question on the terminal blocks must not find a thread here that takes it.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        thread_ = std::thread([this] { watch(); });
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

SignalCount::~SignalCount() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(ended_, &one, sizeof one);
    thread_.join();
    ::close(signals_);
    ::close(ended_);
    // One that came too late to be counted would end the process as soon as it is let in.
    const sigset_t set = watched();
    constexpr timespec at_once{};
    while (sigtimedwait(&set, nullptr, &at_once) > 0 || errno == EINTR) {
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void SignalCount::watch() {
    // Who signals a process and its group, as timeout(1) does, means it once.
    constexpr std::chrono::milliseconds one_wish{200};
    auto last = std::chrono::steady_clock::time_point::min();
    for (int count = 1;;) {
        std::array<pollfd, 2> waiting = {{{signals_, POLLIN, 0}, {ended_, POLLIN, 0}}};
        if (poll(waiting.data(), waiting.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (waiting[1].revents != 0) return;
        signalfd_siginfo what{};
        if (::read(signals_, &what, sizeof what) != sizeof what) return;
        const auto now = std::chrono::steady_clock::now();
        if (count > 1 && now - last < one_wish) continue;
        last = now;
        on_signal_(count++, static_cast<int>(what.ssi_signo));
    }
}

}  // namespace wfc::tool
