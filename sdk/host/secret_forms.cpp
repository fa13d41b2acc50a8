#include "host/secret_forms.hpp"

#include <array>
#include <cstdint>

namespace wfc {

namespace {

bool unreserved(char c) {
    constexpr std::string_view plain = "-._~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           plain.find(c) != plain.npos;
}

/// The character at `at`, which moves behind it.
std::uint32_t next_point(std::string_view text, std::size_t& at) {
    const auto first = static_cast<unsigned char>(text[at++]);
    const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    if (at + more > text.size()) return first;
    std::uint32_t point = more == 0 ? first : first & (0x3Fu >> more);
    for (std::size_t i = 0; i < more; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if ((byte & 0xC0u) != 0x80u) return first;
        point = (point << 6) | (byte & 0x3Fu);
    }
    at += more;
    return point;
}

}  // namespace

SecretString base64_core(std::string_view value, std::size_t before, bool url) {
    constexpr std::string_view common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    SecretString out;
    out.reserve(value.size() * 4 / 3 + 4);
    const auto bit = [&](std::size_t at) {
        const std::size_t within = at - before * 8;
        return (static_cast<unsigned char>(value[within / 8]) >> (7 - within % 8)) & 1;
    };
    const std::size_t end = (before + value.size()) * 8;
    for (std::size_t at = (before * 8 + 5) / 6 * 6; at + 6 <= end; at += 6) {
        std::size_t digit = 0;
        for (std::size_t i = 0; i < 6; ++i) digit = digit * 2 + static_cast<std::size_t>(bit(at + i));
        const std::string_view last = url ? "-_" : "+/";
        out.append(digit < common.size() ? &common[digit] : &last[digit - common.size()], 1);
    }
    return out;
}

SecretString hexadecimal(std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    SecretString out;
    out.reserve(value.size() * 2);
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        out.append(&digits[byte >> 4], 1);
        out.append(&digits[byte & 15], 1);
    }
    return out;
}

SecretString percent_encoded(std::string_view value, bool plus) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    SecretString out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        const std::array<char, 3> escape = {'%', digits[byte >> 4], digits[byte & 15]};
        if (unreserved(c)) {
            out.append(&c, 1);
        } else if (plus && c == ' ') {
            out.append("+", 1);
        } else {
            out.append(escape.data(), escape.size());
        }
    }
    return out;
}

SecretString with_plus(std::string_view value) {
    SecretString out;
    for (const char c : value) out.append(c == ' ' ? "+" : std::string_view(&c, 1));
    return out;
}

SecretString utf16(std::string_view value, bool big_endian) {
    SecretString out;
    const auto put = [&](std::uint32_t unit) {
        const auto high = static_cast<char>(static_cast<unsigned char>(unit >> 8));
        const auto low = static_cast<char>(static_cast<unsigned char>(unit & 0xFFu));
        const std::array<char, 2> bytes = {big_endian ? high : low, big_endian ? low : high};
        out.append(bytes.data(), bytes.size());
    };
    for (std::size_t at = 0; at < value.size();) {
        const std::uint32_t point = next_point(value, at);
        if (point >= 0x10000) {
            put(0xD800u + ((point - 0x10000) >> 10 & 0x3FFu));
            put(0xDC00u + ((point - 0x10000) & 0x3FFu));
        } else {
            put(point);
        }
    }
    return out;
}

SecretString folded(std::string_view value) {
    SecretString out;
    out.reserve(value.size());
    for (const char c : value) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        out.append(&lower, 1);
    }
    return out;
}

SecretString without_gaps(std::string_view value) {
    constexpr std::string_view gaps(" \t\r\n:\0", 6);
    SecretString out;
    for (const char& c : value) {
        if (gaps.find(c) == gaps.npos) out.append(&c, 1);
    }
    return out;
}

}  // namespace wfc
