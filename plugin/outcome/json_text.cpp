#include "outcome/json_text.hpp"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "wfc/json_scan.hpp"

namespace mailsend {
namespace {

void append_escaped(char c, std::string& out) {
    static constexpr std::array<char, 17> hex{"0123456789abcdef"};
    switch (c) {
        case '"':
        case '\\':
            out.append(1, '\\').append(1, c);
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default: {
            const auto byte = static_cast<unsigned char>(c);
            out.append("\\u00").append(1, hex[byte >> 4]).append(1, hex[byte & 0xF]);
        }
    }
}

/// `value` as a JSON string; the serializer knows what to make of bytes that are no characters.
std::string beyond_ascii(std::string_view value) {
    return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void JsonText::separate() {
    if (text_.empty()) return;
    const char last = text_.back();  // a string ends with its quotation mark
    if (last != '{' && last != '[' && last != ':') text_ += ',';
}

JsonText& JsonText::member(std::string_view name) {
    string(name);
    text_ += ':';
    return *this;
}

JsonText& JsonText::string(std::string_view value) {
    separate();
    const std::size_t begin = text_.size();
    text_ += '"';
    std::string_view rest = value;
    while (true) {
        const std::size_t count = wfc::detail::unescaped_bytes(rest);
        text_.append(rest.substr(0, count));
        if (count == rest.size()) break;
        if (static_cast<unsigned char>(rest[count]) >= 0x80) {
            text_.resize(begin);
            text_ += beyond_ascii(value);
            return *this;
        }
        append_escaped(rest[count], text_);
        rest.remove_prefix(count + 1);
    }
    text_ += '"';
    return *this;
}

JsonText& JsonText::number(std::uint64_t value) {
    separate();
    std::array<char, 20> digits;  // of 2^64 - 1
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text_.append(digits.data(), end);
    return *this;
}

JsonText& JsonText::json(std::string_view value) {
    separate();
    text_ += value;
    return *this;
}

}  // namespace mailsend
