#include "bench/sink/channel.hpp"

#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench::sink {

Channel::Channel(int fd) : fd_(fd), buffer_(std::make_unique_for_overwrite<char[]>(capacity)) {
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Channel::~Channel() {
    if (ssl_ != nullptr && flush()) SSL_shutdown(ssl_.get());
    ::close(fd_);
}

bool Channel::flush() {
    std::string_view rest = replies_;
    while (!rest.empty()) {
        const ssize_t sent = ssl_ != nullptr
                                 ? SSL_write(ssl_.get(), rest.data(), static_cast<int>(rest.size()))
                                 : ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    replies_.clear();
    return true;
}

bool Channel::fill() {
    if (!flush()) return false;
    if (begin_ == end_) {
        begin_ = end_ = 0;
    } else if (end_ == capacity) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == capacity) return false;
    char* const into = buffer_.get() + end_;
    const std::size_t room = capacity - end_;
    const ssize_t got =
        ssl_ != nullptr ? SSL_read(ssl_.get(), into, static_cast<int>(room)) : ::recv(fd_, into, room, 0);
    if (got <= 0) return false;
    end_ += static_cast<std::size_t>(got);
    return true;
}

bool Channel::line(std::string_view& out) {
    for (std::size_t looked = 0;;) {
        const std::string_view all = buffered();
        const std::size_t end = all.find('\n', looked);
        if (end != all.npos) {
            out = all.substr(0, end > 0 && all[end - 1] == '\r' ? end - 1 : end);
            begin_ += end + 1;
            return true;
        }
        looked = all.size();
        if (!fill()) return false;
    }
}

bool Channel::start_tls(SSL_CTX* context) {
    if (!flush()) return false;
    begin_ = end_ = 0;  // RFC 3207: what was said before counts no more
    ssl_.reset(SSL_new(context));
    return ssl_ != nullptr && SSL_set_fd(ssl_.get(), fd_) == 1 && SSL_accept(ssl_.get()) == 1;
}

}  // namespace bench::sink
