#include "governor/slot.hpp"

#include "governor/store_tries.hpp"
#include "net/wait.hpp"
#include "outcome/failure.hpp"

namespace mailsend::governor {

namespace {

/// A store that fails may take a second to say so, in which the message does not move.
constexpr std::uint64_t renew_ms = 10'000, again_ms = 2'000;

}  // namespace

Slot Slot::take(std::shared_ptr<Slots> slots, const wfc::Host& host, unsigned limit,
                const net::Patience& patience) {
    const std::uint64_t since_ms = patience.now_ms();
    try {
        slots->enter(limit, patience);
        Slot slot(std::move(slots), host, limit);
        slot.lease(patience);
        slot.waited_ms_ = patience.now_ms() - since_ms;
        return slot;
    } catch (const net::TimedOut&) {
        throw Failure(Stage::connect, "limit.connections",
                      "all connections that this account may have open at once (" + std::to_string(limit) +
                          ") were in use until the deadline")
            .with("limit", std::to_string(limit));
    }
}

void Slot::lease(const net::Patience& patience) {
    if (!host_->state().offered()) return;
    StoreTries tries;
    for (;;) {
        patience.check();
        renewed_ms_ = patience.now_ms();  // before the store was asked: it ends no earlier
        try {
            if ((lease_ = slots_->take(*host_, limit_))) return;
        } catch (const wfc::ServiceFailed& failure) {
            if (failure.status() == WFC_UNSUPPORTED) return;
            tries.failed(failure, patience);
            continue;
        }
        net::wait_some({}, 100 + jitter_ms(151), patience);
    }
}

void Slot::keep_alive() noexcept {
    if (!slots_ || !host_->state().offered()) return;
    const std::uint64_t now_ms = host_->clock().monotonic_ms();
    if (now_ms - renewed_ms_ < renew_ms) return;
    try {
        // One that was lost while this process stood still: the connection is open, so it takes another.
        if (!lease_ || !slots_->renew(*host_, *lease_)) lease_ = slots_->take(*host_, limit_);
        renewed_ms_ = now_ms;
    } catch (...) {
        renewed_ms_ = host_->clock().monotonic_ms() - renew_ms + again_ms;
    }
}

Slot::~Slot() {
    if (!slots_) return;
    if (lease_) slots_->give_back(*host_, *lease_);
    slots_->leave();
}

}  // namespace mailsend::governor
