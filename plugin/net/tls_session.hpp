/// One TLS session over a connected, non-blocking socket.
///
/// Guarantees: the peer is verified before the constructor returns; reads first and waits only when OpenSSL
/// asks for it; the thread's OpenSSL error queue is empty after every call. Does not resume sessions, does
/// not renegotiate.
#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

#include "net/patience.hpp"
#include "net/stream.hpp"
#include "net/trust.hpp"
#include "net/verification.hpp"
#include "net/wire.hpp"

namespace mailsend::net {

/// Does not own the descriptor. One thread at a time; immovable, since OpenSSL keeps pointers into it.
class TlsSession {
  public:
    /// The handshake. Throws Failure(tls, "tls.*" or "cert.*"), Cancelled, TimedOut.
    TlsSession(int descriptor, const Trust& trust, std::string host, const Patience& patience);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /// As Stream::read; 0 after close_notify and also after a TCP end without it: whether what came is whole,
    /// the caller knows.
    std::size_t read(char* into, std::size_t capacity, const Patience& patience);
    /// Adds to `written` what was handed over, record by record.
    void write(std::string_view bytes, std::uint64_t& written, const Patience& patience);
    bool has_pending_input() const;
    /// The peer's close_notify was read.
    bool ended() const;
    TlsFacts facts() const;

    /// Sends close_notify, does not wait.
    void close() noexcept;

  private:
    enum class Ended { done, closed, failed };
    template <class Operation>
    Ended drive(Operation operation, const Patience& patience);

    struct FreeSsl {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };
    std::string host_;
    Wire wire_;
    Verification verification_;
    BioMethod method_;
    std::unique_ptr<SSL, FreeSsl> ssl_;
    bool healthy_ = true;
    bool heard_ = false;  ///< the peer has said something under TLS
};

}  // namespace mailsend::net
