/// How much time has gone by according to two clocks of which either may have jumped.
///
/// Guarantees: pure; any thread. Never more than the time that really went by, as long as one of the clocks
/// went right; a clock that was set forward makes nothing earlier.
///
/// What it cannot tell: a machine that slept, or was started again and has been up for longer than before,
/// from a clock that was set forward; that time counts only as far as the monotonic clock knows of it.
#pragma once

#include <cstdint>
#include <optional>

namespace mailsend::governor {

/// One reading of both clocks.
struct Moment {
    std::int64_t unix_ms = 0;
    std::uint64_t monotonic_ms = 0;  ///< starts again when the machine does
};

/// Milliseconds from `since` to `now`: the smaller of both movements; that of the other clock when one went
/// back (the wall clock was set, the machine was started again). Nothing when both did: nobody knows.
std::optional<std::uint64_t> elapsed_ms(const Moment& since, const Moment& now) noexcept;

}  // namespace mailsend::governor
