#include "resuming_server.hpp"

#include <array>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace test {
namespace {

void use(SSL_CTX* context, const inbox::Certificate& certificate) {
    BIO* const chain = BIO_new_mem_buf(certificate.certificate_pem.data(), -1);
    X509* const leaf = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
    BIO* const text = BIO_new_mem_buf(certificate.key_pem.data(), -1);
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, leaf);
    SSL_CTX_use_PrivateKey(context, key);
    BIO_free(chain);
    BIO_free(text);
    X509_free(leaf);
    EVP_PKEY_free(key);
}

}  // namespace

ResumingServer::ResumingServer(const inbox::Certificate& certificate, int version, std::string answer)
    : context_(SSL_CTX_new(TLS_server_method())), answer_(std::move(answer)) {
    use(context_, certificate);
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    (void)::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
        for (;;) {
            const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) return;
            timeval five{5, 0};
            ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &five, sizeof five);
            serve(connection);
            ::close(connection);
        }
    });
}

ResumingServer::~ResumingServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    SSL_CTX_free(context_);
}

void ResumingServer::serve(int connection) {
    std::array<char, 4096> bytes{};
    ++connections_;
    if (breaks_ > 0) {
        --breaks_;
        return break_off_now(connection);
    }
    SSL* const ssl = SSL_new(context_);
    SSL_set_fd(ssl, connection);
    if (SSL_accept(ssl) == 1) {
        if (SSL_session_reused(ssl) == 1) ++resumed_;
        const auto read = [&] { return SSL_read(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0; };
        if (answer_.empty()) {
            SSL_write(ssl, "220 hello\r\n", 11);
            while (read()) SSL_write(ssl, "250 ok\r\n", 8);
        } else if (read()) {
            SSL_write(ssl, answer_.data(), static_cast<int>(answer_.size()));
            SSL_shutdown(ssl);
        }
    }
    SSL_free(ssl);
}

void ResumingServer::break_off_now(int connection) const {
    std::array<char, 4096> bytes{};
    const auto hear = [&] { return ::recv(connection, bytes.data(), bytes.size(), 0); };
    hear();
    const linger hard{1, 0};
    switch (break_) {
        case Break::hang_up:
            break;
        case Break::reset:
            ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
            break;
        case Break::alert:  // fatal, handshake_failure
            ::send(connection, "\x15\x03\x03\x00\x02\x02\x28", 7, MSG_NOSIGNAL);
            break;
        case Break::silence:
            hear();
            break;
    }
}

void ResumingServer::forget_tickets() {
    std::array<unsigned char, 80> keys{};
    RAND_bytes(keys.data(), static_cast<int>(keys.size()));
    SSL_CTX_set_tlsext_ticket_keys(context_, keys.data(), static_cast<int>(keys.size()));
}

std::unique_ptr<mailsend::net::Stream> ResumingServer::connect() const {
    return mailsend::net::connect({"127.0.0.1", port_, {}}, {"127.0.0.1"}, wfc::Egress(), patience());
}

mailsend::net::TlsFacts ResumingServer::visit(const mailsend::net::Trust& trust,
                                              const std::string& host) const {
    const auto stream = connect();
    stream->start_tls(trust, host, patience());
    std::array<char, 64> bytes{};
    EXPECT_EQ(std::string(bytes.data(), stream->read(bytes.data(), bytes.size(), patience())),
              "220 hello\r\n");
    auto facts = stream->tls().value();
    stream->close();
    return facts;
}

}  // namespace test
