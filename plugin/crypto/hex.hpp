/// Octets as lower-case hexadecimal digits.
#pragma once

#include <span>
#include <string>

namespace mailsend::crypto {

inline std::string hex(std::span<const unsigned char> octets) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(2 * octets.size());
    for (const unsigned char octet : octets) {
        out += digits[octet >> 4];
        out += digits[octet & 15U];
    }
    return out;
}

}  // namespace mailsend::crypto
