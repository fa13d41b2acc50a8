#include "certificates.hpp"

#include <cstdint>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace inbox {
namespace {

template <auto Free>
struct Release {
    template <class T>
    void operator()(T* pointer) const noexcept {
        Free(pointer);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using X509Pointer = std::unique_ptr<X509, Release<X509_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;

void require(bool succeeded) {
    if (succeeded) return;
    ERR_clear_error();
    throw std::runtime_error("OpenSSL could not make a certificate");
}

Key new_key() {
    Key key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    return key;
}

void set_common_name(X509_NAME* name, const std::string& text) {
    // A common name ends at 64 characters (RFC 5280 appendix A.1); the names that count are in
    // subjectAltName.
    const std::string common = text.substr(0, 64);
    require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(common.data()),
                                       static_cast<int>(common.size()), -1, 0) == 1);
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_nconf_nid(nullptr, &context, nid, value.c_str()));
    require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

bool is_ip_literal(const std::string& name) {
    using Address = std::unique_ptr<ASN1_OCTET_STRING, Release<ASN1_OCTET_STRING_free>>;
    const bool is_ip = Address(a2i_IPADDRESS(name.c_str())) != nullptr;
    ERR_clear_error();
    return is_ip;
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        if (!list.empty()) list += ',';
        list += (is_ip_literal(name) ? "IP:" : "DNS:") + name;
    }
    return list;
}

/// A version 3 certificate with serial number, validity and key, not yet signed.
X509Pointer draft(const std::string& name, EVP_PKEY* key, long not_before_s, long not_after_s) {
    X509Pointer certificate(X509_new());
    require(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    std::uint64_t serial = 0;
    require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1) == 1);
    require(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), not_before_s) != nullptr);
    require(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), not_after_s) != nullptr);
    require(X509_set_pubkey(certificate.get(), key) == 1);
    set_common_name(X509_get_subject_name(certificate.get()), name);
    return certificate;
}

void add_extensions(X509* certificate, X509* issuer, const std::string& usage,
                    const std::vector<std::string>& names) {
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, issuer, NID_ext_key_usage, usage);
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    // Two authorities of the same name are told apart by it.
    if (issuer != certificate)
        add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
    add_extension(certificate, issuer, NID_subject_alt_name, alternative_names(names));
}

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(bio != nullptr && PEM_write_bio_X509(bio.get(), certificate) == 1);
    return text_of(bio.get());
}

std::string to_pem(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(bio != nullptr &&
            PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(bio.get());
}

const std::string& first_of(const std::vector<std::string>& names) {
    if (names.empty()) throw std::runtime_error("a certificate needs a name");
    return names.front();
}

}  // namespace

struct Authority::State {
    Key key;
    X509Pointer certificate;
    std::string pem;
};

Authority::Authority(const std::string& name) : state_(std::make_unique<State>()) {
    state_->key = new_key();
    state_->certificate = draft(name, state_->key.get(), -10L * 86400, 3650L * 86400);
    X509* const own = state_->certificate.get();
    require(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1);
    add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(own, own, NID_subject_key_identifier, "hash");
    require(X509_sign(own, state_->key.get(), EVP_sha256()) > 0);
    state_->pem = to_pem(own);
}

Authority::~Authority() = default;
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;

const std::string& Authority::certificate_pem() const noexcept {
    return state_->pem;
}

Certificate Authority::issue(const std::vector<std::string>& names, long not_before_offset_s,
                             long not_after_offset_s) const {
    const Key key = new_key();
    const X509Pointer made = draft(first_of(names), key.get(), not_before_offset_s, not_after_offset_s);
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(state_->certificate.get())) == 1);
    add_extensions(made.get(), state_->certificate.get(), "serverAuth", names);
    require(X509_sign(made.get(), state_->key.get(), EVP_sha256()) > 0);
    return {to_pem(made.get()), to_pem(key.get())};
}

Certificate Authority::issue_client(const std::string& name, long not_before_offset_s,
                                    long not_after_offset_s) const {
    const Key key = new_key();
    const X509Pointer made = draft(name, key.get(), not_before_offset_s, not_after_offset_s);
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(state_->certificate.get())) == 1);
    add_extensions(made.get(), state_->certificate.get(), "clientAuth", {name});
    require(X509_sign(made.get(), state_->key.get(), EVP_sha256()) > 0);
    return {to_pem(made.get()), to_pem(key.get())};
}

Certificate Authority::self_signed(const std::vector<std::string>& names) {
    const Key key = new_key();
    const X509Pointer made = draft(first_of(names), key.get(), -3600, 86400);
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())) == 1);
    add_extensions(made.get(), made.get(), "serverAuth", names);
    require(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return {to_pem(made.get()), to_pem(key.get())};
}

}  // namespace inbox
