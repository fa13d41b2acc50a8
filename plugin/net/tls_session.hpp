/// One TLS session over a connected, non-blocking socket.
///
/// Guarantees: the peer is verified before the constructor returns; reads first and waits only when OpenSSL
/// asks for it; the thread's OpenSSL error queue is empty after every call. One thread may read while another
/// writes, and neither waits for the network of the other: OpenSSL is called under a lock, waited for
/// without. Goes on with sessions of the Trust where there are some (tls_resumption.hpp). Does not
/// renegotiate.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

#include "net/patience.hpp"
#include "net/stream.hpp"
#include "net/tls_resumption.hpp"
#include "net/trust.hpp"
#include "net/verification.hpp"
#include "net/wire.hpp"

namespace mailsend::net {

/// A connected socket.
struct Descriptor {
    int number = -1;
    bool in_recv = false;    ///< see await_input
    std::uint16_t port = 0;  ///< of the peer
};

/// Does not own the descriptor. One thread at a time, but for read, has_pending_input and ended on one and
/// write on another; immovable, since OpenSSL keeps pointers into it.
class TlsSession {
  public:
    /// The handshake. Throws Failure(tls, "tls.*" or "cert.*"), Cancelled, TimedOut. A failure that a session
    /// of before may have caused has the detail session_offered: whoever connects once more within the
    /// minute does so without.
    TlsSession(Descriptor descriptor, const Trust& trust, std::string host, const Patience& patience);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /// As Stream::read; 0 after close_notify and also after a TCP end without it: whether what came is whole,
    /// the caller knows.
    std::size_t read(char* into, std::size_t capacity, const Patience& patience);
    /// Adds to `written` what was handed over, record by record.
    void write(std::string_view bytes, std::atomic<std::uint64_t>& written, const Patience& patience);
    bool has_pending_input() const;
    /// The peer's close_notify was read.
    bool ended() const;
    TlsFacts facts() const;

    /// Sends close_notify, does not wait.
    void close() noexcept;

  private:
    enum class Ended { done, closed, failed };
    enum class Side { reading, writing };
    template <class Operation>
    Ended drive(std::unique_lock<std::mutex>& lock, Side side, Operation operation, const Patience& patience);
    void await_input(const Patience& patience);
    void shake_hands(const Patience& patience);

    struct FreeSsl {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };
    std::string host_;
    bool in_recv_;
    mutable std::mutex mutex_;  ///< held while OpenSSL works, never while anybody waits
    Wire wire_;
    Verification verification_;
    TlsResumption resumption_;
    BioMethod method_;
    std::unique_ptr<SSL, FreeSsl> ssl_;
    bool healthy_ = true;
    bool heard_ = false;  ///< the peer has said something under TLS
};

}  // namespace mailsend::net
