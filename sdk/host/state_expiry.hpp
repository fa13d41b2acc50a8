/// When a value of the state store is there.
///
/// Guarantees: one rule for reading and writing. A value is there until its expiry, unless it has at most an
/// hour to live and was written more than a minute in the future: then the clock was set back.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

namespace wfc {

/// The expiry of what stays until it is erased.
inline constexpr std::int64_t never_expires = std::numeric_limits<std::int64_t>::max();

inline std::int64_t unix_ms() noexcept {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// In unix ms; `ttl_ms` 0: never.
inline std::int64_t expiry(std::int64_t now, std::uint64_t ttl_ms) noexcept {
    if (ttl_ms == 0 || ttl_ms >= static_cast<std::uint64_t>(never_expires - now)) return never_expires;
    return now + static_cast<std::int64_t>(ttl_ms);
}

/// SQL for a row that is there at the time of the parameter `now`.
inline std::string live(const std::string& now) {
    return "(state.expires > " + now + " AND (state.written <= " + now +
           " + 60000 OR state.expires - state.written > 3600000))";
}

}  // namespace wfc
