#include "message/encoded_word.hpp"

#include <algorithm>
#include <array>

#include "crypto/base64.hpp"
#include "message/characters.hpp"

namespace mailsend {

namespace {

constexpr std::string_view head_b = "=?UTF-8?B?";
constexpr std::string_view head_q = "=?UTF-8?Q?";
constexpr std::string_view tail = "?=";
constexpr std::size_t frame = head_b.size() + tail.size();

/// What the Q encoding leaves as it is, in a phrase too (RFC 2047 section 5 (3)).
constexpr bool plain_in_q(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '!' ||
           c == '*' || c == '+' || c == '-' || c == '/';
}

/// Octets that each octet becomes in the Q encoding.
constexpr std::array<unsigned char, 256> q_sizes() {
    std::array<unsigned char, 256> sizes{};
    for (std::size_t c = 0; c < sizes.size(); ++c)
        sizes[c] = c == ' ' || plain_in_q(static_cast<char>(c)) ? 1 : 3;
    return sizes;
}
constexpr auto q_size_of = q_sizes();

std::size_t q_size(std::string_view text) noexcept {
    std::size_t size = 0;
    for (const char c : text) size += q_size_of[static_cast<unsigned char>(c)];
    return size;
}

void append_q(std::string& out, std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        if (plain_in_q(c)) {
            out += c;
        } else if (c == ' ') {
            out += '_';
        } else {
            const auto octet = static_cast<unsigned char>(c);
            out += '=';
            out += digits[octet >> 4];
            out += digits[octet & 15U];
        }
    }
}

}  // namespace

std::size_t encoded_word_size(std::string_view text, WordEncoding encoding) noexcept {
    return frame + (encoding == WordEncoding::q ? q_size(text) : (text.size() + 2) / 3 * 4);
}

WordEncoding shorter_encoding(std::string_view text) noexcept {
    const bool q = encoded_word_size(text, WordEncoding::q) <= encoded_word_size(text, WordEncoding::b);
    return q ? WordEncoding::q : WordEncoding::b;
}

std::size_t append_encoded_word(std::string& out, std::string_view& rest, std::size_t room,
                                WordEncoding encoding) {
    const std::size_t before = out.size();
    const std::size_t payload = std::min(room, word_limit) - frame;
    std::size_t taken = 0;
    if (encoding == WordEncoding::b) {
        taken = prefix(rest, payload / 4 * 3).size();
        out.append(head_b);
        const std::size_t at = out.size();
        out.resize(at + (taken + 2) / 3 * 4);
        crypto::base64_encode_to(rest.substr(0, taken), out.data() + at);
    } else {
        std::size_t used = 0;
        while (taken < rest.size()) {
            const std::string_view character = rest.substr(taken, character_size(rest, taken));
            const std::size_t cost = q_size(character);
            if (used + cost > payload) break;
            used += cost;
            taken += character.size();
        }
        out.append(head_q);
        append_q(out, rest.substr(0, taken));
    }
    out.append(tail);
    rest.remove_prefix(taken);
    return out.size() - before;
}

bool looks_encoded(std::string_view text) noexcept {
    return text.find("=?") != std::string_view::npos;
}

}  // namespace mailsend
