#include "net/tls_resumption.hpp"

#include <algorithm>
#include <ctime>
#include <new>

#include "net/certificate.hpp"

namespace mailsend::net {
namespace {

/// So long, authorities that the system has dropped and revocations may go unseen.
constexpr std::time_t longest_proof_s = 3600;

/// OpenSSL calls it inside the operation that read the ticket, on that thread.
int keep_session(SSL* ssl, SSL_SESSION* session) noexcept {
    const auto* verification = static_cast<const Verification*>(SSL_get_app_data(ssl));
    if (verification != nullptr && verification->resumption != nullptr) {
        verification->resumption->keep(ssl, session);
    }
    return 0;  // the reference stays OpenSSL's
}

}  // namespace

void install_resumption(SSL_CTX* context) {
    SSL_CTX_set_session_cache_mode(
        context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL | SSL_SESS_CACHE_NO_AUTO_CLEAR);
    SSL_CTX_sess_set_new_cb(context, keep_session);
}

void TlsResumption::attach(SSL* ssl, const std::string& host, Verification& verification,
                           std::uint64_t monotonic_ms) {
    verification.resumption = this;
    chain_counts_ = !verification.pin_alone && !verification.unproven;
    const auto store = store_.lock();
    if (store == nullptr) return;
    auto kept = store->take(server_, std::time(nullptr), monotonic_ms);
    if (!kept || !would_pass(SSL_SESSION_get0_peer(kept->session.get()), host, verification)) return;
    if (SSL_set_session(ssl, kept->session.get()) != 1) return;
    offered_ = true;
    carried_ = std::move(kept->proof);
}

void TlsResumption::failed(std::uint64_t monotonic_ms) {
    if (const auto store = store_.lock()) store->failed(server_, monotonic_ms);
}

void TlsResumption::keep(SSL* ssl, SSL_SESSION* session) noexcept {
    try {
        const auto store = store_.lock();
        if (store == nullptr || SSL_SESSION_is_resumable(session) != 1) return;
        std::unique_ptr<SSL_SESSION, FreeSession> copy(SSL_SESSION_dup(session));
        if (copy != nullptr) store->keep(server_, {std::move(copy), proof(ssl)});
    } catch (const std::bad_alloc&) {
        // The next handshake is a full one.
    }
}

TlsProof TlsResumption::proof(SSL* ssl) const {
    if (SSL_session_reused(ssl) == 1) return carried_;
    TlsProof proof;
    const STACK_OF(X509)* const verified = SSL_get0_verified_chain(ssl);
    const bool has_verified = verified != nullptr && sk_X509_num(verified) > 0;
    // Where none was verified, what was sent is all there is to tell.
    const STACK_OF(X509)* const chain = has_verified ? verified : SSL_get_peer_cert_chain(ssl);
    proof.issuers = issuers_of(chain);
    proof.ends = std::time(nullptr) + longest_proof_s;
    for (int i = 0; chain_counts_ && has_verified && i < sk_X509_num(chain); ++i) {
        proof.ends = std::min(proof.ends, not_after(sk_X509_value(chain, i)));
    }
    return proof;
}

}  // namespace mailsend::net
