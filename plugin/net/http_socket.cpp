#include "net/http_socket.hpp"

#include <algorithm>
#include <string_view>

#include "net/http_failure.hpp"
#include "wfc/secret.hpp"

namespace mailsend::net {
namespace {

constexpr std::size_t longest_head = 64U << 10U;
constexpr std::size_t largest_read = 16U << 10U;
/// Initialized, as Poco judges it, and no descriptor that the system knows.
constexpr poco_socket_t no_descriptor = -2;

constexpr std::string_view beginning = "HTTP/1.";

/// Overwritten when the scope ends, however it ends.
struct Wiped {
    char* data;
    std::size_t size;
    ~Wiped() { wfc::wipe(data, size); }
};

}  // namespace

HttpSocket::HttpSocket(Stream& stream, std::string host, const Patience& patience)
    : StreamSocketImpl(no_descriptor), stream_(stream), host_(std::move(host)), patience_(patience) {}

HttpSocket::~HttpSocket() {
    reset();
}

void HttpSocket::rethrow_cause() const {
    if (cause_) std::rethrow_exception(cause_);
}

void HttpSocket::wipe_received() noexcept {
    if (received_ != nullptr) wfc::wipe(received_, most_received_);
}

template <class Work>
int HttpSocket::guarded(Work work) {
    // Poco may try again after a failure that it did not understand.
    rethrow_cause();
    try {
        return work();
    } catch (...) {
        cause_ = std::current_exception();
        throw;
    }
}

int HttpSocket::sendBytes(const void* buffer, int length, int /*flags*/) {
    // The buffer is one of Poco's streams, which fill it anew and give it back to a pool as it is.
    const Wiped bytes{const_cast<char*>(static_cast<const char*>(buffer)),
                      static_cast<std::size_t>(std::max(length, 0))};
    return guarded([&] {
        stream_.write({bytes.data, bytes.size}, patience_);
        return length;
    });
}

int HttpSocket::receiveBytes(void* buffer, int length, int /*flags*/) {
    return guarded([&] {
        char* const into = static_cast<char*>(buffer);
        const std::size_t count = receive(into, static_cast<std::size_t>(std::max(length, 0)));
        received_ = into;  // always the same: the session's buffer
        most_received_ = std::max(most_received_, count);
        return static_cast<int>(count);
    });
}

std::size_t HttpSocket::receive(char* into, std::size_t most) {
    most = std::min(most, largest_read);
    if (!in_head_) return stream_.read(into, most, patience_);
    if (head_size_ == longest_head) throw http_too_large("the head of the answer of " + host_, longest_head);
    const std::size_t count = stream_.read(into, std::min(most, longest_head - head_size_), patience_);
    if (count == 0) throw http_closed(host_);
    begins_as_http(into, count);
    head_size_ += count;
    return count;
}

/// At once: what is not HTTP may never end a line, let alone a head.
void HttpSocket::begins_as_http(const char* bytes, std::size_t size) {
    for (std::size_t i = 0; i < size && head_size_ + i < beginning.size(); ++i) {
        if (bytes[i] != beginning[head_size_ + i]) throw http_garbage(host_);
    }
}

bool HttpSocket::poll(const Poco::Timespan& /*timeout*/, int /*mode*/) {
    return true;  // whoever reads or writes waits
}

void HttpSocket::setSendTimeout(const Poco::Timespan& /*timeout*/) {}

void HttpSocket::setReceiveTimeout(const Poco::Timespan& /*timeout*/) {}

void HttpSocket::setBlocking(bool /*flag*/) {}

}  // namespace mailsend::net
