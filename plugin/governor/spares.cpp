#include "governor/spares.hpp"

namespace mailsend::governor {

void Spares::add(const void* who, std::function<void()> give_up) {
    const std::lock_guard lock(mutex_);
    all_[who] = std::move(give_up);
}

void Spares::forget(const void* who) noexcept {
    const std::lock_guard lock(mutex_);
    all_.erase(who);
}

void Spares::ask() const {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return;
    for (const auto& [who, give_up] : all_) give_up();
}

}  // namespace mailsend::governor
