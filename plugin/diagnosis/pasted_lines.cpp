#include "diagnosis/pasted_lines.hpp"

#include <algorithm>

namespace mailsend::diagnosis {
namespace {

/// Octets of an escape sequence of terminals ("\x1b[1;31m") at the beginning; 0 where there is none.
std::size_t colour_at(std::string_view text) noexcept {
    if (!text.starts_with("\x1b[")) return 0;
    const std::size_t end = text.find_first_not_of("0123456789;", 2);
    return end != text.npos && is_letter(text[end]) ? end + 1 : 0;
}

/// Octets of a line break that was written as an escape, once ("\n") or twice ("\\n"); 0 where there is none.
std::size_t written_break_at(std::string_view text) noexcept {
    for (const std::string_view slash : {"\\\\", "\\"}) {
        if (!text.starts_with(slash)) continue;
        const std::string_view rest = text.substr(slash.size());
        if (rest.starts_with('n')) return slash.size() + 1;
        if (!rest.starts_with('r')) continue;
        const bool feed = rest.substr(1).starts_with(slash) && rest.substr(1 + slash.size()).starts_with('n');
        return feed ? 2 * (slash.size() + 1) : slash.size() + 1;
    }
    return 0;
}

/// Octets of "' +" and "'" on the next line, between the halves of a string; 0 where there is none.
std::size_t seam_at(std::string_view text) noexcept {
    if (text.empty() || (text[0] != '\'' && text[0] != '"')) return 0;
    std::size_t at = text.find_first_not_of(" \t", 1);
    if (at == text.npos || text[at] != '+') return 0;
    at = text.find_first_not_of(" \t\r\n", at + 1);
    return at != text.npos && text[at] == text[0] ? at + 1 : 0;
}

}  // namespace

std::string plain_lines(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::size_t taken = 1;
        const char c = text.front();
        if (const std::size_t colour = colour_at(text); colour != 0) {
            taken = colour;
        } else if (const std::size_t seam = seam_at(text); seam != 0) {
            taken = seam;
        } else if (const std::size_t written = written_break_at(text); written != 0) {
            taken = written;
            out += '\n';
        } else if (text.starts_with("\r\n")) {
            taken = 2;
            out += '\n';
        } else if (c == '\n' || c == '\r') {
            out += '\n';
        } else if (text.starts_with("\xC2\xA0")) {
            taken = 2;
            out += ' ';
        } else {
            out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
        }
        text.remove_prefix(taken);
    }
    return out;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (is_blank(text.front()) || text.front() == '\n')) text.remove_prefix(1);
    while (!text.empty() && (is_blank(text.back()) || text.back() == '\n')) text.remove_suffix(1);
    return text;
}

}  // namespace mailsend::diagnosis
