#include "net/wire.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/types.h>

namespace mailsend::net {
namespace {

Wire& wire_of(BIO* bio) {
    return *static_cast<Wire*>(BIO_get_data(bio));
}

bool passing(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int wire_write(BIO* bio, const char* bytes, std::size_t size, std::size_t* written) noexcept {
    Wire& wire = wire_of(bio);
    BIO_clear_retry_flags(bio);
    wire.error = 0;
    const ssize_t sent = ::send(wire.descriptor, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
        *written = static_cast<std::size_t>(sent);
        return 1;
    }
    if (passing(errno)) {
        BIO_set_retry_write(bio);
    } else {
        wire.error = errno;
    }
    return 0;
}

/// Keeps the first bytes for first_words.
void keep_first(Wire& wire, const char* bytes, std::size_t count) {
    const std::size_t kept = std::min(count, wire.first.size() - wire.first_size);
    std::memcpy(wire.first.data() + wire.first_size, bytes, kept);
    wire.first_size += kept;
}

/// Takes what the socket has, without waiting; as recv.
ssize_t take(Wire& wire) {
    Wire::Input& input = wire.input;
    if (input.error != 0) {
        errno = input.error;
        return -1;
    }
    const ssize_t received = ::recv(wire.descriptor, input.bytes.data(), input.bytes.size(), MSG_DONTWAIT);
    input.begin = 0;
    input.end = received > 0 ? static_cast<std::size_t>(received) : 0;
    return received;
}

int wire_read(BIO* bio, char* into, std::size_t capacity, std::size_t* count) noexcept {
    Wire& wire = wire_of(bio);
    Wire::Input& input = wire.input;
    BIO_clear_retry_flags(bio);
    wire.error = 0;
    if (input.empty()) {
        const ssize_t received = take(wire);
        if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
        if (received < 0 && passing(errno)) {
            BIO_set_retry_read(bio);
        } else if (received < 0) {
            wire.error = errno;
        }
        if (received <= 0) return 0;
    }
    *count = std::min(capacity, input.end - input.begin);
    std::memcpy(into, input.bytes.data() + input.begin, *count);
    input.begin += *count;
    keep_first(wire, into, *count);
    return 1;
}

long wire_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) noexcept {
    switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_EOF:
            return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
        default:
            return 0;
    }
}

}  // namespace

BioMethod new_wire_method() {
    BioMethod method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "mailsend socket"));
    if (method == nullptr) return method;
    BIO_meth_set_write_ex(method.get(), wire_write);
    BIO_meth_set_read_ex(method.get(), wire_read);
    BIO_meth_set_ctrl(method.get(), wire_control);
    return method;
}

BIO* new_wire_bio(const BIO_METHOD* method, Wire& wire) {
    BIO* const bio = BIO_new(method);
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, &wire);
    BIO_set_init(bio, 1);
    return bio;
}

std::string first_words(const Wire& wire) {
    std::array<char, 80> seen{};
    std::memcpy(seen.data(), wire.first.data(), wire.first_size);
    std::size_t size = wire.first_size;
    const Wire::Input& input = wire.input;
    const std::size_t taken = std::min(seen.size() - size, input.end - input.begin);
    std::memcpy(seen.data() + size, input.bytes.data() + input.begin, taken);
    size += taken;
    const ssize_t more =
        ::recv(wire.descriptor, seen.data() + size, seen.size() - size, MSG_PEEK | MSG_DONTWAIT);
    if (more > 0) size += static_cast<std::size_t>(more);

    const std::string text(seen.data(), size);
    const std::string line = text.substr(0, text.find_first_of("\r\n"));
    const bool readable = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return line.size() >= 3 && readable ? line : std::string();
}

}  // namespace mailsend::net
