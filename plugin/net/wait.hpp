/// The only place of the library that waits.
///
/// Guarantees: returns or throws within 200 ms of cancel or deadline. Does not look at errors of a
/// descriptor: hang-ups count as ready and show up in the operation that follows.
#pragma once

#include <cstddef>
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

/// Makes the kernel wait for input in recv itself, a slice at a time: a call less than poll and recv. False
/// where it cannot.
bool wait_in_recv(int descriptor) noexcept;

/// Waits for input and takes it, though patience has ended if it is there already. As recv: 0 at the end,
/// -1 with errno (never one that passes). `in_recv`: wait_in_recv(descriptor) was true. Throws Cancelled,
/// TimedOut, std::system_error.
std::ptrdiff_t await_input(int descriptor, char* into, std::size_t capacity, bool in_recv,
                           const Patience& patience);

}  // namespace mailsend::net
