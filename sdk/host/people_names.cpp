#include "host/people_names.hpp"

#include <algorithm>
#include <array>

namespace wfc {

namespace {

bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool beyond_ascii(char c) {
    return (static_cast<unsigned char>(c) & 0x80u) != 0;
}

bool word_character(char c) {
    return letter(c) || (c >= '0' && c <= '9') || beyond_ascii(c);
}

/// RFC 5322 section 3.2.3 (atext and the dot), RFC 6531 section 3.3.
bool user_character(char c) {
    constexpr std::string_view special = "!#$%&'*+-/=?^_`{|}~.";
    return word_character(c) || special.find(c) != special.npos;
}

/// Where the user before the @ at `at` begins; `at` where there is none.
std::size_t user_begin(std::string_view text, std::size_t at) {
    constexpr std::size_t longest_quoted = 130;
    if (at > 1 && text[at - 1] == '"') {
        const std::size_t open = text.rfind('"', at - 2);
        return open != text.npos && at - open <= longest_quoted ? open : at;
    }
    std::size_t begin = at;
    while (begin > 0 && user_character(text[begin - 1])) --begin;
    if (begin == at || begin < 3 || text[begin - 1] != ':' || text.substr(begin, 2) == "//") return begin;
    // scheme://user:word@host: the word is no less private than the user. With a port there is no user, and
    // the address is a parameter.
    const std::size_t space = text.find_last_of(" \t\r\n<>\"@", begin);
    const std::size_t slashes = text.rfind("//", begin);
    if (slashes == text.npos || (space != text.npos && space > slashes)) return begin;
    const bool has_path = text.find_first_of("/?", slashes + 2) < at;
    return has_path ? text.find_last_of("/?&", at) + 1 : slashes + 2;
}

std::size_t domain_end(std::string_view text, std::size_t begin) {
    if (begin < text.size() && text[begin] == '[') {
        const std::size_t close = text.find(']', begin);
        return close != text.npos && close - begin <= 64 ? close + 1 : begin;
    }
    // A sentence of a language without blanks may go on right behind a domain in ASCII.
    const bool wide = begin < text.size() && beyond_ascii(text[begin]);
    std::size_t end = begin;
    while (end < text.size() && (word_character(text[end]) ? wide || !beyond_ascii(text[end])
                                                           : text[end] == '.' || text[end] == '-'))
        ++end;
    while (end > begin && !word_character(text[end - 1])) --end;
    return end;
}

/// What stands before an address as its label does in logs: user=…
bool labels(std::string_view word) {
    constexpr std::array<std::string_view, 9> words = {"user", "username", "login_hint", "account", "to",
                                                       "from", "upn",      "sub",        "login"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string key_of(std::string_view user, std::string_view domain) {
    std::string key = std::string(user) + "@" + std::string(domain);
    for (std::size_t i = user.size(); i < key.size(); ++i) {
        if (key[i] >= 'A' && key[i] <= 'Z') key[i] = static_cast<char>(key[i] - 'A' + 'a');
    }
    return key;
}

}  // namespace

void PeopleNames::find(std::string_view text, std::vector<Found>& into) {
    for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
        std::size_t begin = user_begin(text, at);
        const std::size_t end = domain_end(text, at + 1);
        if (begin == at || end == at + 1) continue;
        const std::string_view domain = text.substr(at + 1, end - at - 1);
        begin += before(text.substr(begin, at - begin), domain);
        if (begin == at) continue;
        into.push_back({begin, at, name(text.substr(begin, at - begin), domain)});
    }
}

std::string PeopleNames::name(std::string_view user, std::string_view domain) {
    constexpr std::size_t most = 100'000;
    const std::string key = key_of(user, domain);
    const auto found = numbers_.find(key);
    if (found == numbers_.end() && numbers_.size() >= most) return "person";
    const std::size_t number =
        found == numbers_.end() ? numbers_.emplace(key, numbers_.size() + 1).first->second : found->second;
    return "person-" + std::to_string(number);
}

bool PeopleNames::known(std::string_view user, std::string_view domain) const {
    return !user.empty() && numbers_.find(key_of(user, domain)) != numbers_.end();
}

/// How much of `user` is no part of the address. Only what cannot name anybody, or is known to be a label:
/// addresses may hold others, as in returned=alice=example.test@lists.test.
std::size_t PeopleNames::before(std::string_view user, std::string_view domain) const {
    std::size_t skipped = 0;
    if (user.substr(0, 2) == "//") {
        skipped = user.find_last_of("/?&") + 1;
        if (const std::size_t equals = user.find('=', skipped); equals != user.npos) skipped = equals + 1;
    } else if (const std::size_t equals = user.find('='); equals != user.npos) {
        const std::string_view label = user.substr(0, equals);
        if (labels(label) ||
            (std::all_of(label.begin(), label.end(), letter) && known(user.substr(equals + 1), domain)))
            skipped = equals + 1;
    }
    while (skipped < user.size() && !word_character(user[skipped]) && user[skipped] != '_' &&
           user[skipped] != '"')
        ++skipped;
    std::size_t ascii = user.size();
    while (ascii > skipped && !beyond_ascii(user[ascii - 1])) --ascii;
    return ascii > skipped && known(user.substr(ascii), domain) ? ascii : skipped;
}

}  // namespace wfc
