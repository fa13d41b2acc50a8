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

void Patience::check() const {
    if (cancelled()) throw Cancelled{};
    const std::uint64_t now = now_ms();
    if (now >= overall_ms_) throw TimedOut(true);
    if (now >= stage_ms_) throw TimedOut(false);
}

int Patience::slice_ms() const {
    const std::uint64_t now = now_ms();
    const std::uint64_t end = std::min(overall_ms_, stage_ms_);
    const std::uint64_t left = end > now ? end - now : 0;
    return static_cast<int>(std::clamp<std::uint64_t>(left, 1, longest_slice_ms));
}

}  // namespace mailsend::net
