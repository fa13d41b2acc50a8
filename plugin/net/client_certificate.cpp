#include "net/client_certificate.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <string>
#include <vector>

#include "crypto/pem.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {
namespace {

using crypto::Certificate;

[[noreturn]] void refuse(const std::string& why) {
    ERR_clear_error();
    throw Failure(Stage::settings, "tls.client_certificate", why).at("/tls/client_certificate");
}

crypto::Identity read(std::string_view pem) {
    try {
        return crypto::read_identity(pem);
    } catch (const std::invalid_argument& unusable) {
        refuse(unusable.what());
    }
}

/// The one of `certificates` that issued `issued`; null when there is none but itself or one that issued
/// itself. Two that issued each other are no reason to go on for ever: the caller counts.
X509* issuer_of(X509* issued, const std::vector<Certificate>& certificates) {
    const auto issued_itself = [](X509* one) { return X509_self_signed(one, 0) == 1; };
    if (issued_itself(issued)) return nullptr;
    for (const Certificate& one : certificates) {
        if (!issued_itself(one.get()) && X509_check_issued(one.get(), issued) == X509_V_OK) return one.get();
    }
    return nullptr;
}

}  // namespace

void show_certificate(SSL_CTX* context, std::string_view pem) {
    ERR_clear_error();
    const auto [contents, own] = read(pem);
    // Refused by the system's policy, when it is: a key that is too short.
    if (SSL_CTX_use_certificate(context, own) != 1 ||
        SSL_CTX_use_PrivateKey(context, contents.key.get()) != 1) {
        refuse("holds a certificate or key that this system does not accept (too weak?)");
    }
    // Nor from the authorities that servers are checked against, which is what OpenSSL would do.
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
    X509* last = own;
    for (std::size_t i = 1; i < contents.certificates.size() && last != nullptr; ++i) {
        last = issuer_of(last, contents.certificates);
        if (last != nullptr && SSL_CTX_add1_chain_cert(context, last) != 1) {
            refuse("holds a chain that this system does not accept");
        }
    }
    ERR_clear_error();
}

}  // namespace mailsend::net
