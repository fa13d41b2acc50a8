#include "host/decoded_text.hpp"

#include <optional>

namespace wfc {

namespace {

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The number that `count` hexadecimal digits from `at` make.
std::optional<std::uint32_t> number(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return std::nullopt;
    std::uint32_t out = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (digit(text[i]) < 0) return std::nullopt;
        out = out * 16 + static_cast<std::uint32_t>(digit(text[i]));
    }
    return out;
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0u | (point >> 6));
        put(0x80u | (point & 0x3Fu));
    } else if (point < 0x10000) {
        put(0xE0u | (point >> 12));
        put(0x80u | ((point >> 6) & 0x3Fu));
        put(0x80u | (point & 0x3Fu));
    } else {
        put(0xF0u | (point >> 18));
        put(0x80u | ((point >> 12) & 0x3Fu));
        put(0x80u | ((point >> 6) & 0x3Fu));
        put(0x80u | (point & 0x3Fu));
    }
}

/// Appends what the escape at `at` stands for; its length, or 0 where there is none.
std::size_t undo_backslash(std::string_view text, std::size_t at, std::string& out) {
    if (text[at] != '\\' || at + 1 >= text.size()) return 0;
    constexpr std::string_view names = "nrtbf\"\\/", values = "\n\r\t\b\f\"\\/";
    if (const std::size_t found = names.find(text[at + 1]); found != names.npos) {
        out += values[found];
        return 2;
    }
    if (text[at + 1] == 'x') {
        const auto byte = number(text, at + 2, 2);
        if (byte) out += static_cast<char>(static_cast<unsigned char>(*byte));
        return byte ? 4 : 0;
    }
    const auto first = text[at + 1] == 'u' ? number(text, at + 2, 4) : std::nullopt;
    if (!first) return 0;
    if (*first >= 0xD800 && *first < 0xDC00 && text.substr(at + 6, 2) == "\\u") {
        const auto second = number(text, at + 8, 4);
        if (second && *second >= 0xDC00 && *second < 0xE000) {
            append_utf8(out, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
            return 12;
        }
    }
    append_utf8(out, *first);
    return 6;
}

bool decimal(char c) {
    return c >= '0' && c <= '9';
}

std::size_t undo_entity(std::string_view text, std::size_t at, std::string& out) {
    if (text[at] != '&') return 0;
    const std::size_t end = text.find(';', at);
    if (end == text.npos || end - at < 3 || end - at > 10) return 0;
    const std::string_view name = text.substr(at + 1, end - at - 1);
    constexpr std::string_view names[] = {"amp", "lt", "gt", "quot", "apos"};
    for (std::size_t i = 0; i < 5; ++i) {
        if (name == names[i]) return out += "&<>\"'"[i], end + 1 - at;
    }
    if (name[0] != '#') return 0;
    const bool hexadecimal = name[1] == 'x' || name[1] == 'X';
    std::uint32_t point = 0;
    for (const char c : name.substr(hexadecimal ? 2 : 1)) {
        if (digit(c) < 0 || (!hexadecimal && !decimal(c))) return 0;
        point = point * (hexadecimal ? 16 : 10) + static_cast<std::uint32_t>(digit(c));
        if (point > 0x10FFFF) return 0;
    }
    append_utf8(out, point);
    return end + 1 - at;
}

/// The length of what a server writes before each line of a reply: 535-5.7.8
std::size_t repeated_codes(std::string_view text, std::size_t at) {
    std::size_t end = at;
    const auto separates = [&](std::size_t i) {
        return i < text.size() && (text[i] == ' ' || text[i] == '-');
    };
    const auto digits = [&](std::size_t from) {
        while (from < text.size() && decimal(text[from])) ++from;
        return from;
    };
    if (digits(at) == at + 3 && separates(at + 3)) end = at + 4;
    std::size_t next = digits(end);
    for (int point = 0; point < 2; ++point) {
        if (next == end || next >= text.size() || text[next] != '.') return end - at;
        next = digits(next + 1);
    }
    return (separates(next) ? next + 1 : end) - at;
}

std::size_t drop_gap(std::string_view text, std::size_t at) {
    constexpr std::string_view gaps(" \t\r\n:\0", 6);
    if (at == 0 || text[at - 1] == '\n') {
        if (const std::size_t codes = repeated_codes(text, at); codes != 0) return codes;
    }
    return gaps.find(text[at]) != gaps.npos ? 1 : 0;
}

std::size_t undo(std::string_view text, std::size_t at, Escapes escapes, std::string& out) {
    if (escapes == Escapes::backslash) return undo_backslash(text, at, out);
    if (escapes == Escapes::entity) return undo_entity(text, at, out);
    if (escapes == Escapes::gaps) return drop_gap(text, at);
    if (text[at] != (escapes == Escapes::percent ? '%' : '=')) return 0;
    if (escapes == Escapes::equals) {  // a line that goes on
        if (text.substr(at + 1, 1) == "\n") return 2;
        if (text.substr(at + 1, 2) == "\r\n") return 3;
    }
    const auto byte = number(text, at + 1, 2);
    if (byte) out += static_cast<char>(static_cast<unsigned char>(*byte));
    return byte ? 3 : 0;
}

}  // namespace

DecodedText::DecodedText(const DecodedText& before, Escapes escapes) : source_(before.source_) {
    const std::string_view text = before.text();
    text_.reserve(text.size());
    begins_.reserve(text.size() + 1);
    for (std::size_t at = 0; at < text.size();) {
        std::size_t taken = undo(text, at, escapes, text_);
        if (taken == 0) {
            text_ += text[at];
            taken = 1;
        }
        begins_.resize(text_.size(), static_cast<std::uint32_t>(before.source(at)));
        at += taken;
        ends_.resize(text_.size(), static_cast<std::uint32_t>(before.source_end(at)));
    }
    begins_.push_back(static_cast<std::uint32_t>(source_.size()));
}

std::vector<DecodedText> decodings(std::string_view text) {
    constexpr char marks[] = {'%', '=', '\\', '&'};
    constexpr Escapes kinds[] = {Escapes::percent, Escapes::equals, Escapes::backslash, Escapes::entity};
    std::vector<DecodedText> out;
    out.emplace_back(text);
    // Twice: an address in an address of the web, a document within a string of another.
    for (std::size_t round = 0, from = 0; round < 2; ++round) {
        const std::size_t until = out.size();
        for (; from < until; ++from) {
            for (std::size_t kind = 0; kind < 4; ++kind) {
                if (out[from].text().find(marks[kind]) == std::string_view::npos) continue;
                DecodedText next(out[from], kinds[kind]);
                if (next.text() != out[from].text()) out.push_back(std::move(next));
            }
        }
    }
    return out;
}

}  // namespace wfc
