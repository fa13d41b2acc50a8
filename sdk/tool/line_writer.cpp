#include "tool/line_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <poll.h>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace wfc::tool {

namespace {

/// A pipe that has room takes so much without blocking.
constexpr std::size_t piece = 4096;
constexpr std::chrono::seconds at_the_end{1};

/// All of it, unless nobody reads any more.
void write_whole(int descriptor, std::string_view rest) {
    while (!rest.empty()) {
        pollfd ready{descriptor, POLLOUT, 0};
        if (poll(&ready, 1, -1) < 0 && errno != EINTR) return;
        const ssize_t n = ::write(descriptor, rest.data(), std::min(rest.size(), piece));
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) return;
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

/// Shared with the thread, which may outlive the writer.
struct LineWriter::Queue {
    int descriptor = -1;
    std::function<std::string(std::size_t)> dropped_line{};
    std::mutex mutex{};
    std::condition_variable came{}, empty{};
    std::deque<std::string> lines{};
    std::size_t bytes = 0, dropped = 0;
    bool writing = false, ending = false;

    void run() {
        std::unique_lock lock(mutex);
        for (;;) {
            came.wait(lock, [this] { return ending || !lines.empty() || dropped != 0; });
            std::string next;
            if (!lines.empty()) {
                next = std::move(lines.front());
                lines.pop_front();
                bytes -= next.size();
            } else if (dropped != 0) {
                next = dropped_line(dropped) + "\n";
                dropped = 0;
            } else {
                return;
            }
            writing = true;
            lock.unlock();
            write_whole(descriptor, next);
            lock.lock();
            writing = false;
            if (lines.empty() && dropped == 0) empty.notify_all();
        }
    }
};

LineWriter::LineWriter(int descriptor, std::function<std::string(std::size_t count)> dropped)
    : queue_(std::make_shared<Queue>()) {
    queue_->descriptor = descriptor;
    queue_->dropped_line = std::move(dropped);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        std::thread([queue = queue_] { queue->run(); }).detach();
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

LineWriter::~LineWriter() {
    std::unique_lock lock(queue_->mutex);
    queue_->empty.wait_for(lock, at_the_end, [this] {
        return queue_->lines.empty() && queue_->dropped == 0 && !queue_->writing;
    });
    queue_->ending = true;
    queue_->lines.clear();
    queue_->bytes = queue_->dropped = 0;
    queue_->came.notify_all();
}

void LineWriter::write(std::string line) {
    line += '\n';
    const std::lock_guard lock(queue_->mutex);
    // Once lines are missing no later one is queued before that was said.
    if (queue_->dropped != 0 || queue_->lines.size() >= most_lines ||
        queue_->bytes + line.size() > most_bytes) {
        ++queue_->dropped;
        return;
    }
    queue_->bytes += line.size();
    queue_->lines.push_back(std::move(line));
    queue_->came.notify_one();
}

}  // namespace wfc::tool
