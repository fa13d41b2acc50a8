/// Whether a message may go now, and if not, when and because of which limit.
///
/// Guarantees: pure; any thread. Asks all windows of the account and changes none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "governor/limits.hpp"
#include "governor/window_record.hpp"
#include "outcome/failure.hpp"

namespace mailsend::governor {

/// The answer for one message.
struct Admission {
    std::uint64_t wait_ms = 0;    ///< until it fits when nobody else comes first; 0: it may go
    bool never = false;           ///< it is larger than the limit
    const char* limit = nullptr;  ///< that of the longest wait, as in settings: "messages_per_minute" …
    unsigned allowed = 0;         ///< its number

    bool granted() const noexcept { return !never && wait_ms == 0; }
};

Admission asked(const WindowRecord& record, std::uint64_t time_ms, const Limits& limits,
                std::size_t recipients);

/// What to tell the caller who cannot wait for it: Stage::mail, "limit." and the limit, with the details
/// limit, recipients, and retry_after_ms, seconds (rounded up) and at (RFC 3339, UTC); in place of these
/// three `alone` = "yes" for one that never fits.
Failure refused(const Admission& admission, std::size_t recipients, std::int64_t now_unix_ms);

}  // namespace mailsend::governor
