#include "message/characters.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace mailsend {

namespace {

constexpr std::size_t shown_limit = 80;

unsigned char octet(char c) noexcept {
    return static_cast<unsigned char>(c);
}

/// Octets of a well-formed character at the beginning of `text`, 0 when there is none (RFC 3629 section 4).
std::size_t well_formed(std::string_view text) noexcept {
    const unsigned char first = octet(text[0]);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((octet(text[i]) & 0xC0) != 0x80) return 0;
    }
    const unsigned char second = octet(text[1]);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second > 0x9F;
    const bool too_high = first == 0xF4 && second > 0x8F;
    return overlong || surrogate || too_high ? 0 : size;
}

constexpr std::array<bool, 256> atext_table() {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 256; ++c) {
        table[c] = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
    }
    for (const char c :
         {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '/', '=', '?', '^', '_', '`', '{', '|', '}', '~'}) {
        table[static_cast<unsigned char>(c)] = true;
    }
    return table;
}

constexpr auto atext = atext_table();

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        unsigned long long eight = 0;
        std::memcpy(&eight, text.data() + i, 8);
        if ((eight & 0x8080808080808080ULL) != 0) return false;
    }
    for (; i < text.size(); ++i) {
        if (octet(text[i]) >= 0x80) return false;
    }
    return true;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        if (text.size() >= 8 && is_ascii(text.substr(0, 8))) {
            text.remove_prefix(8);
            continue;
        }
        const std::size_t size = well_formed(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::size_t character_size(std::string_view text, std::size_t at) noexcept {
    return std::max<std::size_t>(1, well_formed(text.substr(at)));
}

std::string_view prefix(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) return text;
    std::size_t end = limit;
    while (end > 0 && limit - end < 4 && (octet(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

const char* forbidden_character(std::string_view text) noexcept {
    // Nearly every text is printable ASCII: one loop without branches tells.
    unsigned char special = 0;
    for (const char c : text)
        special |= static_cast<unsigned char>(int{octet(c) < 0x20} | int{octet(c) >= 0x7F});
    if (special == 0) return nullptr;
    for (const char c : text) {
        if (octet(c) >= 0x20 && c != 0x7F) continue;
        if (c == '\r' || c == '\n') return "holds a line break (CR or LF)";
        if (c == '\0') return "holds a NUL character";
        if (c != '\t') return "holds a control character";
    }
    return is_utf8(text) ? nullptr : "is not valid UTF-8";
}

bool holds_c1_control(std::string_view text) noexcept {
    for (std::size_t at = 0; (at = text.find('\xC2', at)) < text.size(); ++at) {
        if (at + 1 < text.size() && octet(text[at + 1]) < 0xA0) return true;
    }
    return false;
}

const char* misleading_character(std::string_view text) noexcept {
    if (holds_c1_control(text)) return "holds a control character";
    for (std::size_t at = 0; (at = text.find('\xE2', at)) < text.size(); ++at) {
        if (at + 2 >= text.size()) break;
        const unsigned char second = octet(text[at + 1]);
        const unsigned char third = octet(text[at + 2]);
        const bool general = second == 0x80 && third >= 0xA8 && third <= 0xAE;
        const bool isolate = second == 0x81 && third >= 0xA6 && third <= 0xA9;
        if (general || isolate) return "holds a character that changes the order of those around it";
    }
    return nullptr;
}

bool is_atext(char c) noexcept {
    return atext[octet(c)];
}

bool is_dot_atom(std::string_view text) noexcept {
    if (text.empty() || text.front() == '.' || text.back() == '.') return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.' ? text[i - 1] == '.' : !is_atext(text[i])) return false;
    }
    return true;
}

std::string quoted_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

std::string shown(std::string_view text) {
    std::string out = "\"";
    const std::string_view part = prefix(text, shown_limit);
    for (const char c : part) out += octet(c) < 0x20 || c == 0x7F ? '?' : c;
    return out += part.size() < text.size() ? "…\"" : "\"";
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace mailsend
