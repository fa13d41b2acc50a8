#include "net/tls_session.hpp"

#include <new>
#include <openssl/err.h>

#include "net/certificate.hpp"
#include "net/tls_failure.hpp"
#include "net/wait.hpp"

namespace mailsend::net {
namespace {

/// Leaves the thread's error queue empty, however the scope ends: the host's own OpenSSL code may read it
/// next.
struct EmptyErrorQueue {
    EmptyErrorQueue() { ERR_clear_error(); }
    ~EmptyErrorQueue() { ERR_clear_error(); }
    EmptyErrorQueue(const EmptyErrorQueue&) = delete;
    EmptyErrorQueue& operator=(const EmptyErrorQueue&) = delete;
};

constexpr int most_issuers = 8;

/// Of the chain that was verified, of the one that was sent where none was.
std::vector<std::string> issuers_of(const STACK_OF(X509) * verified, const STACK_OF(X509) * sent) {
    const STACK_OF(X509)* const chain = verified != nullptr && sk_X509_num(verified) > 0 ? verified : sent;
    std::vector<std::string> issuers;
    const int count = chain == nullptr ? 0 : sk_X509_num(chain);
    for (int i = 0; i < count && i < most_issuers; ++i) {
        std::string issuer = issuer_of(sk_X509_value(chain, i));
        // A root is its own issuer.
        if (!issuer.empty() && (issuers.empty() || issuers.back() != issuer)) {
            issuers.push_back(std::move(issuer));
        }
    }
    return issuers;
}

}  // namespace

/// Runs `operation` (an SSL_*_ex call) until it has an answer. The caller drains the error queue after
/// `failed`.
template <class Operation>
TlsSession::Ended TlsSession::drive(Operation operation, const Patience& patience) {
    for (;;) {
        // SSL_get_error judges by the queue: an entry that somebody else left there would make an idle read
        // spin.
        ERR_clear_error();
        const int result = operation();
        if (result == 1) return Ended::done;
        switch (SSL_get_error(ssl_.get(), result)) {
            case SSL_ERROR_WANT_READ:
                wait(wire_.descriptor, POLLIN, patience);
                break;
            case SSL_ERROR_WANT_WRITE:
                wait(wire_.descriptor, POLLOUT, patience);
                break;
            case SSL_ERROR_ZERO_RETURN:
                return Ended::closed;
            default:
                healthy_ = false;
                return Ended::failed;
        }
    }
}

TlsSession::TlsSession(int descriptor, const Trust& trust, std::string host, const Patience& patience)
    : host_(std::move(host)), method_(new_wire_method()) {
    const EmptyErrorQueue empty;
    wire_.descriptor = descriptor;
    verification_.pin = trust.pin();
    verification_.pin_alone = trust.pin_alone();
    verification_.unproven = trust.unproven();
    ssl_.reset(SSL_new(trust.context()));
    BIO* const bio = method_ == nullptr ? nullptr : new_wire_bio(method_.get(), wire_);
    if (ssl_ == nullptr || bio == nullptr) {
        BIO_free(bio);
        throw std::bad_alloc();
    }
    SSL_set_bio(ssl_.get(), bio, bio);
    if (!attach_verification(ssl_.get(), host_, verification_)) {
        throw Failure(Stage::tls, "tls.handshake", "the host name cannot be checked against a certificate")
            .with("host", host_);
    }
    SSL_set_connect_state(ssl_.get());
    patience.check();
    switch (drive([this] { return SSL_do_handshake(ssl_.get()); }, patience)) {
        case Ended::done:
            break;
        case Ended::closed:
        case Ended::failed:
            throw handshake_failure(verification_, wire_, host_);
    }
}

TlsSession::~TlsSession() {
    // Before the queue is emptied, in which freeing may leave something.
    ssl_.reset();
    ERR_clear_error();
}

std::size_t TlsSession::read(char* into, std::size_t capacity, const Patience& patience) {
    const EmptyErrorQueue empty;
    std::size_t count = 0;
    switch (drive([&] { return SSL_read_ex(ssl_.get(), into, capacity, &count); }, patience)) {
        case Ended::done:
            heard_ = true;
            return count;
        case Ended::closed:
            return 0;
        case Ended::failed:
            break;
    }
    if (closed_without_notice()) return 0;
    throw record_failure(verification_, wire_, host_);
}

void TlsSession::write(std::string_view bytes, std::uint64_t& written, const Patience& patience) {
    const EmptyErrorQueue empty;
    while (!bytes.empty()) {
        patience.check();
        std::size_t count = 0;
        const auto once = [&] { return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count); };
        if (drive(once, patience) != Ended::done) throw record_failure(verification_, wire_, host_);
        bytes.remove_prefix(count);
        written += count;
    }
}

bool TlsSession::has_pending_input() const {
    return SSL_has_pending(ssl_.get()) == 1;
}

bool TlsSession::ended() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

TlsFacts TlsSession::facts() const {
    const EmptyErrorQueue empty;
    TlsFacts facts;
    facts.version = SSL_get_version(ssl_.get());
    facts.cipher = SSL_get_cipher_name(ssl_.get());
    facts.resumed = SSL_session_reused(ssl_.get()) == 1;
    facts.certificate_missed = verification_.asked_for_ours && !verification_.showed_ours && !heard_;
    if (const X509* certificate = SSL_get0_peer_certificate(ssl_.get())) {
        facts.subject = subject_of(certificate);
        facts.not_after_unix = not_after(certificate);
        facts.names = names_of(certificate);
        facts.issuers = issuers_of(SSL_get0_verified_chain(ssl_.get()), SSL_get_peer_cert_chain(ssl_.get()));
    }
    return facts;
}

void TlsSession::close() noexcept {
    const EmptyErrorQueue empty;
    if (healthy_) SSL_shutdown(ssl_.get());
    healthy_ = false;
}

}  // namespace mailsend::net
