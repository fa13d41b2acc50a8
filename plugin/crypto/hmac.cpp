#include "crypto/hmac.hpp"

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdexcept>

#include "crypto/hex.hpp"

namespace mailsend::crypto {

std::string hmac_md5_hex(std::string_view key, std::string_view message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    unsigned size = 0;
    if (HMAC(EVP_md5(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(), code.data(),
             &size) == nullptr) {
        throw std::runtime_error("the crypto library has no HMAC-MD5");
    }
    return hex({code.data(), size});
}

}  // namespace mailsend::crypto
