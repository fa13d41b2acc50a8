#include "transport_troubles/door.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/time.h>

namespace test {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

X509Pointer certificate_of(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
}

Key key_of(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return {PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

Context context_of(const TlsTerms& terms) {
    Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), terms.minimum);
    SSL_CTX_set_max_proto_version(context.get(), terms.maximum);
    if (terms.also) terms.also(context.get());
    const X509Pointer leaf = certificate_of(terms.certificate.certificate_pem);
    const Key key = key_of(terms.certificate.key_pem);
    if (SSL_CTX_use_certificate(context.get(), leaf.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
        throw std::runtime_error("the test's certificate does not fit");
    }
    for (const std::string& pem : terms.chain) {
        SSL_CTX_add1_chain_cert(context.get(), certificate_of(pem).get());
    }
    if (!terms.client_authority.empty()) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()),
                            certificate_of(terms.client_authority).get());
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    return context;
}

}  // namespace

Door::Door(Part part, std::uint16_t port) : listener_(16, port), part_(std::move(part)) {
    thread_ = std::thread([this] { serve(); });
}

Door::~Door() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
        if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
    }
    listener_.stop();
    thread_.join();
}

void Door::serve() {
    sigset_t pipe{};
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    for (int fd = listener_.accept(); fd >= 0; fd = listener_.accept()) {
        const timeval ten{10, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &ten, sizeof ten);
        ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &ten, sizeof ten);
        bool over = false;
        {
            const std::lock_guard lock(mutex_);
            over = over_;
            connection_ = fd;
        }
        if (!over) part_(fd);
        const std::lock_guard lock(mutex_);
        connection_ = -1;
        ::close(fd);
    }
}

FullQueue::FullQueue(std::uint16_t port) : listener_(0, port) {
    // A backlog of 0 holds one connection; what comes behind it gets no answer. One more, for kernels that
    // count otherwise; without blocking, because it is not answered either.
    for (int i = 0; i < 3; ++i) {
        queued_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        (void)::connect(queued_.back(), listener_.address(), sizeof(sockaddr_in));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

FullQueue::~FullQueue() {
    for (const int fd : queued_) ::close(fd);
}

void say(int connection, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return;
        sent += static_cast<std::size_t>(count);
    }
}

std::string hear(int connection) {
    std::array<char, 16384> bytes{};
    ssize_t count = 0;
    do {  // with a time-out, a process that stood still is told so
        count = ::recv(connection, bytes.data(), bytes.size(), 0);
    } while (count < 0 && errno == EINTR);
    return count <= 0 ? std::string() : std::string(bytes.data(), static_cast<std::size_t>(count));
}

void listen_to_the_end(int connection) {
    while (!hear(connection).empty()) {
    }
}

void reset(int connection) {
    // Not before the client knows that it is connected.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const linger hard{1, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

Part under_tls(TlsTerms terms) {
    return [terms = std::move(terms)](int connection) {
        const Context context = context_of(terms);
        const Session session(SSL_new(context.get()), SSL_free);
        SSL_set_fd(session.get(), connection);
        if (SSL_accept(session.get()) == 1) {
            const std::string greeting = "220 hello\r\n";
            SSL_write(session.get(), greeting.data(), static_cast<int>(greeting.size()));
        }
        ERR_clear_error();
        // A socket that is closed with input unread sends RST behind the alert, which is then lost.
        ::shutdown(connection, SHUT_WR);
        listen_to_the_end(connection);
    };
}

Part behind_starttls(Part part) {
    return [part = std::move(part)](int connection) {
        say(connection, "220 mail.example.test ESMTP\r\n");
        if (hear(connection).empty()) return;
        say(connection, "250-mail.example.test\r\n250 STARTTLS\r\n");
        if (hear(connection).empty()) return;
        say(connection, "220 go ahead\r\n");
        part(connection);
    };
}

}  // namespace test
