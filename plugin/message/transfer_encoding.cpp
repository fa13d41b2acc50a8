#include "message/transfer_encoding.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/base64.hpp"
#include "message/text_lines.hpp"

namespace mailsend {

namespace {

constexpr std::size_t plain_line = 78;    ///< RFC 5322 section 2.1.1; relays rewrap longer ones at will
constexpr std::size_t encoded_line = 76;  ///< RFC 2045 section 6.7 (5), with the "=" of a soft break
constexpr std::string_view from_line = "From ";
constexpr std::string_view line_end = "\r\n";

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// Octets that quoted-printable leaves as they are in the middle of a line.
constexpr std::array<bool, 256> kept_table() {
    std::array<bool, 256> table{};
    for (std::size_t c = ' '; c <= '~'; ++c) table[c] = c != '=';
    table['\t'] = true;
    return table;
}
constexpr auto kept = kept_table();

// The two loops over single octets have neither branches nor tables, so that they become vector instructions.

/// True when `text` holds something besides printable ASCII, blanks and line ends.
bool holds_foreign(std::string_view text) noexcept {
    unsigned char foreign = 0;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        const bool printable = static_cast<unsigned char>(octet - ' ') <= '~' - ' ';
        foreign |= static_cast<unsigned char>(!printable & (c != '\t') & (c != '\r') & (c != '\n'));
    }
    return foreign != 0;
}

/// Octets that quoted-printable would escape, line ends apart.
std::size_t escaped_octets(std::string_view text) noexcept {
    std::size_t total = 0;
    while (!text.empty()) {
        unsigned char few = 0;  // of a stretch that cannot overflow it
        const std::string_view stretch = text.substr(0, 240);
        for (const char c : stretch) {
            const auto octet = static_cast<unsigned char>(c);
            const bool printable = static_cast<unsigned char>(octet - ' ') <= '~' - ' ';
            const bool own = (!printable & (c != '\t') & (c != '\r') & (c != '\n')) | (c == '=');
            few = static_cast<unsigned char>(few + own);
        }
        total += few;
        text.remove_prefix(stretch.size());
    }
    return total;
}

/// Of a line without foreign octets.
bool survives_as_it_is(std::string_view line) noexcept {
    if (line.empty()) return true;
    if (line.size() > plain_line || is_blank(line.back())) return false;
    switch (line.front()) {
        case 'F':
            return !line.starts_with(from_line);
        case '-':
            return !line.starts_with("--=_");
        case '.':
            return line.size() > 1;
        default:
            return true;
    }
}

/// One encoded line at a time, kept here until it is whole.
class QuotedPrintable {
  public:
    explicit QuotedPrintable(std::string& out) noexcept : out_(out) {}

    /// One line without its end, as lines of at most 76 octets joined by soft breaks.
    void line(std::string_view line) {
        // A blank at the end is not kept (RFC 2045 section 6.7 (3)).
        const std::size_t keepable = line.size() - (!line.empty() && is_blank(line.back()) ? 1 : 0);
        for (std::size_t i = 0; i < line.size();) {
            const bool dangerous =
                column_ == 0 && (line[i] == '.' || line.substr(i, from_line.size()) == from_line);
            // The last column of a line that goes on is the soft break's.
            const std::size_t room = dangerous ? 0 : encoded_line - 1 - column_;
            i += keep(line.substr(i, std::min(room, keepable > i ? keepable - i : 0)));
            if (i == line.size()) break;
            const bool last = i + 1 == line.size();
            const bool keeps = !dangerous && i < keepable && kept[static_cast<unsigned char>(line[i])];
            const std::size_t size = keeps ? 1 : 3;
            if (column_ + size > (last ? encoded_line : encoded_line - 1)) {
                soft_break();
                continue;  // what begins an encoded line matters, not what begins a line of the text
            }
            keeps ? put(line[i]) : escape(line[i]);
            ++i;
        }
        flush();
    }

