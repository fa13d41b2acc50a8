#include "governor/elapsed.hpp"

#include <algorithm>

namespace mailsend::governor {

std::optional<std::uint64_t> elapsed_ms(const Moment& since, const Moment& now) noexcept {
    const bool wall = now.unix_ms >= since.unix_ms;
    const bool monotonic = now.monotonic_ms >= since.monotonic_ms;
    // Unsigned: the difference of any two 64-bit numbers fits.
    const std::uint64_t by_wall =
        static_cast<std::uint64_t>(now.unix_ms) - static_cast<std::uint64_t>(since.unix_ms);
    const std::uint64_t by_monotonic = now.monotonic_ms - since.monotonic_ms;
    if (wall && monotonic) return std::min(by_wall, by_monotonic);
    if (monotonic) return by_monotonic;
    if (wall) return by_wall;
    return std::nullopt;
}

}  // namespace mailsend::governor
