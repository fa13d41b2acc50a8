#include "host/secret_traces.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace wfc {

namespace {

constexpr std::size_t shortest = 4;       ///< of what is looked for everywhere
constexpr std::size_t shortest_part = 8;  ///< of what is looked for of a longer value

bool alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool encoded_character(char c) {
    return alphanumeric(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

/// The characters of the base64 of `value` that do not depend on what stands before it, `before` bytes modulo
/// three, and behind it.
SecretString base64_core(std::string_view value, std::size_t before, std::string_view alphabet) {
    SecretString out;
    out.reserve(value.size() * 4 / 3 + 4);
    const auto bit = [&](std::size_t at) {
        const std::size_t within = at - before * 8;
        return (static_cast<unsigned char>(value[within / 8]) >> (7 - within % 8)) & 1;
    };
    const std::size_t end = (before + value.size()) * 8;
    for (std::size_t at = (before * 8 + 5) / 6 * 6; at + 6 <= end; at += 6) {
        std::size_t digit = 0;
        for (std::size_t i = 0; i < 6; ++i) digit = digit * 2 + static_cast<std::size_t>(bit(at + i));
        out.append(&alphabet[digit], 1);
    }
    return out;
}

SecretString hexadecimal(std::string_view value, std::string_view digits) {
    SecretString out;
    out.reserve(value.size() * 2);
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        out.append(&digits[byte >> 4], 1);
        out.append(&digits[byte & 15], 1);
    }
    return out;
}

/// As a form does it, whose whole is then often encoded once more.
SecretString percent_encoded(std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF", plain = "-._~";
    SecretString out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (alphanumeric(c) || plain.find(c) != plain.npos) {
            out.append(&c, 1);
        } else {
            const std::array<char, 3> escape = {'%', digits[byte >> 4], digits[byte & 15]};
            out.append(escape.data(), escape.size());
        }
    }
    return out;
}

SecretString with_plus(std::string_view value) {
    SecretString out;
    for (const char c : value) out.append(c == ' ' ? "+" : std::string_view(&c, 1));
    return out;
}

/// Times, numbers, addresses and lists of words are no secrets, whatever document they stand in.
bool could_be_secret(std::string_view string) {
    return string.size() >= shortest_part && string.find_first_of(" @") == string.npos &&
           string.find("://") == string.npos && string.find_first_not_of("0123456789-:.TZ+") != string.npos;
}

/// Whether the `size` bytes at `at` stand between characters that are of no word.
bool whole_word(std::string_view text, std::size_t at, std::size_t size) {
    return (at == 0 || !alphanumeric(text[at - 1])) &&
           (at + size == text.size() || !alphanumeric(text[at + size]));
}

/// Where the beginning of `secret` ends `text`, which was cut off there.
std::size_t cut_off(std::string_view text, std::string_view secret) {
    std::size_t size = std::min(text.size(), secret.size() - 1);
    for (; size >= shortest_part; --size) {
        if (text.substr(text.size() - size) == secret.substr(0, size)) return size;
    }
    return 0;
}

}  // namespace

void SecretTraces::add(std::string_view value) {
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.remove_suffix(1);
    if (value.empty()) return;
    add_part(value);
    if (value.size() < shortest_part) return;
    if (value.find('\n') != value.npos) {  // a key, line by line
        for (std::size_t at = 0; at < value.size();) {
            const std::size_t end = std::min(value.find('\n', at), value.size());
            if (end - at >= 16 && value.compare(at, 5, "-----") != 0) add_part(value.substr(at, end - at));
            at = end + 1;
        }
    }
    if (value.front() != '{') return;
    for (std::size_t at = value.find('"'); at != value.npos; at = value.find('"', at)) {
        std::size_t end = at + 1;
        while (end < value.size() && value[end] != '"') end += value[end] == '\\' ? 2 : 1;
        if (end >= value.size()) return;
        const std::string_view string = value.substr(at + 1, end - at - 1);
        const std::size_t next = value.find_first_not_of(" \t\r\n", end + 1);
        const bool name = next != value.npos && value[next] == ':';
        if (!name && could_be_secret(string)) add_part(string);
        at = end + 1;
    }
}

void SecretTraces::add_part(std::string_view part) {
    keep(part, false);
    if (part.size() < shortest) return;
    if (part.find(' ') != part.npos) keep(with_plus(part).reveal(), false);
    const SecretString escaped = percent_encoded(part);
    for (std::size_t before = 0; before < 3; ++before) {
        add_base64(part, before);
        if (escaped.size() != part.size()) add_base64(escaped.reveal(), before);
    }
    if (escaped.size() != part.size()) keep(escaped.reveal(), false);
    keep(hexadecimal(part, "0123456789abcdef").reveal(), true);
    keep(hexadecimal(part, "0123456789ABCDEF").reveal(), true);
}

void SecretTraces::add_base64(std::string_view part, std::size_t before) {
    constexpr std::string_view common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const SecretString core = base64_core(part, before, std::string(common) + "+/");
    keep(core.reveal(), true);
    if (core.reveal().find_first_of("+/") != core.reveal().npos)
        keep(base64_core(part, before, std::string(common) + "-_").reveal(), true);
}

void SecretTraces::keep(std::string_view text, bool encoded) {
    if (text.size() >= (encoded ? shortest : 1)) traces_.push_back({SecretString(text), encoded});
}

void SecretTraces::find(std::string_view text, std::vector<Span>& into) const {
    std::string_view cut = text;
    if (cut.size() >= 3 && cut.substr(cut.size() - 3) == "…") cut.remove_suffix(3);
    for (const Trace& trace : traces_) {
        const std::string_view wanted = trace.text.reveal();
        for (std::size_t at = text.find(wanted); at != text.npos;
             at = text.find(wanted, at + wanted.size())) {
            std::size_t begin = at, end = at + wanted.size();
            if (wanted.size() < shortest && !whole_word(text, at, wanted.size())) continue;
            while (trace.encoded && begin > 0 && encoded_character(text[begin - 1])) --begin;
            while (trace.encoded && end < text.size() && encoded_character(text[end])) ++end;
            into.emplace_back(begin, end);
        }
        if (const std::size_t size = wanted.size() > shortest_part ? cut_off(cut, wanted) : 0; size != 0)
            into.emplace_back(cut.size() - size, cut.size());
    }
}

}  // namespace wfc
