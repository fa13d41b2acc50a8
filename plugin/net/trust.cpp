#include "net/trust.hpp"

#include <cctype>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <new>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "crypto/pem.hpp"
#include "net/client_certificate.hpp"
#include "net/tls_resumption.hpp"
#include "net/verification.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {
namespace {

constexpr std::size_t largest_bundle = 16U << 20U;

struct FreeContext {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};

Failure bad_bundle(const std::string& sentence) {
    return Failure(Stage::settings, "tls.ca_file", sentence).at("/tls/ca_file");
}

std::unique_ptr<BIO, decltype(&BIO_free)> reading(std::string_view pem) {
    std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                  &BIO_free);
    if (bio == nullptr) throw std::bad_alloc();
    return bio;
}

/// Whether the last block of a kind was read, and not one that is damaged. Empties the error queue.
bool at_end() {
    const bool none_left = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return none_left;
}

/// The lists of revoked certificates that stand beside the authorities.
void heed_revocations(SSL_CTX* context, std::string_view pem) {
    using List = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;
    const auto bio = reading(pem);
    int count = 0;
    for (;; ++count) {
        ERR_clear_error();
        const List list(PEM_read_bio_X509_CRL(bio.get(), nullptr, crypto::no_password, nullptr),
                        &X509_CRL_free);
        if (list == nullptr) break;
        X509_STORE_add_crl(SSL_CTX_get_cert_store(context), list.get());
    }
    if (!at_end()) {
        throw bad_bundle("revocation list " + std::to_string(count + 1) + " of the CA file cannot be read");
    }
    if (count > 0) X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK);
}

void trust_bundle(SSL_CTX* context, std::string_view pem) {
    if (pem.size() > largest_bundle) throw bad_bundle("the CA file is larger than 16 MiB");
    const auto bio = reading(pem);
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    int count = 0;
    for (;;) {
        ERR_clear_error();
        const crypto::Certificate certificate(
            PEM_read_bio_X509(bio.get(), nullptr, crypto::no_password, nullptr));
        if (certificate == nullptr) break;
        // OpenSSL keeps in a certificate what it worked out of it: before the threads that will share it.
        X509_check_purpose(certificate.get(), -1, 0);
        X509_STORE_add_cert(store, certificate.get());
        ++count;
    }
    if (!at_end()) {
        throw bad_bundle("certificate " + std::to_string(count + 1) + " of the CA file cannot be read");
    }
    if (count == 0) throw bad_bundle("the CA file holds no certificate in PEM form");
    // What somebody put into the file is trusted as it is, an intermediate authority too.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    heed_revocations(context, pem);
}

/// True when the system's certificate directory is indexed by hash ("1d3472b9.0"), so that a look-up reads
/// one file.
bool has_hashed_directory() {
    DIR* const directory = ::opendir(X509_get_default_cert_dir());
    if (directory == nullptr) return false;
    bool found = false;
    while (const dirent* entry = ::readdir(directory)) {
        const char* name = entry->d_name;
        int digits = 0;
        while (std::isxdigit(static_cast<unsigned char>(name[digits])) != 0) ++digits;
        found = digits == 8 && std::strcmp(name + digits, ".0") == 0;
        if (found) break;
    }
    ::closedir(directory);
    return found;
}

/// The directory costs 0.2 ms, the file with all authorities 20-40 ms. Whoever points OpenSSL elsewhere by
/// environment gets both looked at.
void trust_system(SSL_CTX* context) {
    const bool redirected = std::getenv(X509_get_default_cert_file_env()) != nullptr ||
                            std::getenv(X509_get_default_cert_dir_env()) != nullptr;
    const bool by_directory =
        !redirected && has_hashed_directory() && SSL_CTX_set_default_verify_dir(context) == 1;
    if (!by_directory) SSL_CTX_set_default_verify_paths(context);
    ERR_clear_error();
}

/// "abcd…" -> "AB:CD:…".
std::string as_fingerprint(std::string_view hex) {
    std::string text;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        if (i > 0 && i % 2 == 0) text += ':';
        text += static_cast<char>(std::toupper(static_cast<unsigned char>(hex[i])));
    }
    return text;
}

}  // namespace

struct Trust::State {
    std::unique_ptr<SSL_CTX, FreeContext> context;
    std::string pin;
    bool pin_alone = false;
    bool unproven = false;
    std::shared_ptr<TlsSessionStore> sessions;
};

// A pin alone, so that no authority is loaded; it is forgotten at once.
Trust::Trust(Unproven) : Trust(TrustTerms{.ca_pem = {}, .pin_sha256 = "00"}) {
    state_->pin.clear();
    state_->pin_alone = false;
    state_->unproven = true;
}

Trust::Trust(const TrustTerms& terms) : state_(std::make_unique<State>()) {
    ERR_clear_error();
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    if (context == nullptr) {
        ERR_clear_error();
        throw std::bad_alloc();
    }
    state_->context.reset(context);
    SSL_CTX_set_min_proto_version(context,
                                  terms.minimum == TlsVersion::tls1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_mode(
        context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    install_resumption(context);
    install_verification(context);
    state_->pin = as_fingerprint(terms.pin_sha256);
    state_->pin_alone = !terms.pin_sha256.empty() && terms.ca_pem.empty();
    if (!terms.ca_pem.empty()) trust_bundle(context, terms.ca_pem);
    if (!state_->pin_alone && (terms.ca_pem.empty() || terms.system_too)) trust_system(context);
    if (!terms.client_pem.empty()) show_certificate(context, terms.client_pem);
    const bool lists =
        (X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(context)) & X509_V_FLAG_CRL_CHECK) != 0;
    if (!lists) state_->sessions = std::make_shared<TlsSessionStore>();
    ERR_clear_error();
}

Trust::~Trust() = default;

ssl_ctx_st* Trust::context() const noexcept {
    return state_->context.get();
}

const std::string& Trust::pin() const noexcept {
    return state_->pin;
}

bool Trust::pin_alone() const noexcept {
    return state_->pin_alone;
}

bool Trust::unproven() const noexcept {
    return state_->unproven;
}

const std::shared_ptr<TlsSessionStore>& Trust::sessions() const noexcept {
    return state_->sessions;
}

}  // namespace mailsend::net
