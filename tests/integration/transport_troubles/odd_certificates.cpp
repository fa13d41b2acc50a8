#include "transport_troubles/odd_certificates.hpp"

#include <cstdint>
#include <memory>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace test {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

void require(bool succeeded) {
    if (succeeded) return;
    ERR_clear_error();
    throw std::runtime_error("OpenSSL could not make an odd certificate");
}

Bio reading(const std::string& pem) {
    return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

X509Pointer certificate_of(const std::string& pem) {
    X509Pointer certificate(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr), X509_free);
    require(certificate != nullptr);
    return certificate;
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    using Extension = std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)>;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_nconf_nid(nullptr, &context, nid, value.c_str()),
                              X509_EXTENSION_free);
    require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

X509Pointer draft(const std::string& name, EVP_PKEY* key) {
    X509Pointer certificate(X509_new(), X509_free);
    require(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    std::uint64_t serial = 0;
    require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1) == 1);
    require(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600) != nullptr);
    require(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400) != nullptr);
    require(X509_set_pubkey(certificate.get(), key) == 1);
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(name.data()),
                                       static_cast<int>(name.size()), -1, 0) == 1);
    return certificate;
}

}  // namespace

inbox::Certificate make_certificate(const CertificateTerms& terms, const inbox::Certificate* issuer) {
    const Key key(terms.rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(terms.rsa_bits), EVP_PKEY_free);
    require(key != nullptr);
    const X509Pointer made = draft(terms.name, key.get());
    X509Pointer above(nullptr, X509_free);
    Key signing_key(nullptr, EVP_PKEY_free);
    if (issuer != nullptr) {
        above = certificate_of(issuer->certificate_pem);
        signing_key.reset(PEM_read_bio_PrivateKey(reading(issuer->key_pem).get(), nullptr, nullptr, nullptr));
        require(signing_key != nullptr);
    }
    X509* const by = above ? above.get() : made.get();
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(by)) == 1);
    add_extension(made.get(), by, NID_subject_key_identifier, "hash");
    if (above) add_extension(made.get(), by, NID_authority_key_identifier, "keyid:always");
    add_extension(made.get(), by, NID_basic_constraints,
                  terms.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (terms.authority) {
        add_extension(made.get(), by, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add_extension(made.get(), by, NID_ext_key_usage, terms.usage);
        add_extension(made.get(), by, NID_subject_alt_name, "DNS:" + terms.name);
    }
    EVP_PKEY* const signer = signing_key ? signing_key.get() : key.get();
    require(X509_sign(made.get(), signer, EVP_get_digestbyname(terms.digest.c_str())) > 0);

    const Bio certificate(BIO_new(BIO_s_mem()), BIO_free);
    const Bio secret(BIO_new(BIO_s_mem()), BIO_free);
    require(PEM_write_bio_X509(certificate.get(), made.get()) == 1);
    require(PEM_write_bio_PKCS8PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
            1);
    return {text_of(certificate.get()), text_of(secret.get())};
}

std::string revocation_list(const inbox::Certificate& issuer, const std::vector<std::string>& revoked,
                            long last_update_offset_s, long next_update_offset_s) {
    using Moment = std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)>;
    using List = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;
    const X509Pointer by = certificate_of(issuer.certificate_pem);
    const Key key(PEM_read_bio_PrivateKey(reading(issuer.key_pem).get(), nullptr, nullptr, nullptr),
                  EVP_PKEY_free);
    const Moment last(X509_gmtime_adj(nullptr, last_update_offset_s), ASN1_TIME_free);
    const Moment next(X509_gmtime_adj(nullptr, next_update_offset_s), ASN1_TIME_free);
    const List list(X509_CRL_new(), X509_CRL_free);
    require(list != nullptr && key != nullptr && last != nullptr && next != nullptr);
    require(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1);
    require(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(by.get())) == 1);
    require(X509_CRL_set1_lastUpdate(list.get(), last.get()) == 1);
    require(X509_CRL_set1_nextUpdate(list.get(), next.get()) == 1);
    for (const std::string& pem : revoked) {
        X509_REVOKED* const entry = X509_REVOKED_new();
        require(entry != nullptr && X509_CRL_add0_revoked(list.get(), entry) == 1);
        require(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate_of(pem).get())) == 1);
        require(X509_REVOKED_set_revocationDate(entry, last.get()) == 1);
    }
    require(X509_CRL_sort(list.get()) == 1 && X509_CRL_sign(list.get(), key.get(), EVP_sha256()) > 0);
    const Bio out(BIO_new(BIO_s_mem()), BIO_free);
    require(PEM_write_bio_X509_CRL(out.get(), list.get()) == 1);
    return text_of(out.get());
}

}  // namespace test
