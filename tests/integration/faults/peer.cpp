#include "faults/peer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace faults {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

}  // namespace

Peer::Peer(int fd, const inbox::Stop& stop) : fd_(fd), stop_(stop) {}

Peer::~Peer() {
    SSL_free(ssl_);
    if (fd_ >= 0) ::close(fd_);
}

/// Until the socket is ready. A client that closed can still be heard to its end.
void Peer::wait(short events) {
    std::array<pollfd, 2> fds{{{fd_, events, 0}, {stop_.fd(), POLLIN, 0}}};
    while (::poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
    }
    if (fds[1].revents != 0) throw Gone{};
}

void Peer::pause(std::chrono::milliseconds time) {
    std::array<pollfd, 2> fds{{{fd_, POLLRDHUP, 0}, {stop_.fd(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), static_cast<int>(time.count())) != 0) throw Gone{};
}

void Peer::stay_silent() {
    for (;;) pause(std::chrono::minutes(1));
}

void Peer::say_raw(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t count = interval_.count() > 0 ? 1 : bytes.size();
        wait(POLLOUT);
        const ssize_t sent = ::send(fd_, bytes.data(), count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) throw Gone{};
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (interval_.count() > 0) pause(interval_);
    }
}

/// What TLS wants on the wire.
void Peer::send_pending() {
    BIO* const out = SSL_get_wbio(ssl_);
    std::string bytes(BIO_ctrl_pending(out), '\0');
    if (bytes.empty()) return;
    BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
    say_raw(bytes);
}

void Peer::say(std::string_view text) {
    if (ssl_ == nullptr) return say_raw(text);
    SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    send_pending();
}

/// Reads once from the wire, into `heard_` or into TLS.
void Peer::read_more() {
    std::array<char, 16 * 1024> chunk;
    const std::size_t wanted = interval_.count() > 0 ? 1 : chunk.size();
    wait(POLLIN);
    const ssize_t count = ::recv(fd_, chunk.data(), wanted, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) throw Gone{};
    if (interval_.count() > 0) pause(interval_);
    if (ssl_ == nullptr) {
        heard_.append(chunk.data(), static_cast<std::size_t>(count));
        return;
    }
    BIO_write(SSL_get_rbio(ssl_), chunk.data(), static_cast<int>(count));
    if (SSL_is_init_finished(ssl_)) decrypt();
}

/// Everything that came and is whole.
void Peer::decrypt() {
    std::array<char, 16 * 1024> chunk;
    for (int got = 0; (got = SSL_read(ssl_, chunk.data(), static_cast<int>(chunk.size()))) > 0;)
        heard_.append(chunk.data(), static_cast<std::size_t>(got));
    const bool broken = SSL_get_error(ssl_, -1) == SSL_ERROR_SSL;
    ERR_clear_error();
    if (broken) throw Gone{};
}

std::string Peer::hear_line() {
    for (;;) {
        const std::size_t end = heard_.find("\r\n");
        if (end != heard_.npos) {
            std::string line = heard_.substr(0, end);
            heard_.erase(0, end + 2);
            return line;
        }
        if (heard_.size() > longest_line) throw Gone{};
        read_more();
    }
}

std::string Peer::hear_some() {
    while (heard_.empty()) read_more();
    return std::exchange(heard_, {});
}

void Peer::await_bytes() {
    wait(POLLIN);
}

void Peer::start_tls(const inbox::ServerTls& tls) {
    ssl_ = SSL_new(tls.native());
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_);
    // What came behind the hello is TLS's already.
    BIO_write(SSL_get_rbio(ssl_), heard_.data(), static_cast<int>(heard_.size()));
    heard_.clear();
    for (;;) {
        const int result = SSL_do_handshake(ssl_);
        const int cause = SSL_get_error(ssl_, result);
        ERR_clear_error();
        send_pending();
        if (result == 1) return decrypt();  // the client's first words may have come with its last of TLS
        if (cause != SSL_ERROR_WANT_READ) throw Gone{};
        read_more();
    }
}

void Peer::cut() noexcept {
    ::close(std::exchange(fd_, -1));
}

void Peer::reset() noexcept {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(fd_, -1));
}

void Peer::half_close() {
    if (ssl_ != nullptr && SSL_is_init_finished(ssl_)) {
        SSL_shutdown(ssl_);
        ERR_clear_error();
        send_pending();
    }
    ::shutdown(fd_, SHUT_WR);
}

}  // namespace faults
