/// A peer's certificate as words for people.
///
/// Guarantees: bounded, printable ASCII (bytes of others are escaped): a hostile certificate cannot speak
/// through it.
#pragma once

#include <cstdint>
#include <ctime>
#include <openssl/x509.h>
#include <string>
#include <vector>

namespace mailsend::net {

/// "2026-11-22T07:51:50Z".
std::string utc_text(std::time_t moment);

/// RFC 2253 text of the subject.
std::string subject_of(const X509* certificate);

/// The issuer's common name, its organisation where it has none.
std::string issuer_of(const X509* certificate);

/// issuer_of each certificate of a chain (null: none), the first 8; a root, its own issuer, adds nothing.
std::vector<std::string> issuers_of(const STACK_OF(X509) * chain);

/// DNS names and addresses it is made out to (the common name where it lists none), ", " between; at most 20.
std::string names_of(const X509* certificate);

/// SHA-256 of the whole certificate (DER), as `openssl x509 -fingerprint -sha256` writes it: "AB:CD:…", 95
/// characters; empty when OpenSSL cannot compute it.
std::string fingerprint_of(const X509* certificate);

std::time_t not_before(const X509* certificate);
std::time_t not_after(const X509* certificate);

}  // namespace mailsend::net
