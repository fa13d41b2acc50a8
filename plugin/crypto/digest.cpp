#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <stdexcept>

#include "crypto/hex.hpp"

namespace mailsend::crypto {

std::array<unsigned char, 32> sha256(std::string_view bytes) {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 ||
        size != digest.size()) {
        throw std::runtime_error("the crypto library has no SHA-256");
    }
    return digest;
}

std::string sha256_hex(std::string_view bytes) {
    return hex(sha256(bytes));
}

}  // namespace mailsend::crypto
