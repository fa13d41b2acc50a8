#include "serve/line_writer.hpp"

#include <cerrno>
#include <poll.h>
#include <string_view>
#include <unistd.h>

namespace wfc::serve {

void LineWriter::write(std::string line) {
    line += '\n';
    std::string_view rest(line);
    const std::lock_guard lock(mutex_);
    while (!rest.empty() && !gone_) {
        const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
        if (n >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            pollfd room{descriptor_, POLLOUT, 0};
            poll(&room, 1, -1);
        } else if (errno != EINTR) {
            gone_ = true;
        }
    }
}

bool LineWriter::gone() noexcept {
    pollfd end{descriptor_, 0, 0};
    if (poll(&end, 1, 0) == 1 && (end.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) gone_ = true;
    return gone_;
}

}  // namespace wfc::serve
