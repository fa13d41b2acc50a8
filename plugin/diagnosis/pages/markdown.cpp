#include "diagnosis/pages/markdown.hpp"

namespace mailsend::diagnosis::pages {
namespace {

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Octets of the address that begins `text`; the full stop of a sentence is not a part of it.
std::size_t address_length(std::string_view text) noexcept {
    constexpr std::string_view marks = "-._~:/?#@!$&'+,;=%";
    std::size_t length = 0;
    while (length < text.size() && (is_word(text[length]) || marks.find(text[length]) != marks.npos))
        ++length;
    while (length > 0 && std::string_view(".,;:!?'").find(text[length - 1]) != std::string_view::npos)
        --length;
    return length;
}

/// Whether `text` has a mark at `at` that Markdown would take for its own.
bool means_something(std::string_view text, std::size_t at) noexcept {
    const char c = text[at];
    const char before = at > 0 ? text[at - 1] : ' ';
    const char after = at + 1 < text.size() ? text[at + 1] : ' ';
    switch (c) {
        case '\\':
        case '`':
        case '*':
        case '<':
        case '|':
        case '[':
        case ']':
            return true;
        case '_':
            return !is_word(before) || !is_word(after);
        case '~':
            return before == '~' || after == '~';
        case '&':
            return is_word(after) || after == '#';
        case '#':
        case '-':
        case '+':
        case '>':
            return at == 0;
        default:
            return false;
    }
}

}  // namespace

std::string markdown(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("https://")) {
            const std::size_t length = address_length(text.substr(at));
            out += "<" + std::string(text.substr(at, length)) + ">";
            at += length;
            continue;
        }
        if (means_something(text, at)) out += '\\';
        out += text[at++];
    }
    return out;
}

std::string code(std::string_view text) {
    const bool ticks = text.find('`') != text.npos;
    return (ticks ? "`` " : "`") + std::string(text) + (ticks ? " ``" : "`");
}

}  // namespace mailsend::diagnosis::pages
