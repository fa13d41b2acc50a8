/// Keys and certificates for the tests of plugin/crypto, made with OpenSSL as its programs would.
#pragma once

#include <cstdio>
#include <memory>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string>

namespace test {

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

inline Key rsa_key(unsigned bits = 2048) {
    return Key(EVP_RSA_gen(bits));
}
inline Key ec_key() {
    return Key(EVP_EC_gen("P-256"));
}

/// What `write` puts into a BIO.
template <class Write>
std::string written(Write write) {
    BIO* const out = BIO_new(BIO_s_mem());
    write(out);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out, &bytes);
    std::string text(bytes, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
}

/// PKCS #8.
inline std::string pem_of(const Key& key) {
    return written([&](BIO* out) {
        PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

/// "BEGIN RSA PRIVATE KEY".
inline std::string traditional_pem_of(const Key& key) {
    return written([&](BIO* out) {
        PEM_write_bio_PrivateKey_traditional(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

/// With the passphrase "secret".
inline std::string encrypted_pem_of(const Key& key, bool traditional) {
    char word[] = "secret";
    return written([&](BIO* out) {
        if (traditional) {
            PEM_write_bio_PrivateKey_traditional(out, key.get(), EVP_aes_128_cbc(),
                                                 reinterpret_cast<const unsigned char*>(word), 6, nullptr,
                                                 nullptr);
        } else {
            PEM_write_bio_PKCS8PrivateKey(out, key.get(), EVP_aes_128_cbc(), word, 6, nullptr, nullptr);
        }
    });
}

/// A certificate that vouches for itself until `not_after` (seconds since 1970).
inline std::string certificate_of(const Key& key, const char* name, std::time_t not_after) {
    X509* const certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    ASN1_TIME_set(X509_getm_notAfter(certificate), not_after);
    X509_set_pubkey(certificate, key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1,
                               -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key.get(), EVP_sha256());
    std::string pem = written([&](BIO* out) { PEM_write_bio_X509(out, certificate); });
    X509_free(certificate);
    return pem;
}

}  // namespace test
