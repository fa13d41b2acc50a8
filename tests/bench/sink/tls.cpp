#include "bench/sink/tls.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace bench::sink {
namespace {

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL could not make the sink's certificate");
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key new_key() {
    Key key(EVP_RSA_gen(2048), EVP_PKEY_free);
    require(key != nullptr);
    return key;
}

void extend(X509* certificate, int kind, const char* value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value), X509_EXTENSION_free);
    require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// Without extensions and signature; good for a day.
Certificate draft(const char* name, EVP_PKEY* key) {
    Certificate made(X509_new(), X509_free);
    require(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1);
    unsigned char serial[8];
    require(RAND_bytes(serial, sizeof serial) == 1);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_bin2bn(serial, sizeof serial, nullptr),
                                                             BN_free);
    require(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())) != nullptr);
    require(X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600) != nullptr);
    require(X509_gmtime_adj(X509_getm_notAfter(made.get()), 86400) != nullptr);
    require(X509_set_pubkey(made.get(), key) == 1);
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(name), -1, -1, 0) == 1);
    return made;
}

std::string pem_of(X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    require(memory != nullptr && PEM_write_bio_X509(memory.get(), certificate) == 1);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

ServerTls::ServerTls() {
    const Key authority_key = new_key(), leaf_key = new_key();
    const Certificate authority = draft("Bench Authority", authority_key.get());
    require(X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get())) == 1);
    extend(authority.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    require(X509_sign(authority.get(), authority_key.get(), EVP_sha256()) > 0);
    authority_pem_ = pem_of(authority.get());

    const Certificate leaf = draft("localhost", leaf_key.get());
    require(X509_set_issuer_name(leaf.get(), X509_get_subject_name(authority.get())) == 1);
    extend(leaf.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(leaf.get(), NID_ext_key_usage, "serverAuth");
    extend(leaf.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    require(X509_sign(leaf.get(), authority_key.get(), EVP_sha256()) > 0);
    resuming_ = make_context(leaf.get(), leaf_key.get());
    forgetful_ = make_context(leaf.get(), leaf_key.get());
    require(SSL_CTX_set_num_tickets(forgetful_.get(), 0) == 1);
    SSL_CTX_set_options(forgetful_.get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(forgetful_.get(), SSL_SESS_CACHE_OFF);
}

ServerTls::Context ServerTls::make_context(X509* leaf, EVP_PKEY* key) const {
    Context context(SSL_CTX_new(TLS_server_method()));
    require(context != nullptr && SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1);
    require(SSL_CTX_use_certificate(context.get(), leaf) == 1);
    require(SSL_CTX_use_PrivateKey(context.get(), key) == 1);
    const unsigned char name[] = "sink";
    require(SSL_CTX_set_session_id_context(context.get(), name, sizeof name - 1) == 1);
    // Without these each record costs two calls of the system.
    SSL_CTX_set_read_ahead(context.get(), 1);
    SSL_CTX_set_default_read_buffer_len(context.get(), 128 * 1024);
    return context;
}

}  // namespace bench::sink
