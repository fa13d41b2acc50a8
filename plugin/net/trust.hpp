/// Whom a TLS handshake believes (CA store, pin, minimum version) and what it shows (client certificate).
/// Built once per configured component, shared by all connections.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace mailsend::net {

enum class TlsVersion { tls1_2, tls1_3 };

/// What a Trust is built of; borrowed for that long.
struct TrustTerms {
    /// Replaces the system's CA store when not empty. Certificate revocation lists (PEM "X509 CRL") that
    /// stand in it are heeded for the peer's own certificate; of an issuer without a list there, nothing is
    /// known to be revoked.
    std::string_view ca_pem{};
    bool system_too = false;  ///< the system's authorities count besides `ca_pem`
    TlsVersion minimum = TlsVersion::tls1_2;
    /// SHA-256 of the peer's certificate (DER), 64 hexadecimal digits; empty: none. Without `ca_pem` it is
    /// the whole check (see verification.hpp).
    std::string_view pin_sha256{};
    std::string_view client_pem{};  ///< chain and key to show to servers that ask; empty: none
};

/// For Trust's constructor: nobody is verified. Only to look at what a server says of itself; no secret may
/// be sent over such a connection.
struct Unproven {};

class TlsSessionStore;

/// Immutable after construction, but for the sessions it keeps; any thread.
class Trust {
  public:
    /// Takes every certificate, shows none.
    explicit Trust(Unproven unproven);
    /// The system's CA store is loaded, once, here, unless the terms replace it. Throws Failure(settings)
    /// with "tls.ca_file" when `ca_pem` holds no certificate or a damaged one, and as show_certificate does.
    explicit Trust(const TrustTerms& terms);
    Trust(std::string_view ca_pem, TlsVersion minimum)
        : Trust(TrustTerms{.ca_pem = ca_pem, .minimum = minimum}) {}
    ~Trust();
    Trust(const Trust&) = delete;
    Trust& operator=(const Trust&) = delete;

    /// For Stream implementations.
    ssl_ctx_st* context() const noexcept;
    /// As fingerprint_of writes it; empty: none.
    const std::string& pin() const noexcept;
    /// The pin is the whole check.
    bool pin_alone() const noexcept;
    /// Whoever answers is not known to be the one that was asked for.
    bool unproven() const noexcept;
    /// The sessions of connections that trusted on these terms, forgotten with them. Null where revocation
    /// lists are heeded, since a list may end before a session does: no connection is resumed then.
    const std::shared_ptr<TlsSessionStore>& sessions() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailsend::net
