#include "crypto/hmac.hpp"

#include <array>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdexcept>

#include "crypto/hex.hpp"

namespace mailsend::crypto {

namespace {

using Code = std::array<unsigned char, EVP_MAX_MD_SIZE>;

/// Octets of `code`; 0 where there is no HMAC-MD5.
unsigned hmac_md5(std::string_view key, std::string_view message, Code& code) {
    unsigned size = 0;
    ERR_set_mark();  // what is left in the queue would be taken for a fault of the next TLS call
    const bool done = HMAC(EVP_md5(), key.data(), static_cast<int>(key.size()),
                           reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                           code.data(), &size) != nullptr;
    ERR_pop_to_mark();
    return done ? size : 0;
}

}  // namespace

std::string hmac_md5_hex(std::string_view key, std::string_view message) {
    Code code{};
    const unsigned size = hmac_md5(key, message, code);
    if (size == 0) throw std::runtime_error("the crypto library has no HMAC-MD5");
    return hex({code.data(), size});
}

bool has_hmac_md5(std::string_view key) {
    Code code{};
    return hmac_md5(key, "?", code) > 0;
}

}  // namespace mailsend::crypto
