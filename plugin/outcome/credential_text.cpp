#include "outcome/credential_text.hpp"

#include <algorithm>
#include <array>

namespace mailsend {
namespace {

constexpr std::string_view blot = "****";
constexpr std::size_t shortest_token = 16;
constexpr std::size_t shortest_encoded = 12;
constexpr std::size_t shortest_announced = 4;

/// How a JWT, an access token, a refresh token and a client secret of Google begin.
constexpr std::array<std::string_view, 4> token_beginnings = {"eyJ", "ya29.", "1//", "GOCSPX-"};

/// Words after which an encoded answer or a token stands; compared in lower case.
constexpr std::array<std::string_view, 8> commands = {"auth plain ",       "auth login ",    "auth xoauth2 ",
                                                      "auth oauthbearer ", "auth cram-md5 ", "auth ntlm ",
                                                      "bearer ",           "basic "};

/// Names of secrets in forms and in JSON.
constexpr std::array<std::string_view, 8> names = {"client_secret", "refresh_token", "access_token",
                                                   "id_token",      "password",      "client_assertion",
                                                   "code_verifier", "device_code"};

bool in_base64(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '-' || c == '_';
}

bool in_token(char c) noexcept {
    return in_base64(c) || c == '.' || c == '~' || c == '=';
}

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool begins_with(std::string_view text, std::string_view word) noexcept {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char w, char t) { return w == lower(t); });
}

template <class In>
std::size_t run_of(std::string_view text, In in) noexcept {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), in) - text.begin());
}

int value_of(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : 63;
}

/// Either alphabet, with or without padding, also cut off.
std::string decoded(std::string_view run) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : run) {
        bits = (bits << 6U) | static_cast<unsigned>(value_of(c));
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
    return out;
}

/// PLAIN (RFC 4616): who, NUL, user name, NUL, password. Whatever begins with "AA" decodes to NULs.
bool is_plain(std::string_view answer) noexcept {
    const std::size_t first = answer.find('\0');
    const std::size_t second = first == answer.npos ? first : answer.find('\0', first + 1);
    if (second == answer.npos || second == first + 1 || second + 1 >= answer.size()) return false;
    return std::count(answer.begin(), answer.end(), '\0') == 2 &&
           std::none_of(answer.begin(), answer.end(), [](char c) {
               const auto octet = static_cast<unsigned char>(c);
               return (octet < 0x20 && octet != 0) || octet == 0x7F;
           });
}

/// XOAUTH2 and OAUTHBEARER (RFC 7628) name the token themselves.
bool holds_credentials(std::string_view answer) noexcept {
    return answer.find("auth=Bearer") != answer.npos || is_plain(answer);
}

std::size_t encoded_at(std::string_view text, std::size_t at) {
    if (at > 0 && in_base64(text[at - 1])) return 0;
    std::size_t size = run_of(text.substr(at), in_base64);
    if (size < shortest_encoded || !holds_credentials(decoded(text.substr(at, size)))) return 0;
    while (at + size < text.size() && text[at + size] == '=') ++size;
    return size;
}

/// An answer of AUTH and no word: "failed", "mechanism", "UNAVAILABLE" come after AUTH as well.
bool looks_encoded(std::string_view run) noexcept {
    const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
    return run.size() >= 8 && std::any_of(run.begin(), run.end(), is_lower) &&
           std::any_of(run.begin() + 1, run.end(), [&](char c) { return in_token(c) && !is_lower(c); });
}

bool in_value(char c) noexcept {
    return static_cast<unsigned char>(c) > 0x20 &&
           std::string_view("\"'&,<>)}\\").find(c) == std::string_view::npos;
}

bool is_quote(char c) noexcept {
    return c == '"' || c == '\'' || c == '\\';
}

/// A secret that is announced: it begins `offset` behind the announcement.
struct Announced {
    std::size_t offset = 0;
    std::size_t size = 0;
};

/// "client_secret=…", "\"password\": \"…\"". A colon without quotes is one of a sentence.
Announced value_behind(std::string_view rest, std::size_t name) noexcept {
    const std::size_t quotes = run_of(rest.substr(name), is_quote);
    std::size_t at = name + quotes;
    while (at < rest.size() && rest[at] == ' ') ++at;
    if (at >= rest.size() || !(rest[at] == '=' || (rest[at] == ':' && quotes > 0))) return {};
    ++at;
    while (at < rest.size() && (rest[at] == ' ' || is_quote(rest[at]))) ++at;
    return {at, run_of(rest.substr(at), in_value)};
}

Announced announced_at(std::string_view text, std::size_t at) noexcept {
    if (at > 0 && in_base64(text[at - 1])) return {};
    const std::string_view rest = text.substr(at);
    for (const std::string_view command : commands) {
        if (!begins_with(rest, command)) continue;
        const std::size_t size = run_of(rest.substr(command.size()), in_token);
        if (looks_encoded(rest.substr(command.size(), size))) return {command.size(), size};
    }
    for (const std::string_view name : names) {
        if (begins_with(rest, name)) return value_behind(rest, name.size());
    }
    return {};
}

/// A 334 may be such a text and hold no secret: a JWT has dots.
bool is_no_token(std::string_view found) noexcept {
    return found.starts_with("eyJ") && found.find('.') == found.npos;
}

}  // namespace

std::size_t token_at(std::string_view text, std::size_t at) noexcept {
    if (at > 0 && in_token(text[at - 1]) && text[at - 1] != '=') return 0;
    const std::string_view rest = text.substr(at);
    if (std::none_of(token_beginnings.begin(), token_beginnings.end(),
                     [&](std::string_view begin) { return rest.starts_with(begin); }))
        return 0;
    const std::size_t size = run_of(rest, in_token);
    return size >= shortest_token ? size : 0;
}

std::string without_credentials(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t size = token_at(text, at);
        if (size > 0 && is_no_token(text.substr(at, size))) size = 0;
        if (size == 0) size = encoded_at(text, at);
        if (size > 0) {
            out += blot;
            at += size;
            continue;
        }
        const Announced secret = announced_at(text, at);
        if (secret.size >= shortest_announced) {
            out.append(text.substr(at, secret.offset)).append(blot);
            at += secret.offset + secret.size;
        } else {
            out += text[at++];
        }
    }
    return out;
}

}  // namespace mailsend
