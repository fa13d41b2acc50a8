#include "host/browser_connection.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <sys/socket.h>

namespace wfc {

namespace {

bool not_now() noexcept {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

short BrowserConnection::events() const noexcept {
    switch (stage_) {
        case Stage::reading:
        case Stage::leaving:
            return POLLIN;
        case Stage::answering:
            return POLLOUT;
        default:
            return 0;
    }
}

void BrowserConnection::go_on() {
    if (stage_ == Stage::reading) read();
    if (stage_ == Stage::answering) write();
    if (stage_ == Stage::leaving) drain();
}

void BrowserConnection::read() {
    std::array<char, 8192> chunk;
    const ssize_t count = recv(socket_.get(), chunk.data(), chunk.size(), 0);
    if (count < 0 && not_now()) return;
    if (count <= 0) {
        stage_ = Stage::over;  // half a request is none
        return;
    }
    const auto size = static_cast<std::size_t>(count);
    const RequestReader::Progress progress = request_.take({chunk.data(), size});
    wipe(chunk.data(), size);
    if (progress != RequestReader::Progress::more) stage_ = Stage::asked;
}

void BrowserConnection::answer(std::string bytes) {
    answer_ = std::move(bytes);
    stage_ = Stage::answering;
    go_on();
}

void BrowserConnection::write() noexcept {
    while (written_ < answer_.size()) {
        const ssize_t count =
            send(socket_.get(), answer_.data() + written_, answer_.size() - written_, MSG_NOSIGNAL);
        if (count < 0) {
            if (!not_now()) stage_ = Stage::over;
            return;
        }
        written_ += static_cast<std::size_t>(count);
    }
    // Closing while bytes of the browser are unread would reset the connection, and the page could be lost.
    shutdown(socket_.get(), SHUT_WR);
    stage_ = Stage::leaving;
}

void BrowserConnection::drain() noexcept {
    std::array<char, 8192> chunk;
    constexpr int most_reads = 16;  // the others want their turn
    for (int i = 0; i < most_reads; ++i) {
        const ssize_t count = recv(socket_.get(), chunk.data(), chunk.size(), 0);
        if (count > 0) {
            wipe(chunk.data(), static_cast<std::size_t>(count));
            continue;
        }
        if (count == 0 || !not_now()) stage_ = Stage::over;
        return;
    }
}

void BrowserConnection::finish(std::string bytes, int most_ms) noexcept try {
    using Time = std::chrono::steady_clock;
    const auto until = Time::now() + std::chrono::milliseconds(most_ms);
    answer(std::move(bytes));
    while (stage_ != Stage::over) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Time::now()).count();
        if (left <= 0) break;
        pollfd one{socket_.get(), events(), 0};
        if (poll(&one, 1, static_cast<int>(left)) > 0) go_on();
    }
    stage_ = Stage::over;
    socket_.close();
} catch (...) {  // no memory for the page: the browser sees the connection end
    stage_ = Stage::over;
}

}  // namespace wfc
