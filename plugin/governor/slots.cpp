#include "governor/slots.hpp"

#include <chrono>
#include <unistd.h>

#include "governor/store_tries.hpp"

namespace mailsend::governor {

namespace {

/// For a person who looks into the store: nothing reads it.
std::string owner(const wfc::Host& host) {
    return R"({"owner":"process )" + std::to_string(::getpid()) + R"(","at":)" +
           std::to_string(host.clock().unix_ms() / 1000) + "}";
}

}  // namespace

void Slots::enter(unsigned limit, const net::Patience& patience) {
    std::unique_lock lock(mutex_);
    while (held_ >= limit) {
        lock.unlock();
        patience.check();
        const std::chrono::milliseconds slice(patience.slice_ms());
        lock.lock();
        left_.wait_for(lock, slice, [&] { return held_ < limit; });
    }
    ++held_;
}

void Slots::leave() noexcept {
    const std::lock_guard lock(mutex_);
    --held_;
    left_.notify_one();
}

std::optional<Slots::Lease> Slots::take(const wfc::Host& host, unsigned limit) {
    const wfc::State state = host.state();
    // Processes that begin at different places seldom want the same one.
    const auto first = static_cast<unsigned>(jitter_ms(static_cast<int>(limit)));
    for (unsigned i = 0; i < limit; ++i) {
        const unsigned place = (first + i) % limit;
        const auto there = state.get(key(place));
        const std::uint64_t version = there ? there->version : 0;
        if (there && !dead(place, version, host.clock().monotonic_ms())) continue;
        if (const auto mine = state.put(key(place), owner(host), version, lease_ms))
            return Lease{place, *mine};
    }
    return std::nullopt;
}

bool Slots::renew(const wfc::Host& host, Lease& lease) const {
    const auto version = host.state().put(key(lease.place), owner(host), lease.version, lease_ms);
    if (version) lease.version = *version;
    return version.has_value();
}

void Slots::give_back(const wfc::Host& host, const Lease& lease) const noexcept {
    try {
        host.state().erase(key(lease.place), lease.version);
    } catch (...) {  // it ends by itself
    }
}

bool Slots::dead(unsigned place, std::uint64_t version, std::uint64_t now_ms) {
    const std::lock_guard lock(mutex_);
    Watched& watched = watched_[place];
    if (watched.version != version) watched = {version, now_ms};
    return now_ms - watched.since_ms >= lease_ms;
}

}  // namespace mailsend::governor
