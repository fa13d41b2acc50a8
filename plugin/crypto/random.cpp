#include "crypto/random.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdexcept>

#include "crypto/base64url.hpp"
#include "wfc/secret.hpp"

namespace mailsend::crypto {

std::string random_token(std::size_t bytes) {
    std::string octets(bytes, '\0');
    const bool filled =
        RAND_bytes_ex(nullptr, reinterpret_cast<unsigned char*>(octets.data()), bytes, 0) == 1;
    ERR_clear_error();
    if (!filled) throw std::runtime_error("the system gave no random bytes");
    std::string token = base64url_encode(octets);
    wfc::wipe(octets.data(), octets.size());
    return token;
}

bool equal(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() &&
           (left.empty() || CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0);
}

}  // namespace mailsend::crypto
