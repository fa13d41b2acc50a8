#include "governor/passage.hpp"

namespace mailsend::governor {

namespace {

constexpr std::uint64_t count_again_ms = 20'000;

}  // namespace

void Passage::admitted(const Counted& counted, std::uint64_t waited_ms) {
    counted_ = std::make_shared<Counted>(counted);
    tried_ms_ = counted.monotonic_ms;
    waited_ms_ = waited_ms;
}

void Passage::keep_alive() noexcept {
    if (!gate_ || !counted_) return;
    const std::uint64_t now_ms = host_->clock().monotonic_ms();
    if (now_ms - tried_ms_ < count_again_ms) return;
    tried_ms_ = now_ms;
    gate_->count_again(*host_, counted_);
}

void Passage::done() noexcept {
    if (!gate_) return;
    if (counted_) gate_->count_again(*host_, counted_);
    gate_->leave(*host_);
    gate_.reset();
}

}  // namespace mailsend::governor
