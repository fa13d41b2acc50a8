/// Checking a peer's certificate, with every fault and not only the last.
///
/// Guarantees: a peer with any fault fails inside the handshake, before a byte of ours is sent under its
/// keys. A pin alone (no CA file) stands in for everything else: it names one exact certificate, so that
/// neither its issuer nor its host name nor its dates are looked at; with a CA file both checks must hold.
/// Does not fetch revocation lists; those of the CA file count, each for the certificates of its issuer.
#pragma once

#include <openssl/ssl.h>
#include <string>
#include <vector>

#include "outcome/failure.hpp"

namespace mailsend::net {

class TlsResumption;

/// One thing wrong with the chain.
struct CertificateFault {
    int code = 0;        ///< X509_V_ERR_…, or `wrong_pin`
    int depth = 0;       ///< 0: the peer's own certificate
    std::string issuer;  ///< who issued the certificate at fault
    std::string not_before;
    std::string not_after;

    /// The code of a certificate that is not the pinned one; none of OpenSSL's.
    static constexpr int wrong_pin = -1;
};

/// What is asked of the peer, and what verification saw. Lives as long as the SSL it is attached to.
struct Verification {
    std::string pin;         ///< as fingerprint_of writes it; empty: any certificate
    bool pin_alone = false;  ///< nothing but the pin counts
    bool unproven = false;   ///< nothing counts at all: see Unproven in trust.hpp

    std::vector<CertificateFault> faults;
    std::string names;        ///< of the peer's own certificate
    std::string fingerprint;  ///< of the same
    int certificates_sent = 0;
    bool asked_for_ours = false;  ///< the peer asked for a client certificate …
    bool showed_ours = false;     ///< … and there was one to show

    TlsResumption* resumption = nullptr;  ///< where sessions go; null: nowhere
};

/// Makes a context verify in this way; every SSL of it needs attach_verification.
void install_verification(SSL_CTX* context);

/// Asks for verification against `host` (RFC 6125 names, or an IP literal), with SNI for names, and tells
/// where to write the faults. False when OpenSSL refuses `host`.
bool attach_verification(SSL* ssl, const std::string& host, Verification& verification);

/// Whether a certificate that passed once with the same authorities would pass again for `host`: its dates,
/// its names and the pin, as far as they count. A connection that resumes a session sees no certificate.
bool would_pass(X509* certificate, const std::string& host, const Verification& verification);

/// The failure that the faults add up to: the most telling one leads, the others are listed in the detail
/// "also".
Failure certificate_failure(const Verification& verification, const std::string& host);

}  // namespace mailsend::net
