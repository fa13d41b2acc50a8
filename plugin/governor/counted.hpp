/// When a message was counted.
#pragma once

#include <cstdint>

#include "governor/window_record.hpp"

namespace mailsend::governor {

/// Messages that were admitted, as they count now. Plain value.
struct Counted {
    std::uint64_t at_ms = 0;         ///< the account's time
    std::uint64_t monotonic_ms = 0;  ///< this process's clock at the same moment
    std::uint64_t recipients = 0;

    /// Whether that clock has come to a later slice of the minute than the one it counts in.
    bool later_slice(std::uint64_t now_ms) const noexcept {
        const std::uint64_t since = now_ms > monotonic_ms ? now_ms - monotonic_ms : 0;
        const Window minute = Window(WindowRecord::minute_ms);
        return minute.slice_of(at_ms + since) > minute.slice_of(at_ms);
    }
};

}  // namespace mailsend::governor