  private:
    /// The longest beginning of `text` that needs no escape; its size.
    std::size_t keep(std::string_view text) noexcept {
        std::size_t size = 0;
        while (size < text.size() && kept[static_cast<unsigned char>(text[size])]) ++size;
        text.copy(line_.data() + column_, size);
        column_ += size;
        return size;
    }
    void put(char c) noexcept { line_[column_++] = c; }
    void escape(char c) noexcept {
        constexpr char digits[] = "0123456789ABCDEF";
        const auto octet = static_cast<unsigned char>(c);
        put('=');
        put(digits[octet >> 4]);
        put(digits[octet & 15U]);
    }
    void soft_break() {
        put('=');
        flush();
        out_ += line_end;
    }
    void flush() {
        out_.append(line_.data(), column_);
        column_ = 0;
    }

    std::string& out_;
    std::array<char, encoded_line> line_{};
    std::size_t column_ = 0;
};

/// Base64 of bytes that come in pieces, without an end after the last line.
class Base64Body {
  public:
    explicit Base64Body(std::string& out) noexcept : out_(out) {}

    void add(std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t n = bytes.copy(staged_.data() + size_, staged_.size() - size_);
            bytes.remove_prefix(n);
            size_ += n;
            if (size_ == staged_.size()) flush();
        }
    }
    void flush() {
        append_base64_lines(out_, {staged_.data(), size_}, std::exchange(first_, false));
        size_ = 0;
    }

  private:
    std::string& out_;
    std::array<char, 32 * base64_line_bytes> staged_;  // whole lines
    std::size_t size_ = 0;
    bool first_ = true;
};

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

BodyFacts examine_body(std::string_view text) noexcept {
    bool plain = !holds_foreign(text);
    BodyFacts facts;
    TextLines lines(text);
    while (lines.next()) {
        plain = plain && survives_as_it_is(lines.line());
        facts.size += lines.line().size() + (lines.ended() ? line_end.size() : 0);
    }
    if (plain) return facts;
    // An escape costs two octets more, base64 a third of everything.
    const bool few = 2 * escaped_octets(text) <= facts.size / 3 + 4;
    facts.encoding = few ? TransferEncoding::quoted_printable : TransferEncoding::base64;
    return facts;
}

void append_body(std::string& out, std::string_view text, TransferEncoding encoding) {
    TextLines lines(text);
    if (encoding == TransferEncoding::seven_bit) {
        while (lines.next()) {
            out += lines.line();
            if (lines.ended()) out += line_end;
        }
    } else if (encoding == TransferEncoding::base64) {
        Base64Body body(out);
        while (lines.next()) {
            body.add(lines.line());
            if (lines.ended()) body.add(line_end);
        }
        body.flush();
    } else {
        QuotedPrintable body(out);
        while (lines.next()) {
            body.line(lines.line());
            if (lines.ended()) out += line_end;
        }
    }
}

std::uint64_t base64_body_size(std::uint64_t bytes) noexcept {
    if (bytes == 0) return 0;
    const std::uint64_t lines = (bytes + base64_line_bytes - 1) / base64_line_bytes;
    return (bytes + 2) / 3 * 4 + (lines - 1) * line_end.size();
}

void append_base64_lines(std::string& out, std::string_view bytes, bool first) {
    if (bytes.empty()) return;
    const std::size_t at = out.size();
    out.resize(at + static_cast<std::size_t>(base64_body_size(bytes.size())) + (first ? 0 : line_end.size()));
    char* to = out.data() + at;
    const auto short_line = [&](std::size_t size) {
        to += crypto::base64_encode_to(bytes.substr(0, size), to);
        bytes.remove_prefix(size);
    };
    if (first) short_line(std::min(bytes.size(), base64_line_bytes));
    const std::size_t whole = bytes.size() / base64_line_bytes;
    crypto::base64_encode_lines(bytes.data(), whole, to);
    to += whole * (line_end.size() + base64_line_size);
    bytes.remove_prefix(whole * base64_line_bytes);
    if (bytes.empty()) return;
    to += line_end.copy(to, line_end.size());
    short_line(bytes.size());
}

}  // namespace mailsend
