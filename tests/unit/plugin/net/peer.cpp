#include "peer.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

namespace test {
namespace {

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    explicit Address(const std::string& text, std::uint16_t port = 0) {
        if (text.find(':') != std::string::npos) {
            auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(port);
            ::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr);
            size = sizeof v6;
        } else {
            auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
            v4.sin_family = AF_INET;
            v4.sin_port = htons(port);
            ::inet_pton(AF_INET, text.c_str(), &v4.sin_addr);
            size = sizeof v4;
        }
    }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    std::uint16_t port() const {
        return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                                                   : reinterpret_cast<const sockaddr_in&>(storage).sin_port);
    }
};

/// A bound socket; listening when `backlog` is not negative.
int bound(Address& address, int backlog) {
    const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(fd, address.get(), address.size) != 0 || (backlog >= 0 && ::listen(fd, backlog) != 0) ||
        ::getsockname(fd, address.get(), &address.size) != 0) {
        throw std::runtime_error("the test has no port");
    }
    return fd;
}

}  // namespace

const wfc_clock& steady_clock_table() {
    static const wfc_clock table = [] {
        wfc_clock clock{};
        clock.struct_size = sizeof clock;
        clock.monotonic_ms = [](void*) noexcept -> std::uint64_t {
            return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  std::chrono::steady_clock::now().time_since_epoch())
                                                  .count());
        };
        return clock;
    }();
    return table;
}

mailsend::net::Patience patience(std::chrono::milliseconds limit,
                                 std::optional<std::chrono::milliseconds> cancel_after) {
    const wfc::Clock clock(&steady_clock_table());
    std::function<bool()> cancelled;
    if (cancel_after) {
        const auto at = std::chrono::steady_clock::now() + *cancel_after;
        cancelled = [at] { return std::chrono::steady_clock::now() >= at; };
    }
    return {clock, std::move(cancelled), clock.monotonic_ms() + static_cast<std::uint64_t>(limit.count())};
}

mailsend::Facts facts_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const mailsend::Failure& failure) {
        EXPECT_EQ(ERR_peek_error(), 0U) << "the error queue was left behind";
        return failure.facts();
    } catch (const std::exception& other) {
        ADD_FAILURE() << "no Failure but: " << other.what();
        return {};
    }
    ADD_FAILURE() << "nothing failed";
    return {};
}

Peer::Peer(Serve serve, const std::string& address) {
    Address at(address);
    listener_ = bound(at, 8);
    port_ = at.port();
    thread_ = std::thread([this, serve = std::move(serve)] {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        timeval five{5, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &five, sizeof five);
        ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &five, sizeof five);
        {
            const std::lock_guard lock(mutex_);
            connection_ = fd;
        }
        serve(fd);
        const std::lock_guard lock(mutex_);
        connection_ = -1;
        ::close(fd);
    });
}

Peer::~Peer() {
    ::shutdown(listener_, SHUT_RDWR);
    {
        const std::lock_guard lock(mutex_);
        if (connection_ >= 0) ::shutdown(connection_, SHUT_RD);
    }
    finish();
    ::close(listener_);
}

void Peer::finish() {
    if (thread_.joinable()) thread_.join();
}

std::unique_ptr<mailsend::net::Stream> Peer::connect() const {
    return mailsend::net::connect(endpoint(), {"127.0.0.1"}, wfc::Egress(), patience());
}

BlackHole::BlackHole(const std::string& address, std::uint16_t port) {
    Address at(address, port);
    listener_ = bound(at, 0);
    port_ = at.port();
    // Linux drops further SYNs once the queue is full; two or three connections fill one of length 0.
    for (int i = 0; i < 4; ++i) {
        const int fd = ::socket(at.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        ::connect(fd, at.get(), at.size);
        queued_.push_back(fd);
    }
    std::this_thread::sleep_for(20ms);
}

BlackHole::~BlackHole() {
    for (const int fd : queued_) ::close(fd);
    ::close(listener_);
}

std::uint16_t closed_port(const std::string& address) {
    Address at(address);
    ::close(bound(at, -1));
    return at.port();
}

void reset(int connection) {
    // Not before the client knows that it is connected.
    std::this_thread::sleep_for(50ms);
    linger hard{1, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    // A disconnected socket has sent its RST even while other references to it are open.
    sockaddr nowhere{};
    nowhere.sa_family = AF_UNSPEC;
    ::connect(connection, &nowhere, sizeof nowhere);
}

void say(int connection, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return;
        sent += static_cast<std::size_t>(count);
    }
}

std::string drain(int connection) {
    std::string all;
    std::array<char, 4096> bytes{};
    for (;;) {
        const ssize_t count = ::recv(connection, bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR) continue;  // with a time-out, a process that stood still is told so
        if (count <= 0) return all;
        all.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

TlsAccept::TlsAccept(int connection, const inbox::Certificate& certificate, int minimum, int maximum)
    : context_(SSL_CTX_new(TLS_server_method())) {
    const auto bio_of = [](const std::string& pem) {
        return BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    };
    BIO* const chain = bio_of(certificate.certificate_pem);
    X509* const leaf = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
    BIO* const key_text = bio_of(certificate.key_pem);
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context_, leaf);
    SSL_CTX_use_PrivateKey(context_, key);
    SSL_CTX_set_min_proto_version(context_, minimum);
    SSL_CTX_set_max_proto_version(context_, maximum);
    BIO_free(chain);
    BIO_free(key_text);
    X509_free(leaf);
    EVP_PKEY_free(key);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, connection);
}

TlsAccept::~TlsAccept() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
}

void TlsAccept::add_to_chain(const std::string& certificate_pem) {
    BIO* const text = BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size()));
    X509* const certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    SSL_add1_chain_cert(ssl_, certificate);
    X509_free(certificate);
    BIO_free(text);
}

void TlsAccept::ask_for_certificate(const std::string& authority_pem) {
    BIO* const text = BIO_new_mem_buf(authority_pem.data(), static_cast<int>(authority_pem.size()));
    X509* const authority = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), authority);
    SSL_set_verify(ssl_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    X509_free(authority);
    BIO_free(text);
}

bool TlsAccept::accept() {
    return SSL_accept(ssl_) == 1;
}

std::string TlsAccept::read() {
    std::array<char, 4096> bytes{};
    std::size_t count = 0;
    return SSL_read_ex(ssl_, bytes.data(), bytes.size(), &count) == 1 ? std::string(bytes.data(), count)
                                                                      : std::string();
}

void TlsAccept::write(const std::string& bytes) {
    std::size_t count = 0;
    SSL_write_ex(ssl_, bytes.data(), bytes.size(), &count);
}

Peer::Serve greet_under_tls(inbox::Certificate certificate, int minimum, int maximum,
                            std::chrono::milliseconds stall) {
    return [certificate = std::move(certificate), minimum, maximum, stall](int connection) {
        std::this_thread::sleep_for(stall);
        TlsAccept tls(connection, certificate, minimum, maximum);
        if (!tls.accept()) return;
        tls.write("220 hello\r\n");
        while (!tls.read().empty()) {
        }
    };
}

}  // namespace test
