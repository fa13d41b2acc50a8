#include "net/wait.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>

namespace mailsend::net {

int wait_some(std::span<pollfd> descriptors, int most_ms, const Patience& patience) {
    int slice_ms = patience.next_slice_ms();
    if (slice_ms == 0) {
        patience.check();
        slice_ms = 1;
    }
    const int ready = ::poll(descriptors.data(), descriptors.size(), std::min(most_ms, slice_ms));
    if (ready >= 0) return ready;
    if (errno == EINTR) return 0;
    throw std::system_error(errno, std::generic_category(), "poll");
}

void wait(int descriptor, short events, const Patience& patience) {
    pollfd one{descriptor, events, 0};
    while (wait_some({&one, 1}, std::numeric_limits<int>::max(), patience) == 0) {
    }
}

bool wait_in_recv(int descriptor) noexcept {
    const timeval slice{0, Patience::longest_slice_ms * 1000};
    if (::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof slice) != 0) return false;
    const int flags = ::fcntl(descriptor, F_GETFL);
    return flags >= 0 && ::fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

std::ptrdiff_t await_input(int descriptor, char* into, std::size_t capacity, bool in_recv,
                           const Patience& patience) {
    for (;;) {
        const int slice_ms = patience.next_slice_ms();
        // The kernel's slice is a whole one: a much shorter one is waited for in poll.
        const bool waits = in_recv && slice_ms >= Patience::longest_slice_ms / 2;
        if (!waits && slice_ms > 0) {
            pollfd one{descriptor, POLLIN, 0};
            if (::poll(&one, 1, slice_ms) < 0 && errno != EINTR) {
                throw std::system_error(errno, std::generic_category(), "poll");
            }
        }
        const ssize_t count = ::recv(descriptor, into, capacity, waits ? 0 : MSG_DONTWAIT);
        if (count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) return count;
        if (slice_ms == 0) patience.check();
    }
}

}  // namespace mailsend::net
