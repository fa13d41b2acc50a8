/// HMAC (RFC 2104) with MD5, for CRAM-MD5 alone: what CRAM-MD5 needs of MD5 is not what broke.
#pragma once

#include <string>
#include <string_view>

namespace mailsend::crypto {

/// Lower-case hexadecimal HMAC-MD5. Throws std::runtime_error where the crypto library's policy forbids MD5.
std::string hmac_md5_hex(std::string_view key, std::string_view message);

/// Whether hmac_md5_hex() works with this key. Leaves nothing in OpenSSL's error queue.
bool has_hmac_md5(std::string_view key);

}  // namespace mailsend::crypto
