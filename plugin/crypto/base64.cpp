#include "crypto/base64.hpp"

#include "crypto/base64_simd.hpp"

namespace mailsend::crypto {

namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::size_t encoded_size(std::size_t size) noexcept {
    return (size + 2) / 3 * 4;
}

/// Value of one character of the alphabet, or -1.
int value_of(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

/// The last one or two bytes, with padding.
void encode_tail(const char* bytes, std::size_t size, char* out) noexcept {
    const auto first = static_cast<unsigned char>(bytes[0]);
    const unsigned second = size > 1 ? static_cast<unsigned char>(bytes[1]) : 0U;
    out[0] = alphabet[first >> 2];
    out[1] = alphabet[((first & 3U) << 4) | (second >> 4)];
    out[2] = size > 1 ? alphabet[(second & 15U) << 2] : '=';
    out[3] = '=';
}

void encode(std::string_view bytes, char* out) noexcept {
    const std::size_t whole = bytes.size() / 3 * 3;
    base64_encode_block(bytes.data(), whole, out);
    if (whole < bytes.size()) encode_tail(bytes.data() + whole, bytes.size() - whole, out + whole / 3 * 4);
}

}  // namespace

void base64_encode_block(const char* bytes, std::size_t size, char* out) noexcept {
    base64_loops().front().block(bytes, size, out);
}

void base64_encode_lines(const char* bytes, std::size_t count, char* out) noexcept {
    base64_loops().front().lines(bytes, count, out);
}

std::size_t base64_encode_to(std::string_view bytes, char* out) noexcept {
    encode(bytes, out);
    return encoded_size(bytes.size());
}

std::string base64_encode(std::string_view bytes) {
    std::string out(encoded_size(bytes.size()), '\0');
    encode(bytes, out.data());
    return out;
}

wfc::SecretString base64_encode_secret(std::string_view bytes) {
    wfc::SecretString out;
    out.reserve(encoded_size(bytes.size()));
    char group[4];
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        encode(bytes.substr(i, 3), group);
        out.append(group, sizeof group);
    }
    wfc::wipe(group, sizeof group);
    return out;
}

std::vector<wfc::SecretString> base64_alignments(std::string_view secret) {
    std::vector<wfc::SecretString> out;
    for (std::size_t offset = 0; offset < 3; ++offset) {
        wfc::SecretString shifted(std::string_view("   ", offset));
        shifted.append(secret);
        out.push_back(base64_encode_secret(shifted.reveal()));
    }
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const bool last = i + 4 == text.size();
        const std::size_t padding = !last || text[i + 3] != '=' ? 0 : text[i + 2] == '=' ? 2 : 1;
        unsigned group = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const int value = j >= 4 - padding ? 0 : value_of(text[i + j]);
            if (value < 0) return std::nullopt;
            group = group << 6 | static_cast<unsigned>(value);
        }
        // RFC 4648 section 3.5: the bits that padding leaves over are zero, or two texts would mean the same
        // bytes.
        if ((padding == 1 && (group & 0xFFU) != 0) || (padding == 2 && (group & 0xFFFFU) != 0))
            return std::nullopt;
        out += static_cast<char>(group >> 16);
        if (padding < 2) out += static_cast<char>(group >> 8 & 0xFFU);
        if (padding < 1) out += static_cast<char>(group & 0xFFU);
    }
    return out;
}

}  // namespace mailsend::crypto
