#include "tool/text_columns.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace wfc::tool {

namespace {

struct Range {
    std::uint32_t first, last;
};

constexpr std::array<Range, 7> without_width = {{{0x0300, 0x036F},
                                                 {0x200B, 0x200F},
                                                 {0x2060, 0x2064},
                                                 {0x20D0, 0x20FF},
                                                 {0x3099, 0x309A},
                                                 {0xFE00, 0xFE0F},
                                                 {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 11> wide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0x4DBF},
                                         {0x4E00, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0xFFE0, 0xFFE6},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t point) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Range& each) { return point >= each.first && point <= each.last; });
}

struct Character {
    std::size_t size;
    std::uint32_t point;
    std::size_t columns;
};

/// Of the text at `at`. A byte that begins no character is one of its own.
Character character(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (at + size > text.size()) size = 1;
    std::uint32_t point = size == 1 ? first : first & (0xFFu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    return {size, point, within(without_width, point) ? 0u : within(wide, point) ? 2u : 1u};
}

/// What no line begins with: closing brackets, full stops and commas of Japanese.
bool clings(std::uint32_t point) {
    constexpr std::array<std::uint32_t, 12> marks = {0x3001, 0x3002, 0x300D, 0x300F, 0x3011, 0x30FC,
                                                     0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF01, 0xFF1F};
    return std::find(marks.begin(), marks.end(), point) != marks.end();
}

std::string trimmed(std::string_view line) {
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    return std::string(line);
}

}  // namespace

std::size_t columns(std::string_view text) {
    std::size_t out = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Character next = character(text, at);
        out += next.columns;
        at += next.size;
    }
    return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    width = std::max<std::size_t>(width, 2);
    std::vector<std::string> out;
    std::size_t begin = 0, used = 0, break_at = 0, used_at_break = 0;
    bool after_wide = false;
    for (std::size_t at = 0; at < text.size();) {
        const Character next = character(text, at);
        const bool breaks = next.columns == 2 || after_wide || (at > begin && text[at - 1] == ' ');
        if (breaks && at > begin && !clings(next.point)) {
            break_at = at;
            used_at_break = used;
        }
        if (used + next.columns > width && text[at] != ' ' && at > begin) {
            if (break_at <= begin) {
                break_at = at;
                used_at_break = used;
            }
            out.push_back(trimmed(text.substr(begin, break_at - begin)));
            begin = break_at;
            used -= used_at_break;
        }
        used += next.columns;
        after_wide = next.columns == 2;
        at += next.size;
    }
    out.push_back(trimmed(text.substr(begin)));
    return out;
}

std::string cut(std::string_view text, std::size_t width, std::string_view ellipsis) {
    if (columns(text) <= width) return std::string(text);
    const std::size_t room = width - std::min(width, columns(ellipsis));
    std::size_t at = 0, used = 0;
    while (at < text.size()) {
        const Character next = character(text, at);
        if (used + next.columns > room) break;
        used += next.columns;
        at += next.size;
    }
    return std::string(text.substr(0, at)).append(ellipsis);
}

}  // namespace wfc::tool
