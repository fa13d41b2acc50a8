#include "message/parameter.hpp"

#include <algorithm>

#include "message/characters.hpp"
#include "message/encoded_word.hpp"

namespace mailsend {

namespace {

constexpr std::size_t piece_limit = 75;

bool is_token_character(char c) noexcept {
    switch (c) {
        case '(':
        case ')':
        case '<':
        case '>':
        case '@':
        case ',':
        case ';':
        case ':':
        case '\\':
        case '"':
        case '/':
        case '[':
        case ']':
        case '?':
        case '=':
            return false;
        default:
            return c > ' ' && c < 0x7F;
    }
}

/// attribute-char of RFC 2231 section 7.
bool is_attribute_character(char c) noexcept {
    return is_token_character(c) && c != '*' && c != '\'' && c != '%';
}

void append_percent(std::string& out, std::string_view character) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : character) {
        const auto octet = static_cast<unsigned char>(c);
        out += '%';
        out += digits[octet >> 4];
        out += digits[octet & 15U];
    }
}

std::vector<ParameterPiece> extended(const Parameter& parameter) {
    std::vector<ParameterPiece> pieces;
    std::string piece = parameter.name + "*0*=UTF-8''";
    bool split = false;
    for (std::size_t at = 0; at < parameter.value.size();) {
        const std::size_t size = character_size(parameter.value, at);
        const std::string_view character(parameter.value.data() + at, size);
        const bool plain = size == 1 && is_attribute_character(character[0]);
        // One octet is left for the semicolon.
        if (piece.size() + (plain ? 1 : 3 * size) + 1 > piece_limit) {
            pieces.push_back({std::move(piece), false});
            piece = parameter.name + "*" + std::to_string(pieces.size()) + "*=";
            split = true;
        }
        if (plain) {
            piece += character;
        } else {
            append_percent(piece, character);
        }
        at += size;
    }
    if (!split) piece.replace(parameter.name.size(), 3, "*");
    pieces.push_back({std::move(piece), false});
    return pieces;
}

std::vector<ParameterPiece> encoded_words(const Parameter& parameter) {
    std::vector<ParameterPiece> pieces;
    const WordEncoding encoding = shorter_encoding(parameter.value);
    std::string piece = parameter.name + "=\"";
    for (std::string_view rest = parameter.value; !rest.empty();) {
        append_encoded_word(piece, rest, piece_limit - piece.size() - 2, encoding);
        if (rest.empty()) piece += '"';
        const bool continues = !pieces.empty();
        pieces.push_back({std::move(piece), continues});
        piece.clear();
    }
    return pieces;
}

}  // namespace

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool plain_parameter(const Parameter& parameter, std::string& out) {
    const std::string& value = parameter.value;
    // An encoded word in quotation marks would be decoded by readers that know the practice above.
    if (!is_ascii(value) || looks_encoded(value)) return false;
    out.assign(parameter.name).append("=");
    out += is_token(value) ? value : quoted_string(value);
    return out.size() < piece_limit;
}

std::vector<ParameterPiece> parameter_pieces(const Parameter& parameter) {
    std::string plain;
    if (plain_parameter(parameter, plain)) return {{std::move(plain), false}};
    return parameter.form == ParameterForm::extended ? extended(parameter) : encoded_words(parameter);
}

}  // namespace mailsend
