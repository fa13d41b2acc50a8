#include "net/channel.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketImpl.h>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

#include "net/tls_failure.hpp"
#include "net/tls_session.hpp"
#include "net/wait.hpp"

namespace mailsend::net {
namespace {

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK;
}

/// A socket that is closed with input unread (session tickets, at least) makes the kernel send RST, and the
/// peer may lose what we wrote last. Takes what is there, at most 64 KiB.
void discard_input(int fd) {
    std::array<char, 4096> bytes{};
    for (int i = 0; i < 16; ++i) {
        if (::recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT) <= 0) return;
    }
}

}  // namespace

Channel::Channel(const Poco::Net::StreamSocket& connected) : socket_(connected) {
    try {
        peer_address_ = socket_.peerAddress().host().toString();
        port_ = socket_.peerAddress().port();
        local_address_ = socket_.address().host().toString();
        in_recv_ = wait_in_recv(socket_.impl()->sockfd());
    } catch (const Poco::Exception& gone) {
        throw connection_broken(gone.code());
    }
}

Channel::~Channel() = default;

int Channel::descriptor() const {
    if (!open_) throw connection_broken(EPIPE);
    return socket_.impl()->sockfd();
}

std::size_t Channel::read(char* into, std::size_t capacity, const Patience& patience) {
    const int fd = descriptor();
    if (session_) return session_->read(into, capacity, patience);
    const std::ptrdiff_t count = await_input(fd, into, capacity, in_recv_, patience);
    if (count < 0) throw connection_broken(errno);
    return static_cast<std::size_t>(count);
}

void Channel::write(std::string_view bytes, const Patience& patience) {
    const int fd = descriptor();
    if (session_) return session_->write(bytes, written_, patience);
    while (!bytes.empty()) {
        patience.check();
        const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            written_ += static_cast<std::uint64_t>(count);
            // A part means that the kernel took what it had room for.
            if (!bytes.empty()) wait(fd, POLLOUT, patience);
        } else if (would_block(errno)) {
            wait(fd, POLLOUT, patience);
        } else if (errno != EINTR) {
            throw connection_broken(errno);
        }
    }
}

bool Channel::has_pending_input() {
    if (!open_) return false;
    if (session_ && session_->has_pending_input()) return true;
    char byte = 0;
    return ::recv(descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/// Without waiting; hang-ups and errors come unasked.
short Channel::events(short asked) const {
    pollfd one{descriptor(), asked, 0};
    return ::poll(&one, 1, 0) > 0 ? one.revents : short{0};
}

/// Asked of poll and not by a peeking recv, which sees no end behind input that nobody has read yet.
bool Channel::ended() {
    return !open_ || (session_ && session_->ended()) || events(POLLRDHUP) != 0;
}

Stream::Heard Channel::heard() {
    if (!open_ || (session_ && session_->ended())) return Heard::end;
    const short seen = events(POLLIN | POLLRDHUP);
    if ((seen & ~POLLIN) != 0) return Heard::end;
    const bool input = seen != 0 || (session_ && session_->has_pending_input());
    return input ? Heard::input : Heard::nothing;
}

void Channel::start_tls(const Trust& trust, const std::string& host, const Patience& patience) {
    const int fd = descriptor();
    // A stream whose handshake failed must not be talked into going on in clear.
    open_ = false;
    session_ = std::make_unique<TlsSession>(Descriptor{fd, in_recv_, port_}, trust, host, patience);
    open_ = true;
}

std::optional<TlsFacts> Channel::tls() const {
    if (!session_) return std::nullopt;
    return session_->facts();
}

void Channel::close() noexcept {
    if (!open_) return;
    if (session_) session_->close();
    open_ = false;
    try {
        const int fd = socket_.impl()->sockfd();
        ::shutdown(fd, SHUT_WR);
        discard_input(fd);
        socket_.close();
    } catch (const Poco::Exception&) {
        // Whatever the system says, the descriptor is gone.
    }
}

}  // namespace mailsend::net
