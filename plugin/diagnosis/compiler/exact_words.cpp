#include "diagnosis/compiler/exact_words.hpp"

namespace mailsend::diagnosis::compiler {
namespace {

constexpr bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view(" _-:@/,'=").find(c) != std::string_view::npos;
}

constexpr char small(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

}  // namespace

std::optional<std::vector<std::string>> exact_words(std::string_view pattern) {
    if (pattern.size() < 3 || !pattern.starts_with('^') || !pattern.ends_with('$')) return std::nullopt;
    pattern = pattern.substr(1, pattern.size() - 2);
    const bool group = pattern.starts_with('(') && pattern.ends_with(')');
    if (group) {
        pattern = pattern.substr(1, pattern.size() - 2);
        if (pattern.starts_with("?:")) pattern.remove_prefix(2);
    }
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = small(pattern[i]);
        if (c == '|' && group) {  // without a group, ^a|b$ is something else
            words.emplace_back();
        } else if (is_plain(c)) {
            words.back() += c;
        } else if (c == '\\' && i + 1 < pattern.size() && pattern[i + 1] == '.') {
            words.back() += pattern[++i];
        } else {
            return std::nullopt;
        }
    }
    for (const std::string& word : words) {
        if (word.empty()) return std::nullopt;
    }
    return words;
}

}  // namespace mailsend::diagnosis::compiler
