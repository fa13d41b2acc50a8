#include "tls.hpp"

#include <memory>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdexcept>

namespace inbox {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio bio_of(const std::string& pem) {
    return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

void use_chain(SSL_CTX* context, const std::string& pem) {
    const Bio bio = bio_of(pem);
    Certificate leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) {
        throw std::runtime_error("the TLS certificate is not a PEM certificate");
    }
    while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        if (SSL_CTX_add0_chain_cert(context, next) != 1) X509_free(next);
    }
    ERR_clear_error();  // the end of the file is an error to the PEM reader
}

void use_key(SSL_CTX* context, const std::string& pem) {
    const Bio bio = bio_of(pem);
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
        throw std::runtime_error("the TLS key is not a PEM key of its certificate");
    }
}

void ask_clients(SSL_CTX* context, const std::string& pem) {
    const Bio bio = bio_of(pem);
    int count = 0;
    for (;; ++count) {
        const Certificate one(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
        if (!one) break;
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get());
        SSL_CTX_add_client_CA(context, one.get());
    }
    ERR_clear_error();  // the end of the file is an error to the PEM reader
    if (count == 0)
        throw std::runtime_error("the authorities of client certificates are no PEM certificates");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    constexpr unsigned char name[] = "inbox";
    SSL_CTX_set_session_id_context(context, name, sizeof name - 1);
}

}  // namespace

ServerTls::ServerTls(const std::string& chain_pem, const std::string& key_pem,
                     const std::string& client_ca_pem)
    : context_(SSL_CTX_new(TLS_server_method())) {
    if (context_ == nullptr) throw std::runtime_error("OpenSSL made no context");
    try {
        SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
        SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        use_chain(context_, chain_pem);
        use_key(context_, key_pem);
        if (!client_ca_pem.empty()) ask_clients(context_, client_ca_pem);
    } catch (...) {
        SSL_CTX_free(context_);
        ERR_clear_error();
        throw;
    }
}

ServerTls::~ServerTls() {
    SSL_CTX_free(context_);
}

}  // namespace inbox
