#include "wire.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace inbox {
namespace {

constexpr std::size_t chunk = 64 * 1024;

std::chrono::steady_clock::time_point from_now(milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

}  // namespace

std::string address_of(int fd, bool far_end) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    if ((far_end ? ::getpeername(fd, address, &size) : ::getsockname(fd, address, &size)) != 0) return "?";
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
        ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(v6->sin6_port));
    }
    if (storage.ss_family != AF_INET) return "local";
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    return std::string(text.data()) + ":" + std::to_string(ntohs(v4->sin_port));
}

Wire::Wire(int fd, const Stop& stop) : fd_(fd), stop_(stop), peer_(address_of(fd, true)) {
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);  // fails on a socketpair, harmlessly
}

Wire::~Wire() {
    SSL_free(ssl_);
    if (fd_ >= 0) ::close(fd_);
}

Got Wire::wait(short events, Time until) const {
    std::array<pollfd, 2> fds{{{fd_, events, 0}, {stop_.fd(), POLLIN, 0}}};
    for (;;) {
        const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        const auto slice = std::clamp<long long>(left.count() + 1, 0, 60'000);
        const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(slice));
        if (fds[1].revents != 0 || stop_.asked()) return Got::stopped;
        if (ready > 0) return Got::bytes;
        if (ready < 0 && errno != EINTR) return Got::reset;
        if (left.count() <= 0) return Got::timeout;
    }
}

Got Wire::after_failed_tls(int result, Time until) {
    const int cause = SSL_get_error(ssl_, result);
    if (cause == SSL_ERROR_WANT_READ) return wait(POLLIN, until);
    if (cause == SSL_ERROR_WANT_WRITE) return wait(POLLOUT, until);
    if (cause == SSL_ERROR_ZERO_RETURN) return Got::end;
    const unsigned long code = ERR_peek_error();
    std::array<char, 256> text{};
    if (code != 0) ERR_error_string_n(code, text.data(), text.size());
    tls_error_ = code != 0 ? text.data() : "the connection broke";
    const bool ended = ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    ERR_clear_error();
    return ended ? Got::end : Got::reset;
}

Got Wire::fill(milliseconds patience) {
    if (fd_ < 0) return Got::end;
    const Time until = from_now(patience);
    buffer_.erase(0, std::exchange(begin_, 0));
    const std::size_t had = buffer_.size();
    for (;;) {
        Got got = Got::bytes;
        buffer_.resize(had + chunk);
        if (ssl_ != nullptr) {
            ERR_clear_error();
            const int count = SSL_read(ssl_, buffer_.data() + had, static_cast<int>(chunk));
            buffer_.resize(had + static_cast<std::size_t>(std::max(count, 0)));
            if (count > 0) return Got::bytes;
            got = after_failed_tls(count, until);
        } else {
            const ssize_t count = ::recv(fd_, buffer_.data() + had, chunk, 0);
            const int error = errno;
            buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            if (count > 0) return Got::bytes;
            if (count == 0) return Got::end;
            if (error != EAGAIN && error != EINTR) return Got::reset;
            got = wait(POLLIN, until);
        }
        if (got != Got::bytes) return got;
    }
}

Got Wire::read_line(std::string& line, std::size_t limit, milliseconds patience) {
    line.clear();
    const Time until = from_now(patience);
    bool too_long = false;
    for (std::size_t looked = 0;;) {
        const std::string_view seen = buffered();
        const std::size_t at = seen.find('\n', looked);
        if (at != std::string_view::npos) {
            const bool bare = at == 0 || seen[at - 1] != '\r';
            line.assign(seen.substr(0, at - (bare ? 0 : 1)));
            consume(at + 1);
            if (too_long || line.size() > limit) {
                line.clear();
                return Got::too_long;
            }
            return bare ? Got::bare_lf : Got::bytes;
        }
        looked = seen.size();
        if (looked > limit + 1) {  // throw the start away and look for the end of the line only
            too_long = true;
            consume(looked);
            looked = 0;
        }
        const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        if (const Got got = fill(std::max(left, milliseconds(0))); got != Got::bytes) return got;
    }
}

bool Wire::send(std::string_view bytes, milliseconds patience) {
    const Time until = from_now(patience);
    while (!bytes.empty() && fd_ >= 0) {
        if (stop_.asked()) return false;
        if (ssl_ != nullptr) {
            ERR_clear_error();
            const int count = SSL_write(ssl_, bytes.data(), static_cast<int>(std::min(bytes.size(), chunk)));
            if (count > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
            } else if (after_failed_tls(count, until) != Got::bytes) {
                return false;
            }
            continue;
        }
        const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if ((errno != EAGAIN && errno != EINTR) || wait(POLLOUT, until) != Got::bytes) {
            return false;
        }
    }
    return bytes.empty();
}

bool Wire::pause(milliseconds time, bool until_closed) {
    const Time until = from_now(time);
    while (until_closed && fd_ >= 0) {
        const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        const Got got = fill(std::max(left, milliseconds(0)));
        if (got == Got::timeout) return true;
        if (got != Got::bytes) return false;
        consume(buffered().size());
    }
    pollfd stop{stop_.fd(), POLLIN, 0};
    return ::poll(&stop, 1, static_cast<int>(time.count())) == 0;
}

bool Wire::start_tls(const ServerTls& tls, milliseconds patience) {
    if (fd_ < 0) return false;
    // OpenSSL's socket BIO uses write(): a peer that is gone would kill the process.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);

    const Time until = from_now(patience);
    ssl_ = SSL_new(tls.native());
    if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_) != 1) return false;
    for (;;) {
        ERR_clear_error();
        const int result = SSL_accept(ssl_);
        if (result == 1) return true;
        if (after_failed_tls(result, until) == Got::bytes) continue;
        if (tls_error_.empty()) tls_error_ = "the client did not finish the handshake";
        SSL_free(std::exchange(ssl_, nullptr));
        return false;
    }
}

std::string Wire::tls_version() const {
    return ssl_ == nullptr ? "" : SSL_get_version(ssl_);
}
std::string Wire::tls_cipher() const {
    return ssl_ == nullptr ? "" : SSL_get_cipher_name(ssl_);
}
std::string Wire::tls_name() const {
    const char* name = ssl_ == nullptr ? nullptr : SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
}

void Wire::close() {
    if (ssl_ != nullptr && fd_ >= 0) {
        ERR_clear_error();
        SSL_shutdown(ssl_);
        ERR_clear_error();
    }
    cut();
}

void Wire::cut() {
    if (fd_ < 0) return;
    SSL_free(std::exchange(ssl_, nullptr));
    ::shutdown(fd_, SHUT_WR);
    // Closing over unread input would send RST, not FIN: what is still coming is read and thrown away first.
    pause(std::chrono::seconds(2), true);
    ::close(std::exchange(fd_, -1));
}

void Wire::reset() noexcept {
    if (fd_ < 0) return;
    SSL_free(std::exchange(ssl_, nullptr));
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(fd_, -1));
}

}  // namespace inbox
