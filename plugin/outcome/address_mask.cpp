#include "outcome/address_mask.hpp"

#include <algorithm>
#include <array>

namespace mailsend {
namespace {

constexpr std::string_view blot = "****";
constexpr std::size_t longest_local = 256;  // a quoted one of 64 octets (RFC 5321 4.5.3.1.1), escaped

bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;  // RFC 6531
}

/// RFC 5322 section 3.2.3, and the dot.
bool in_local_part(char c) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~.";
    return is_letter_or_digit(c) || marks.find(c) != marks.npos;
}

bool in_domain(char c) noexcept {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == ':' || c == '[' || c == ']';
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

/// What needs no encoding in a URL, whose marks end a name there.
bool in_url_name(char c) noexcept {
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '~';
}

/// How many octets before `at` are a local part; `floor` is where the text before was settled already.
std::size_t local_part_before(std::string_view text, std::size_t at, std::size_t floor,
                              bool in_url) noexcept {
    const std::size_t least = std::max(floor, at > longest_local ? at - longest_local : 0);
    std::size_t begin = at;
    if (begin > least && text[begin - 1] == '"') {
        --begin;
        while (begin > least && text[begin - 1] != '"') --begin;
        return begin > least ? at - (begin - 1) : 0;
    }
    const auto belongs = in_url ? in_url_name : in_local_part;
    while (begin > least && belongs(text[begin - 1])) --begin;
    return at - begin;
}

std::size_t domain_behind(std::string_view text, std::size_t at) noexcept {
    std::size_t end = at;
    while (end < text.size() && in_domain(text[end])) ++end;
    while (end > at && (text[end - 1] == '.' || text[end - 1] == ':')) --end;  // of the sentence
    return end - at;
}

/// "@", or as URLs, quoted-printable, HTML and JSON write it; how long that is.
std::size_t sign_at(std::string_view text, std::size_t at) noexcept {
    constexpr std::array<std::string_view, 5> signs = {"@", "%40", "=40", "&#64;", "\\u0040"};
    for (const std::string_view sign : signs) {
        if (text.substr(at).starts_with(sign)) return sign.size();
    }
    return 0;
}

/// "SIZE=40960" is no address: where the sign is written otherwise, what follows must be a name with a dot.
bool is_name(std::string_view domain) noexcept {
    const std::size_t dot = domain.find('.');
    return dot != domain.npos && dot > 0 && dot + 1 < domain.size() &&
           !(domain.back() >= '0' && domain.back() <= '9');
}

}  // namespace

AddressMask::AddressMask(const std::vector<std::string>& own) {
    for (const std::string& address : own) own_.push_back(lower(address));
}

std::string AddressMask::applied(std::string_view text) const {
    std::string out;
    std::size_t settled = 0;  // all before this stands in `out`
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t sign = sign_at(text, at);
        if (sign == 0) continue;
        const std::size_t local = local_part_before(text, at, settled, sign > 1);
        const std::size_t domain = domain_behind(text, at + sign);
        if (local == 0 || domain == 0) continue;
        if (sign > 1 && !is_name(text.substr(at + sign, domain))) continue;
        const std::string address =
            lower(text.substr(at - local, local)) + "@" + lower(text.substr(at + sign, domain));
        out += text.substr(settled, at - local - settled);
        const bool shown = std::find(own_.begin(), own_.end(), address) != own_.end();
        out += shown ? text.substr(at - local, local) : blot;
        settled = at;
    }
    return out.append(text.substr(settled));
}

}  // namespace mailsend
