/// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace mailsend::crypto {

std::array<unsigned char, 32> sha256(std::string_view bytes);

/// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);

}  // namespace mailsend::crypto
