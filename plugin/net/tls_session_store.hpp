/// TLS sessions with which a later connection to the same server may go on (RFC 8446 section 2.2, RFC 5077).
///
/// Guarantees: belongs to one Trust, so that nothing verified on other terms is ever offered; gives a session
/// of TLS 1.3 out once (RFC 8446 appendix C.4), one of TLS 1.2 as a copy; gives none out after the end of
/// what it proves; at most 4 sessions for each of 64 servers; in memory only. OpenSSL's own cache stays
/// empty. Does not look into certificates (see tls_resumption.hpp).
#pragma once

#include <cstdint>
#include <ctime>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <openssl/ssl.h>
#include <optional>
#include <string>
#include <vector>

namespace mailsend::net {

struct FreeSession {
    void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};

/// What a full handshake proved, which the resumed ones after it do not look at again.
struct TlsProof {
    std::vector<std::string> issuers;  ///< as TlsFacts::issuers
    std::time_t ends = 0;              ///< after that, a full handshake has to prove it anew
};

struct KeptTlsSession {
    std::unique_ptr<SSL_SESSION, FreeSession> session;
    TlsProof proof;
};

/// Any thread.
class TlsSessionStore {
  public:
    static constexpr std::size_t most_servers = 64;
    static constexpr std::size_t most_sessions = 4;  ///< of one server

    /// The oldest session, or the server that was asked for longest ago, makes room. `session` must be
    /// nobody else's: OpenSSL changes those of its connections at will.
    void keep(const std::string& server, KeptTlsSession session);

    /// The newest one that still proves something at `now`. Those that no longer do are forgotten.
    std::optional<KeptTlsSession> take(const std::string& server, std::time_t now,
                                       std::uint64_t monotonic_ms);

    /// Forgets the sessions of a server with which a handshake failed, and gives none of its out for a
    /// minute: whoever connects once more does so without.
    void failed(const std::string& server, std::uint64_t monotonic_ms);

  private:
    struct Server {
        std::deque<KeptTlsSession> sessions;  ///< the newest last
        std::uint64_t asked = 0;              ///< by the count of questions
        std::uint64_t not_before_ms = 0;
    };
    Server& server(const std::string& name);

    std::mutex mutex_;
    std::uint64_t questions_ = 0;
    std::map<std::string, Server> servers_;
};

}  // namespace mailsend::net
