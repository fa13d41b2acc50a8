/// Certificates and a private key out of a text with PEM blocks (RFC 7468).
///
/// Guarantees: the key's text is read where it lies and not copied here; no failure quotes it; nobody is
/// asked for a passphrase. OpenSSL's own working buffers are not ours to wipe, and its error queue is the
/// caller's to clear. Does not look at dates, issuers or purposes.
#pragma once

#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string_view>
#include <vector>

namespace mailsend::crypto {

struct FreeX509 {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Certificate = std::unique_ptr<X509, FreeX509>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

/// OpenSSL would ask on the terminal for the password of an encrypted block.
int no_password(char* into, int size, int writing, void* context) noexcept;

/// What a text holds besides whatever else stands in it: at most 16 certificates, in their order, and at most
/// one key.
struct PemContents {
    std::vector<Certificate> certificates;
    Key key;  ///< null: none
};

/// Reads at most 1 MiB. Throws std::invalid_argument with the end of a sentence ("holds a private key that
/// cannot be read").
PemContents read_pem(std::string_view pem);

/// The same where both must be there and belong together: `own` is the certificate of the key.
struct Identity {
    PemContents contents;
    X509* own = nullptr;
};

/// Throws as read_pem.
Identity read_identity(std::string_view pem);

}  // namespace mailsend::crypto
