// Text of a stranger made fit for a document, a log and a terminal.
#include <algorithm>
#include <array>
#include <cstdint>

#include "outcome/document.hpp"

namespace mailsend {
namespace {

struct Character {
    std::uint32_t code_point = 0;
    std::size_t length = 0;  ///< bytes; 0 = not UTF-8
};

/// The character at `at` by the table of Unicode 3.9 (no overlong forms, no surrogates, nothing above
/// U+10FFFF).
Character read(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const std::uint32_t lead = byte(at);
    if (lead < 0x80) return {lead, 1};
    std::size_t length = 0;
    std::uint32_t least = 0;
    std::uint32_t value = 0;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2, least = 0x80, value = lead & 0x1F;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3, least = 0x800, value = lead & 0x0F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4, least = 0x10000, value = lead & 0x07;
    } else {
        return {};
    }
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint32_t next = byte(at + i);
        if ((next & 0xC0) != 0x80) return {};
        value = (value << 6) | (next & 0x3F);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
    return {value, length};
}

/// Line separators and the marks that turn text around: a terminal would show something else than what was
/// said.
constexpr bool misleads(std::uint32_t c) noexcept {
    return (c >= 0x80 && c <= 0x9F) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

std::string escaped(char kind, std::uint32_t value, int digits) {
    static constexpr std::array<char, 17> hex{"0123456789ABCDEF"};
    std::string out{'\\', kind};
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += hex[(value >> shift) & 0xF];
    return out;
}

/// Most of what servers say: nothing in it needs to be escaped.
bool is_plain(std::string_view raw) noexcept {
    return std::all_of(raw.begin(), raw.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

std::string printable(std::string_view raw, std::size_t limit) {
    static constexpr std::string_view ellipsis = "\xE2\x80\xA6";
    static constexpr std::string_view replacement = "\xEF\xBF\xBD";
    if (raw.size() <= limit && is_plain(raw)) return std::string(raw);
    std::string out;
    std::size_t safe = 0;  // the longest prefix of `out` that leaves room for the ellipsis
    for (std::size_t at = 0; at < raw.size();) {
        const Character c = read(raw, at);
        if (c.length == 0) {
            out += replacement;
            ++at;
        } else {
            if (c.code_point == '\t') {
                out += ' ';
            } else if (c.code_point < 0x20 || c.code_point == 0x7F) {
                out += escaped('x', c.code_point, 2);
            } else if (misleads(c.code_point)) {
                out += escaped('u', c.code_point, 4);
            } else {
                out += raw.substr(at, c.length);
            }
            at += c.length;
        }
        if (out.size() > limit) {
            out.resize(safe);
            if (safe + ellipsis.size() <= limit) out += ellipsis;
            return out;
        }
        if (out.size() + ellipsis.size() <= limit) safe = out.size();
    }
    return out;
}

}  // namespace mailsend
