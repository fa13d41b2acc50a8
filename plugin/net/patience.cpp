#include "net/patience.hpp"

#include <algorithm>
#include <limits>

#include "outcome/failure.hpp"

namespace mailsend::net {

namespace {
constexpr std::uint64_t longest_slice_ms = 200;
}

Patience Patience::within(std::uint64_t timeout_ms) const {
    Patience shorter = *this;
    const std::uint64_t now = now_ms();
    const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - now;
    shorter.stage_ms_ = now + std::min(timeout_ms, room);
    return shorter;
}

Patience Patience::with_pulse(std::function<void()> pulse) const {
    Patience out = *this;
    out.cancelled_ = [asked = cancelled_, pulse = std::move(pulse)] {
        pulse();
        return asked && asked();
    };
    return out;
}

void Patience::check() const {
    if (cancelled()) throw Cancelled{};
    const std::uint64_t now = now_ms();
    if (now >= overall_ms_) throw TimedOut(true);
    if (now >= stage_ms_) throw TimedOut(false);
}

int Patience::slice_ms() const {
    return static_cast<int>(std::clamp<std::uint64_t>(remaining_ms(), 1, longest_slice_ms));
}

std::uint64_t Patience::remaining_ms() const noexcept {
    const std::uint64_t now = now_ms();
    const std::uint64_t end = std::min(overall_ms_, stage_ms_);
    return end > now ? end - now : 0;
}

}  // namespace mailsend::net
