#include "host/content_lines.hpp"

#include <algorithm>
#include <cstring>

namespace wfc {

namespace {

constexpr std::size_t shortest = 8, telling = 16, most_bytes = std::size_t{4} << 20, most_lines = 20'000;
constexpr std::size_t most_alike = 64;  ///< lines with the same beginning

std::uint64_t beginning(const char* text) {
    std::uint64_t out = 0;
    std::memcpy(&out, text, sizeof out);
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t begin = text.find_first_not_of(blanks);
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace

void ContentLines::add(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        // Addresses have names of their own, which tell more.
        if (const std::size_t open = line.rfind('<');
            open != line.npos && line.back() == '>' && line.find('@', open) != line.npos)
            line = trimmed(line.substr(0, open));
        if (line.find('@') != line.npos && line.find(' ') == line.npos) continue;
        add_line(line);
    }
}

void ContentLines::add_line(std::string_view line) {
    if (line.size() < shortest || count_ >= most_lines || bytes_ + line.size() > most_bytes) return;
    std::vector<std::string>& alike = lines_[beginning(line.data())];
    if (alike.size() >= most_alike || std::find(alike.begin(), alike.end(), line) != alike.end()) return;
    alike.emplace_back(line);
    bytes_ += line.size();
    ++count_;
}

void ContentLines::find(std::string_view text, std::vector<Span>& into) const {
    if (lines_.empty()) return;
    for (std::size_t at = 0; at + shortest <= text.size(); ++at) {
        const auto found = lines_.find(beginning(text.data() + at));
        if (found == lines_.end()) continue;
        std::size_t longest = 0;
        for (const std::string& line : found->second) {
            const std::string_view rest = text.substr(at, line.size());
            const auto [end, unused] = std::mismatch(rest.begin(), rest.end(), line.begin());
            const auto size = static_cast<std::size_t>(end - rest.begin());
            if (size == line.size() || size >= telling) longest = std::max(longest, size);
        }
        if (longest == 0) continue;
        into.emplace_back(at, at + longest);
        at += longest - 1;
    }
}

}  // namespace wfc
