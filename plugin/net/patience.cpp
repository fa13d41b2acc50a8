#include "net/patience.hpp"

#include <algorithm>
#include <limits>

#include "outcome/failure.hpp"

namespace mailsend::net {

Patience::Patience(wfc::Clock clock, std::function<bool()> cancelled, std::uint64_t deadline_ms)
    : clock_(clock), overall_ms_(deadline_ms), stage_ms_(deadline_ms) {
    if (cancelled) cancelled_ = std::make_shared<const std::function<bool()>>(std::move(cancelled));
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
    out.cancelled_ =
        std::make_shared<const std::function<bool()>>([asked = cancelled_, pulse = std::move(pulse)] {
            pulse();
            return asked != nullptr && (*asked)();
        });
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

int Patience::next_slice_ms() const {
    if (cancelled()) return 0;
    return static_cast<int>(std::min<std::uint64_t>(remaining_ms(), longest_slice_ms));
}

std::uint64_t Patience::remaining_ms() const noexcept {
    const std::uint64_t now = now_ms();
    return end_ms() > now ? end_ms() - now : 0;
}

}  // namespace mailsend::net
