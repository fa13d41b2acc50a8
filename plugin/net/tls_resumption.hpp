/// One connection's dealings with the sessions of those before it.
///
/// Guarantees: a session is offered only where the certificate it stands for would pass again: host name, pin
/// and dates are looked at anew, and an hour after its chain was verified a full handshake verifies it again.
/// What a resumed connection says of the peer's issuers is what the full handshake before it found.
#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <string>

#include "net/tls_session_store.hpp"
#include "net/verification.hpp"

namespace mailsend::net {

/// Makes a context hand over the sessions of its connections; each SSL needs TlsResumption::attach.
void install_resumption(SSL_CTX* context);

/// Lives as long as the SSL it is attached to. One thread at a time.
class TlsResumption {
  public:
    /// `server` tells the servers of a store from each other. Null store: nothing is offered or kept.
    TlsResumption(std::weak_ptr<TlsSessionStore> store, std::string server)
        : store_(std::move(store)), server_(std::move(server)) {}

    /// After attach_verification and before the handshake: offers a session, if there is a good one.
    void attach(SSL* ssl, const std::string& host, Verification& verification, std::uint64_t monotonic_ms);
    bool offered() const noexcept { return offered_; }

    /// The handshake failed though, or because, a session was offered.
    void failed(std::uint64_t monotonic_ms);

    /// Keeps a copy of the session for later; not where memory is short.
    void keep(SSL* ssl, SSL_SESSION* session) noexcept;

    /// Of the peer that the finished handshake proved, itself or through the session it went on with.
    TlsProof proof(SSL* ssl) const;

  private:
    std::weak_ptr<TlsSessionStore> store_;
    std::string server_;
    TlsProof carried_;  ///< of the session that was offered
    bool offered_ = false;
    bool chain_counts_ = true;
};

}  // namespace mailsend::net
