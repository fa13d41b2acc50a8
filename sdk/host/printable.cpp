#include "host/printable.hpp"

#include <cstdint>
#include <cstdio>

namespace wfc {

namespace {

struct Character {
    std::uint32_t point = 0;
    std::size_t size = 0;  ///< 0: not UTF-8
};

Character decode(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
    };
    const std::uint32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return {};
    std::uint32_t point = first & (0xFFu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0u) != 0x80u) return {};
        point = (point << 6) | (byte(i) & 0x3Fu);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return {};
    return {point, size};
}

bool shown(std::uint32_t point, bool lines) {
    if (point < 0x20) return lines && point == '\n';
    if (point >= 0x7F && point < 0xA0) return false;
    return !((point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069));
}

}  // namespace

std::string printable(std::string_view text, bool lines, std::size_t limit) {
    std::string out;
    while (!text.empty()) {
        if (out.size() >= limit) return out + "…";
        const Character next = decode(text);
        char escaped[16];
        if (next.size == 0) {
            std::snprintf(escaped, sizeof escaped, "\\x%02x",
                          static_cast<unsigned>(static_cast<unsigned char>(text[0])));
            out += escaped;
            text.remove_prefix(1);
            continue;
        }
        if (shown(next.point, lines)) {
            out += text.substr(0, next.size);
        } else {
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(next.point));
            out += escaped;
        }
        text.remove_prefix(next.size);
    }
    return out;
}

}  // namespace wfc
