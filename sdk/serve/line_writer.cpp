#include "serve/line_writer.hpp"

#include <cerrno>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace wfc::serve {

LineWriter::LineWriter(int descriptor) : descriptor_(descriptor), thread_([this] { work(); }) {}

LineWriter::~LineWriter() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    came_.notify_all();
    thread_.join();
}

void LineWriter::write(std::string line) {
    line += '\n';
    const std::size_t size = line.size();
    {
        const std::lock_guard lock(mutex_);
        if (gone_) return;
        lines_.push_back(std::move(line));
        bytes_ += size;
    }
    came_.notify_one();
}

bool LineWriter::has_room() const noexcept {
    const std::lock_guard lock(mutex_);
    return gone_ || bytes_ < room;
}

void LineWriter::await_room() noexcept {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [this] { return gone_ || bytes_ < room; });
}

bool LineWriter::flush(std::chrono::milliseconds most) noexcept {
    std::unique_lock lock(mutex_);
    return left_.wait_for(lock, most, [this] { return gone_ || bytes_ == 0; });
}

void LineWriter::work() noexcept {
    std::unique_lock lock(mutex_);
    for (;;) {
        came_.wait(lock, [this] { return ending_ || !lines_.empty(); });
        if (ending_) return;
        const std::string line = std::move(lines_.front());
        lines_.pop_front();
        lock.unlock();
        send(line);
        lock.lock();
        bytes_ -= line.size();
        left_.notify_all();
    }
}

void LineWriter::send(const std::string& line) noexcept {
    std::string_view rest(line);
    while (!rest.empty() && !gone_) {
        const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
        if (n >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            pollfd space{descriptor_, POLLOUT, 0};
            poll(&space, 1, -1);
        } else if (errno != EINTR) {
            found_gone();
        }
    }
}

void LineWriter::found_gone() noexcept {
    {
        const std::lock_guard lock(mutex_);
        gone_ = true;
    }
    left_.notify_all();
}

bool LineWriter::gone() noexcept {
    pollfd end{descriptor_, 0, 0};
    if (!gone_ && poll(&end, 1, 0) == 1 && (end.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) found_gone();
    return gone_;
}

}  // namespace wfc::serve
