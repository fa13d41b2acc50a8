#include "serve/watchdog.hpp"

#include <utility>

namespace wfc::serve {

Watchdog::Watchdog(std::function<void()> bite) : bite_(std::move(bite)), thread_([this] { watch(); }) {}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Watchdog::wake(std::chrono::milliseconds after) {
    const std::lock_guard lock(mutex_);
    if (!at_) at_ = std::chrono::steady_clock::now() + after;
    changed_.notify_all();
}

void Watchdog::watch() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ending_ || at_; });
    if (at_ && !changed_.wait_until(lock, *at_, [this] { return ending_; })) {
        lock.unlock();
        bite_();
    }
}

}  // namespace wfc::serve
