/// Octets of JSON text (RFC 8259): runs, characters, escapes and numbers, for JsonReader.
///
/// Guarantees: pure functions that look at nothing beyond the text they are given. Faults are the end of a
/// sentence about the value.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace wfc {
namespace detail {

/// Bytes at the beginning of `text` that stand for themselves in a string: ASCII but controls, quotation mark
/// and backslash.
inline std::size_t unescaped_bytes(std::string_view text) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = 0x8080808080808080u;
    const auto has_zero = [](std::uint64_t eight) { return (eight - ones) & ~eight & tops; };
    std::size_t count = 0;
    for (std::uint64_t eight = 0; count + 8 <= text.size(); count += 8) {
        std::memcpy(&eight, text.data() + count, 8);
        const std::uint64_t controls = (eight - ones * 0x20) & ~eight;
        if (((eight | controls) & tops) != 0 || has_zero(eight ^ (ones * '"')) != 0 ||
            has_zero(eight ^ (ones * '\\')) != 0)
            break;
    }
    for (; count < text.size(); ++count) {
        const auto byte = static_cast<unsigned char>(text[count]);
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') break;
    }
    return count;
}

/// Octets of the well-formed character that `text` begins with, 0 when there is none (RFC 3629 section 4).
inline std::size_t character_octets(std::string_view text) noexcept {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = octet(0);
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((octet(i) & 0xC0) != 0x80) return 0;
    }
    const bool overlong = (first == 0xE0 && octet(1) < 0xA0) || (first == 0xF0 && octet(1) < 0x90);
    const bool surrogate = first == 0xED && octet(1) > 0x9F;
    const bool too_high = first == 0xF4 && octet(1) > 0x8F;
    return overlong || surrogate || too_high ? 0 : size;
}

/// `code` in UTF-8.
inline void append_character(std::uint32_t code, std::string& out) {
    const auto put = [&](std::uint32_t octet) { out += static_cast<char>(octet); };
    const auto tail = [&](unsigned shift) { put(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0 | (code >> 6));
        return tail(0);
    }
    if (code < 0x10000) {
        put(0xE0 | (code >> 12));
    } else {
        put(0xF0 | (code >> 18));
        tail(12);
    }
    tail(6);
    tail(0);
}

/// Digits off the front of `rest`.
inline std::string_view take_digits(std::string_view& rest) noexcept {
    std::size_t count = 0;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
    const std::string_view digits = rest.substr(0, count);
    rest.remove_prefix(count);
    return digits;
}

/// Whether WHOLE.FRACTION times ten to the EXPONENT rounds to infinity in a double (IEEE 754 binary64).
inline bool beyond_double(std::string_view whole, std::string_view fraction, std::string_view exponent,
                          bool negative_exponent) {
    constexpr std::string_view infinite = "17976931348623158079";  // 2^1024 - 2^970, its first digits
    std::string digits(whole);
    digits.append(fraction);
    const std::size_t zeros = digits.find_first_not_of('0');
    if (zeros == digits.npos) return false;
    std::int64_t ten_to = static_cast<std::int64_t>(whole.size()) - static_cast<std::int64_t>(zeros);
    std::int64_t written = 0;
    for (const char c : exponent) {
        if (written < 1'000'000'000) written = written * 10 + (c - '0');
    }
    ten_to += negative_exponent ? -written : written;  // the number is 0.DIGITS times ten to this
    return ten_to > 309 || (ten_to == 309 && digits.compare(zeros, infinite.size(), infinite) >= 0);
}

/// A number off the front of `rest`; why it is none, or null.
inline const char* take_number(std::string_view& rest) {
    const auto begins_with = [&](char a, char b) {
        return !rest.empty() && (rest.front() == a || rest.front() == b);
    };
    if (begins_with('-', '-')) rest.remove_prefix(1);
    const std::string_view whole = take_digits(rest);
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return "is no value of JSON";
    std::string_view fraction;
    if (begins_with('.', '.')) {
        rest.remove_prefix(1);
        fraction = take_digits(rest);
        if (fraction.empty()) return "has a point without digits after it";
    }
    std::string_view exponent;
    bool negative = false;
    if (begins_with('e', 'E')) {
        rest.remove_prefix(1);
        negative = begins_with('-', '-');
        if (begins_with('-', '+')) rest.remove_prefix(1);
        exponent = take_digits(rest);
        if (exponent.empty()) return "has an exponent without digits";
    }
    const bool large = whole.size() > 300 || !exponent.empty();
    return large && beyond_double(whole, fraction, exponent, negative) ? "is a number out of range" : nullptr;
}

/// The value of four hexadecimal digits off the front of `rest`; above 0xFFFF when they are none.
inline std::uint32_t take_four_digits(std::string_view& rest) noexcept {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = rest.empty() ? '\0' : rest.front();
        const char lower = static_cast<char>(c | 0x20);
        if (c >= '0' && c <= '9') {
            code = code * 16 + static_cast<std::uint32_t>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            code = code * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
        } else {
            return 0x10000;
        }
        rest.remove_prefix(1);
    }
    return code;
}

/// An escape, backslash and all, off the front of `rest`, and what it means to the end of `out`; why it is
/// none, or null.
inline const char* take_escape(std::string_view& rest, std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
    constexpr const char* half = "holds half a character";
    rest.remove_prefix(1);
    if (rest.empty()) return "has no quotation mark at its end";
    const char letter = rest.front();
    rest.remove_prefix(1);
    if (letter != 'u') {
        const std::size_t found = letters.find(letter);
        if (found == letters.npos) return "holds an unknown escape";
        out += meant[found];
        return nullptr;
    }
    std::uint32_t code = take_four_digits(rest);
    if (code > 0xFFFF) return "holds an escape without its four digits";
    if (code >= 0xDC00 && code <= 0xDFFF) return half;
    if (code >= 0xD800 && code <= 0xDBFF) {  // the first half of a pair
        if (rest.substr(0, 2) != "\\u") return half;
        rest.remove_prefix(2);
        const std::uint32_t second = take_four_digits(rest);
        if (second < 0xDC00 || second > 0xDFFF) return half;
        code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
    }
    append_character(code, out);
    return nullptr;
}

}  // namespace detail

}  // namespace wfc
