#include "net/tls_session.hpp"

#include <cerrno>
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

}  // namespace

/// Runs `operation` (an SSL_*_ex call) until it has an answer. The caller drains the error queue after
/// `failed`, before it lets go of the lock.
template <class Operation>
TlsSession::Ended TlsSession::drive(std::unique_lock<std::mutex>& lock, Side side, Operation operation,
                                    const Patience& patience) {
    for (;;) {
        // SSL_get_error judges by the queue: an entry that somebody else left there would make an idle read
        // spin.
        ERR_clear_error();
        const int result = operation();
        if (result == 1) return Ended::done;
        switch (SSL_get_error(ssl_.get(), result)) {
            case SSL_ERROR_WANT_READ:
                lock.unlock();
                // What was read ahead belongs to the thread that reads.
                if (side == Side::reading) {
                    await_input(patience);
                } else {
                    wait(wire_.descriptor, POLLIN, patience);
                }
                break;
            case SSL_ERROR_WANT_WRITE:
                lock.unlock();
                wait(wire_.descriptor, POLLOUT, patience);
                break;
            case SSL_ERROR_ZERO_RETURN:
                return Ended::closed;
            default:
                healthy_ = false;
                return Ended::failed;
        }
        lock.lock();
    }
}

/// Into the wire's own buffer, so that OpenSSL is not needed meanwhile.
void TlsSession::await_input(const Patience& patience) {
    Wire::Input& input = wire_.input;
    const std::ptrdiff_t count =
        net::await_input(wire_.descriptor, input.bytes.data(), input.bytes.size(), in_recv_, patience);
    if (count < 0) input.error = errno;
    input.begin = 0;
    input.end = count > 0 ? static_cast<std::size_t>(count) : 0;
}

TlsSession::TlsSession(Descriptor descriptor, const Trust& trust, std::string host, const Patience& patience)
    : host_(std::move(host)),
      in_recv_(descriptor.in_recv),
      // Not the address: a name's servers share what their certificate proves, and often their tickets.
      resumption_(trust.sessions(), host_ + ":" + std::to_string(descriptor.port)),
      method_(new_wire_method()) {
    const EmptyErrorQueue empty;
    wire_.descriptor = descriptor.number;
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
    resumption_.attach(ssl_.get(), host_, verification_, patience.now_ms());
    shake_hands(patience);
}

void TlsSession::shake_hands(const Patience& patience) {
    std::unique_lock lock(mutex_);
    const auto once = [this] { return SSL_do_handshake(ssl_.get()); };
    try {
        if (drive(lock, Side::reading, once, patience) == Ended::done) return;
    } catch (const TimedOut&) {
        if (resumption_.offered()) resumption_.failed(patience.now_ms());
        throw;
    }
    Failure failure = handshake_failure(verification_, wire_, host_);
    // A certificate that was refused came instead of what was offered.
    if (resumption_.offered() && verification_.faults.empty()) {
        resumption_.failed(patience.now_ms());
        failure.facts().details[session_offered] = "yes";
    }
    throw failure;
}

TlsSession::~TlsSession() {
    // Before the queue is emptied, in which freeing may leave something.
    ssl_.reset();
    ERR_clear_error();
}

std::size_t TlsSession::read(char* into, std::size_t capacity, const Patience& patience) {
    const EmptyErrorQueue empty;
    std::unique_lock lock(mutex_);
    std::size_t count = 0;
    const auto once = [&] { return SSL_read_ex(ssl_.get(), into, capacity, &count); };
    switch (drive(lock, Side::reading, once, patience)) {
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

void TlsSession::write(std::string_view bytes, std::atomic<std::uint64_t>& written,
                       const Patience& patience) {
    const EmptyErrorQueue empty;
    while (!bytes.empty()) {
        patience.check();
        // Taken anew for each record, so that a long body does not keep the reader out.
        std::unique_lock lock(mutex_);
        std::size_t count = 0;
        const auto once = [&] { return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count); };
        if (drive(lock, Side::writing, once, patience) != Ended::done) {
            throw record_failure(verification_, wire_, host_);
        }
        bytes.remove_prefix(count);
        written += count;
    }
}

bool TlsSession::has_pending_input() const {
    const std::lock_guard lock(mutex_);
    return SSL_has_pending(ssl_.get()) == 1 || !wire_.input.empty();
}

bool TlsSession::ended() const {
    const std::lock_guard lock(mutex_);
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

TlsFacts TlsSession::facts() const {
    const EmptyErrorQueue empty;
    const std::lock_guard lock(mutex_);
    TlsFacts facts;
    facts.version = SSL_get_version(ssl_.get());
    facts.cipher = SSL_get_cipher_name(ssl_.get());
    facts.resumed = SSL_session_reused(ssl_.get()) == 1;
    facts.certificate_missed = verification_.asked_for_ours && !verification_.showed_ours && !heard_;
    if (const X509* certificate = SSL_get0_peer_certificate(ssl_.get())) {
        facts.subject = subject_of(certificate);
        facts.not_after_unix = not_after(certificate);
        facts.names = names_of(certificate);
        facts.issuers = resumption_.proof(ssl_.get()).issuers;
    }
    return facts;
}

void TlsSession::close() noexcept {
    const EmptyErrorQueue empty;
    const std::lock_guard lock(mutex_);
    if (healthy_) SSL_shutdown(ssl_.get());
    healthy_ = false;
}

}  // namespace mailsend::net
