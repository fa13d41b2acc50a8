#include "net/tls_failure.hpp"

#include <algorithm>
#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <optional>
#include <system_error>
#include <utility>

#include "net/stream.hpp"

namespace mailsend::net {
namespace {

/// A reason of 1000 + n means that the peer sent alert n (RFC 8446 section 6).
constexpr int alert_base = 1000;

struct Meaning {
    int reason;
    const char* condition;
    const char* sentence;  ///< follows the host's name
};

constexpr Meaning meanings[] = {
    {SSL_R_UNEXPECTED_EOF_WHILE_READING, "tls.eof", "closed the connection during the TLS handshake"},
    {alert_base + SSL_AD_PROTOCOL_VERSION, "tls.version_server", "refused every TLS version offered"},
    {SSL_R_UNSUPPORTED_PROTOCOL, "tls.version_local", "chose a TLS version below the minimum set here"},
    {SSL_R_NO_PROTOCOLS_AVAILABLE, "tls.version_local", "cannot be reached: no TLS version is enabled here"},
    {alert_base + SSL_AD_HANDSHAKE_FAILURE, "tls.no_cipher",
     "refused the TLS handshake: no common cipher, or a client certificate is needed"},
    {SSL_R_NO_CIPHERS_AVAILABLE, "tls.no_cipher", "cannot be reached: no TLS cipher is enabled here"},
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, "tls.client_cert", "asks for a client certificate"},
    {SSL_R_DH_KEY_TOO_SMALL, "tls.weak_server", "offers a key exchange that is too weak"},
    {SSL_R_CA_MD_TOO_WEAK, "tls.weak_server", "offers a certificate with a signature that is too weak"},
    {SSL_R_EE_KEY_TOO_SMALL, "tls.weak_server", "offers a certificate with a key that is too small"},
    {SSL_R_CA_KEY_TOO_SMALL, "tls.weak_server", "offers a certificate whose authority has too small a key"},
    {SSL_R_WRONG_SIGNATURE_TYPE, "tls.weak_server", "offers a signature that is too weak"},
    {SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, "tls.weak_server",
     "offers only unsafe legacy renegotiation"},
};

bool plaintext(int reason) {
    return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
           reason == SSL_R_HTTPS_PROXY_REQUEST;
}

struct Reason {
    int number = 0;
    std::string text;
};

/// The first entry says what went wrong, the later ones who noticed.
Reason take_reason() {
    const unsigned long code = ERR_peek_error();
    Reason reason;
    if (code != 0) {
        reason.number = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
        const char* text = ERR_reason_error_string(code);
        reason.text = text == nullptr ? "error " + std::to_string(code) : text;
    }
    ERR_clear_error();
    return reason;
}

/// What a server says of a certificate that it was shown; null for other reasons.
const char* opinion_of_ours(int reason) {
    switch (reason - alert_base) {
        case SSL_AD_BAD_CERTIFICATE:
        case SSL_AD_UNSUPPORTED_CERTIFICATE:
        case SSL_AD_CERTIFICATE_UNKNOWN:
        case SSL_AD_ACCESS_DENIED:
        case SSL_AD_DECRYPT_ERROR:
            return "not acceptable";
        case SSL_AD_CERTIFICATE_REVOKED:
            return "revoked";
        case SSL_AD_CERTIFICATE_EXPIRED:
            return "expired";
        case SSL_AD_UNKNOWN_CA:
            return "issued by an authority that it does not know";
        default:
            return nullptr;
    }
}

/// The reasons that a client certificate, or the lack of one, explains better.
std::optional<Failure> about_our_certificate(const Reason& reason, const Verification& verification,
                                             const std::string& host) {
    if (!verification.asked_for_ours) return std::nullopt;
    if (verification.showed_ours) {
        const char* const opinion = opinion_of_ours(reason.number);
        if (opinion == nullptr) return std::nullopt;
        return Failure(Stage::tls, "tls.client_cert_refused",
                       host + " refused the client certificate: " + opinion);
    }
    // TLS 1.2 and before know no better word for a certificate that is missing.
    if (reason.number != alert_base + SSL_AD_HANDSHAKE_FAILURE && opinion_of_ours(reason.number) == nullptr) {
        return std::nullopt;
    }
    return Failure(Stage::tls, "tls.client_cert", host + " asks for a client certificate");
}

/// Ends the sentence about a peer that closed or reset without a word. No condition of its own: many servers
/// ask and do not mind, and a connection may break for any reason.
Failure hung_up(Failure failure, const Verification& verification) {
    if (verification.asked_for_ours && !verification.showed_ours) {
        failure.facts().sentence += certificate_missed;
    }
    return failure;
}

Failure by_reason(const Reason& reason, const Verification& verification, const std::string& host,
                  const std::string& activity) {
    const auto* found = std::find_if(std::begin(meanings), std::end(meanings),
                                     [&](const Meaning& meaning) { return meaning.reason == reason.number; });
    Failure failure(Stage::tls, "tls.handshake", activity + " with " + host + " failed");
    if (auto ours = about_our_certificate(reason, verification, host)) {
        failure = std::move(*ours);
    } else if (found != std::end(meanings)) {
        failure = Failure(Stage::tls, found->condition, host + " " + found->sentence);
        if (found->reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            failure = hung_up(std::move(failure), verification);
        }
    } else if (reason.number > alert_base) {
        failure.facts().sentence = host + " broke off " + activity + ": " + reason.text;
    } else if (!reason.text.empty()) {
        failure.facts().sentence += ": " + reason.text;
    }
    failure.facts().details = {{"host", host}, {"tls_reason", std::to_string(reason.number)}};
    return failure;
}

Failure not_tls(const Wire& wire, const std::string& host) {
    const std::string words = first_words(wire);
    std::string sentence = host + " does not speak TLS on this port";
    if (!words.empty()) sentence += "; it said: " + words;
    Failure failure(Stage::tls, "tls.plaintext_server", sentence);
    failure.facts().details = {{"host", host}, {"said", words}};
    return failure;
}

}  // namespace

Failure connection_broken(int error) {
    const bool reset = error == ECONNRESET || error == EPIPE || error == 0;
    const std::string why = reset ? "the other side broke the connection"
                                  : "the connection broke: " + std::generic_category().message(error);
    return Failure(Stage::connect, "conn.reset", why).with("errno", std::to_string(error));
}

Failure handshake_failure(const Verification& verification, const Wire& wire, const std::string& host) {
    const Reason reason = take_reason();
    if (!verification.faults.empty()) return certificate_failure(verification, host);
    if (plaintext(reason.number)) return not_tls(wire, host);
    if (reason.number != 0 || !reason.text.empty())
        return by_reason(reason, verification, host, "the TLS handshake");
    Failure failure(Stage::tls, "tls.reset", host + " broke the connection during the TLS handshake");
    failure.facts().details = {{"host", host}, {"errno", std::to_string(wire.error)}};
    return hung_up(std::move(failure), verification);
}

Failure record_failure(const Verification& verification, const Wire& wire, const std::string& host) {
    const Reason reason = take_reason();
    if (wire.error != 0 || reason.text.empty() || reason.number == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return connection_broken(wire.error);
    }
    return by_reason(reason, verification, host, "the TLS session");
}

bool closed_without_notice() {
    const unsigned long code = ERR_peek_last_error();
    return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
}

}  // namespace mailsend::net
