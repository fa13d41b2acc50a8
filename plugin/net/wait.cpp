#include "net/wait.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

namespace mailsend::net {

int wait_some(std::span<pollfd> descriptors, int most_ms, const Patience& patience) {
    patience.check();
    const int ready = ::poll(descriptors.data(), descriptors.size(), std::min(most_ms, patience.slice_ms()));
    if (ready >= 0) return ready;
    if (errno == EINTR) return 0;
    throw std::system_error(errno, std::generic_category(), "poll");
}

void wait(int descriptor, short events, const Patience& patience) {
    pollfd one{descriptor, events, 0};
    while (wait_some({&one, 1}, std::numeric_limits<int>::max(), patience) == 0) {
    }
}

}  // namespace mailsend::net
