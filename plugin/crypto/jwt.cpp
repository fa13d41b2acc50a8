#include "crypto/jwt.hpp"

#include <ctime>
#include <memory>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdexcept>
#include <vector>

#include "crypto/base64url.hpp"
#include "crypto/pem.hpp"

namespace mailsend::crypto {
namespace {

constexpr int least_bits = 2048;  // RFC 7518 sections 3.3 and 3.5
constexpr int salt_size = 32;
constexpr std::size_t largest_token = 64U << 10U;

/// Leaves the thread's error queue empty, however the scope ends.
struct EmptyErrorQueue {
    EmptyErrorQueue() { ERR_clear_error(); }
    ~EmptyErrorQueue() { ERR_clear_error(); }
    EmptyErrorQueue(const EmptyErrorQueue&) = delete;
    EmptyErrorQueue& operator=(const EmptyErrorQueue&) = delete;
};

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// A key of "RSA-PSS" is refused too: it cannot sign RS256, and no provider hands such keys out.
void need_rsa(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA") != 1) {
        throw std::invalid_argument(
            "holds a private key that is not RSA: make an RSA key of 2048 bits or more");
    }
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < least_bits) {
        throw std::invalid_argument("holds an RSA key of " + std::to_string(bits) +
                                    " bits: make one of 2048 bits or more");
    }
}

std::vector<unsigned char> signature_of(JwtAlgorithm algorithm, std::string_view signed_part, EVP_PKEY* key) {
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;  // the context's own
    bool good =
        context != nullptr && EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key) == 1;
    if (good && algorithm == JwtAlgorithm::ps256) {
        good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt_size) == 1;
    }
    const auto* text = reinterpret_cast<const unsigned char*>(signed_part.data());
    std::size_t size = 0;
    good = good && EVP_DigestSign(context.get(), nullptr, &size, text, signed_part.size()) == 1;
    std::vector<unsigned char> signature(size);
    good = good && EVP_DigestSign(context.get(), signature.data(), &size, text, signed_part.size()) == 1;
    if (!good) throw std::invalid_argument("holds a key with which this system does not sign");
    signature.resize(size);
    return signature;
}

std::int64_t not_after(const X509* certificate) {
    std::tm parts{};
    return ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1 ? ::timegm(&parts) : 0;
}

/// The JSON object that a part of a token is, or nothing. Whether it is good JSON is for its reader to say.
std::optional<std::string> object_in(std::string_view part) {
    auto text = base64url_decode(part);
    if (!text || !text->starts_with('{') || !text->ends_with('}')) return std::nullopt;
    return text;
}

}  // namespace

wfc::SecretString sign_jwt(JwtAlgorithm algorithm, std::string_view header, std::string_view claims,
                           std::string_view private_key) {
    const EmptyErrorQueue empty;
    const PemContents contents = read_pem(private_key);
    if (contents.key == nullptr) throw std::invalid_argument("holds no private key in PEM form");
    need_rsa(contents.key.get());
    wfc::SecretString jwt;
    jwt.append(base64url_encode(header)).append(".").append(base64url_encode(claims));
    const std::vector<unsigned char> signature = signature_of(algorithm, jwt.reveal(), contents.key.get());
    std::string encoded =
        base64url_encode({reinterpret_cast<const char*>(signature.data()), signature.size()});
    jwt.append(".").append(encoded);
    wfc::wipe(encoded.data(), encoded.size());
    return jwt;
}

std::optional<std::string> jwt_claims(std::string_view token) {
    if (token.size() > largest_token) return std::nullopt;
    const std::size_t first = token.find('.');
    if (first == token.npos) return std::nullopt;
    const std::size_t second = token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
    // The signature may be empty (RFC 7519 section 6), but not foreign.
    if (!object_in(token.substr(0, first)) || !base64url_decode(token.substr(second + 1)))
        return std::nullopt;
    return object_in(token.substr(first + 1, second - first - 1));
}

AssertionCertificate read_assertion_certificate(std::string_view pem) {
    const EmptyErrorQueue empty;
    const Identity identity = read_identity(pem);
    need_rsa(identity.contents.key.get());
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (X509_digest(identity.own, EVP_sha256(), digest, &size) != 1) {
        throw std::invalid_argument("holds a certificate that this system cannot hash");
    }
    return {base64url_encode({reinterpret_cast<const char*>(digest), size}), not_after(identity.own)};
}

}  // namespace mailsend::crypto
