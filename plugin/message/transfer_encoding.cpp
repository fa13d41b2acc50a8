#include "message/transfer_encoding.hpp"

#include <array>

#include "crypto/base64.hpp"

namespace mailsend {

namespace {

constexpr std::size_t plain_line = 78;    ///< RFC 5322 section 2.1.1; relays rewrap longer ones at will
constexpr std::size_t encoded_line = 76;  ///< RFC 2045 section 6.7 (5), with the "=" of a soft break
constexpr std::string_view from_line = "From ";
constexpr std::string_view line_end = "\r\n";

/// Octets that quoted-printable leaves as they are wherever they stand; blanks are a case of their own.
constexpr std::array<bool, 256> literal_table() {
    std::array<bool, 256> table{};
    for (std::size_t c = 33; c <= 126; ++c) table[c] = c != '=';
    return table;
}
constexpr auto literal = literal_table();

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}
bool is_literal(char c) noexcept {
    return literal[static_cast<unsigned char>(c)];
}

bool survives_as_it_is(std::string_view line) noexcept {
    if (line.size() > plain_line || line.starts_with(from_line) || line.starts_with("--=_") || line == ".")
        return false;
    if (!line.empty() && is_blank(line.back())) return false;
    for (const char c : line) {
        if (!is_literal(c) && c != '=' && !is_blank(c)) return false;
    }
    return true;
}

/// One line without its end, as lines of at most 76 octets joined by soft breaks.
void append_quoted_printable(std::string& out, std::string_view line) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool last = i + 1 == line.size();
        // What begins an encoded line matters, not what begins a line of the text.
        const auto keeps = [&](std::size_t at) {
            if (at == 0 && (c == '.' || line.substr(i).starts_with(from_line))) return false;
            return is_literal(c) || (is_blank(c) && !last);
        };
        std::size_t size = keeps(column) ? 1 : 3;
        if (column + size > (last ? encoded_line : encoded_line - 1)) {
            out += "=\r\n";
            column = 0;
            size = keeps(column) ? 1 : 3;
        }
        if (size == 1) {
            out += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            out += '=';
            out += digits[octet >> 4];
            out += digits[octet & 15U];
        }
        column += size;
    }
}

/// Calls `visit(line, ended)` for each line, without its end; `ended` is false for a last one that has none.
template <class Visit>
void each_line(std::string_view lines, Visit&& visit) {
    while (!lines.empty()) {
        const std::size_t end = lines.find(line_end);
        if (!visit(lines.substr(0, end), end != std::string_view::npos) || end == std::string_view::npos)
            return;
        lines.remove_prefix(end + line_end.size());
    }
}

}  // namespace

std::string_view to_string(TransferEncoding encoding) noexcept {
    switch (encoding) {
        case TransferEncoding::seven_bit:
            return "7bit";
        case TransferEncoding::quoted_printable:
            return "quoted-printable";
        case TransferEncoding::base64:
            break;
    }
    return "base64";
}

std::string canonical_lines(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32 + 2);
    while (!text.empty()) {
        const std::size_t end = text.find_first_of(line_end);
        out += text.substr(0, end);
        if (end == std::string_view::npos) break;
        out += line_end;
        text.remove_prefix(end + (text.substr(end).starts_with(line_end) ? 2 : 1));
    }
    return out;
}

TransferEncoding choose_encoding(std::string_view lines) noexcept {
    bool plain = true;
    each_line(lines, [&](std::string_view line, bool) { return plain = survives_as_it_is(line); });
    if (plain) return TransferEncoding::seven_bit;
    std::size_t escaped = 0;
    for (const char c : lines) escaped += !is_literal(c) && !is_blank(c) && c != '\r' && c != '\n';
    // An escape costs two octets more, base64 a third of everything.
    return 2 * escaped <= lines.size() / 3 + 4 ? TransferEncoding::quoted_printable
                                               : TransferEncoding::base64;
}

std::string encode_body(std::string_view lines, TransferEncoding encoding) {
    std::string out;
    if (encoding == TransferEncoding::seven_bit) {
        out = lines;
    } else if (encoding == TransferEncoding::base64) {
        out.reserve(base64_body_size(lines.size()));
        append_base64_lines(out, lines, true);
    } else {
        out.reserve(lines.size() + lines.size() / 4);
        each_line(lines, [&](std::string_view line, bool ended) {
            append_quoted_printable(out, line);
            if (ended) out += line_end;
            return true;
        });
    }
    return out;
}

std::uint64_t base64_body_size(std::uint64_t bytes) noexcept {
    if (bytes == 0) return 0;
    const std::uint64_t lines = (bytes + base64_line_bytes - 1) / base64_line_bytes;
    return (bytes + 2) / 3 * 4 + (lines - 1) * line_end.size();
}

void append_base64_lines(std::string& out, std::string_view bytes, bool first) {
    while (!bytes.empty()) {
        const std::string_view line = bytes.substr(0, base64_line_bytes);
        if (!first) out += line_end;
        first = false;
        if (line.size() == base64_line_bytes) {
            const std::size_t at = out.size();
            out.resize(at + base64_line_size);
            crypto::base64_encode_block(line.data(), line.size(), out.data() + at);
        } else {
            out += crypto::base64_encode(line);
        }
        bytes.remove_prefix(line.size());
    }
}

}  // namespace mailsend
