#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <stdexcept>

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
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(64);
    for (const unsigned char octet : sha256(bytes)) {
        out += digits[octet >> 4];
        out += digits[octet & 15U];
    }
    return out;
}

}  // namespace mailsend::crypto
