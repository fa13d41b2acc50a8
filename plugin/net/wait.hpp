/// The only place of the library that waits.
///
/// Guarantees: returns or throws within 200 ms of cancel or deadline. Does not look at errors of a
/// descriptor: hang-ups count as ready and show up in the operation that follows.
#pragma once

#include <poll.h>
#include <span>

#include "net/patience.hpp"

namespace mailsend::net {

/// Checks `patience`, then waits until a descriptor is ready, at most `most_ms` and never longer than a slice
/// of patience. Returns how many are ready, 0 for none. Throws Cancelled, TimedOut, std::system_error.
int wait_some(std::span<pollfd> descriptors, int most_ms, const Patience& patience);

/// Waits until `descriptor` is ready for `events` (POLLIN, POLLOUT). Throws Cancelled, TimedOut,
/// std::system_error.
void wait(int descriptor, short events, const Patience& patience);

}  // namespace mailsend::net
