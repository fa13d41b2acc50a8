#include "bearer.hpp"

namespace inbox {
namespace {

constexpr char separator = '\x01';
constexpr std::string_view scheme = "auth=Bearer ";

/// Takes what stands before the next `end` off `text`; nothing when there is no `end`.
std::optional<std::string_view> take(std::string_view& text, char end) {
    const std::size_t at = text.find(end);
    if (at == text.npos) return std::nullopt;
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at + 1);
    return taken;
}

/// RFC 5801 section 4: a saslname.
std::optional<std::string> plain_name(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != '=') {
            out += name[i];
            continue;
        }
        const std::string_view code = name.substr(i + 1, 2);
        if (code != "2C" && code != "3D") return std::nullopt;
        out += code == "2C" ? ',' : '=';
        i += 2;
    }
    return out;
}

}  // namespace

std::optional<Bearer> xoauth2_message(std::string_view text) {
    constexpr std::string_view user = "user=";
    const auto name = take(text, separator);
    const auto proof = take(text, separator);
    if (!name || !proof || text != "\x01") return std::nullopt;
    if (!name->starts_with(user) || !proof->starts_with(scheme)) return std::nullopt;
    return Bearer{std::string(name->substr(user.size())), std::string(proof->substr(scheme.size()))};
}

std::optional<Bearer> oauthbearer_message(std::string_view text) {
    constexpr std::string_view begin = "n,a=";
    if (!text.starts_with(begin)) return std::nullopt;
    text.remove_prefix(begin.size());
    const auto quoted = take(text, ',');
    const auto name = quoted ? plain_name(*quoted) : std::nullopt;
    if (!name || !text.starts_with(separator)) return std::nullopt;
    text.remove_prefix(1);
    std::optional<Bearer> found;
    while (!text.empty() && text != "\x01") {
        const auto pair = take(text, separator);
        if (!pair || pair->find('=') == pair->npos) return std::nullopt;
        if (!pair->starts_with(scheme)) continue;
        if (found) return std::nullopt;
        found = Bearer{*name, std::string(pair->substr(scheme.size()))};
    }
    return text == "\x01" ? found : std::nullopt;
}

}  // namespace inbox
