#include "path.hpp"

#include <algorithm>

namespace inbox {
namespace {

bool domain_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-' || c == '.';
}

bool good_domain(std::string_view domain) {
    if (domain.size() > 2 && domain.front() == '[' && domain.back() == ']') return true;  // address literal
    if (domain.empty() || domain.front() == '.' || domain.back() == '.') return false;
    return domain.find("..") == std::string_view::npos &&
           std::all_of(domain.begin(), domain.end(), domain_byte);
}

/// Length of the local part at the beginning of `text`, up to its @ or its closing bracket; 0 when it is
/// none.
std::size_t local_part(std::string_view text) {
    if (!text.empty() && text.front() == '"') {
        for (std::size_t at = 1; at < text.size(); ++at) {
            if (text[at] == '\\') {
                ++at;
            } else if (text[at] == '"') {
                return at + 1;
            }
        }
        return 0;
    }
    const std::size_t end = std::min(text.find_first_of(" \t<>()[]\\,;:@\""), text.size());
    const std::string_view local = text.substr(0, end);
    if (local.empty() || local.front() == '.' || local.back() == '.') return 0;
    return local.find("..") == std::string_view::npos ? end : 0;
}

bool parse_parameters(std::string_view text, std::map<std::string, std::string>& into) {
    while (!text.empty()) {
        if (text.front() != ' ') return false;
        text.remove_prefix(1);
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
        const std::size_t equals = word.find('=');
        const std::string_view keyword = word.substr(0, equals);
        if (keyword.empty() || (equals != std::string_view::npos && equals + 1 == word.size())) return false;
        const auto known = [](char c) {
            return domain_byte(c) && static_cast<unsigned char>(c) < 0x80 && c != '.';
        };
        if (!std::all_of(keyword.begin(), keyword.end(), known)) return false;
        const std::string value(equals == std::string_view::npos ? "" : word.substr(equals + 1));
        if (!into.emplace(upper(keyword), value).second) return false;  // twice
    }
    return true;
}

}  // namespace

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
}

std::optional<Path> parse_path(std::string_view argument, std::string_view keyword) {
    const std::size_t start = keyword.size() + 2;
    if (argument.size() <= start || upper(argument.substr(0, start)) != std::string(keyword) + ":<")
        return std::nullopt;
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(argument.begin(), argument.end(), control)) return std::nullopt;
    argument.remove_prefix(start);

    Path path;
    std::size_t end = 0;
    if (argument.front() != '>') {
        const std::size_t local = local_part(argument);
        end = std::min(argument.find('>', local), argument.size());
        const std::string_view tail = argument.substr(local, end - local);
        const bool postmaster = tail.empty() && upper(argument.substr(0, local)) == "POSTMASTER";
        if (local == 0 || local > 64 || end > 254 || end == argument.size()) return std::nullopt;
        if (!postmaster && (tail.empty() || tail.front() != '@' || !good_domain(tail.substr(1))))
            return std::nullopt;
    }
    path.address = argument.substr(0, end);
    path.ascii = std::none_of(path.address.begin(), path.address.end(),
                              [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (!parse_parameters(argument.substr(end + 1), path.parameters)) return std::nullopt;
    return path;
}

}  // namespace inbox
