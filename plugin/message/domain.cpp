#include "message/domain.hpp"

#include <arpa/inet.h>
#include <array>
#include <idn2.h>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>

#include "message/characters.hpp"

namespace mailsend {

namespace {

constexpr std::size_t name_limit =
    253;  ///< RFC 1035: 255 octets on the wire, with the length octets and the root
constexpr std::size_t label_limit = 63;

[[noreturn]] void refuse(std::string_view domain, const std::string& why) {
    throw std::invalid_argument("the domain " + shown(domain) + " " + why);
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string literal(std::string_view domain) {
    constexpr std::string_view tag = "ipv6:";
    if (domain.back() != ']') refuse(domain, "lacks the closing bracket of an address literal");
    const std::string inside = lower_case(domain.substr(1, domain.size() - 2));
    std::array<unsigned char, sizeof(in6_addr)> address{};
    if (inside.starts_with(tag)) {
        const std::string bare = inside.substr(tag.size());
        if (inet_pton(AF_INET6, bare.c_str(), address.data()) == 1) return "[IPv6:" + bare + "]";
    } else if (inet_pton(AF_INET, inside.c_str(), address.data()) == 1) {
        return "[" + inside + "]";
    }
    refuse(domain, "is no address literal; write [192.0.2.1] or [IPv6:2001:db8::1]");
}

/// Letters, digits and hyphens: what is left of a name after every mapping.
void check_labels(std::string_view name, std::string_view given) {
    if (name.size() > name_limit) refuse(given, "is longer than 253 octets");
    bool numeric = true;
    for (std::string_view rest = name;;) {
        const std::size_t dot = rest.find('.');
        const std::string_view label = rest.substr(0, dot);
        if (label.empty()) refuse(given, "has an empty label: a dot too many");
        if (label.size() > label_limit) refuse(given, "has a label longer than 63 octets");
        if (label.front() == '-' || label.back() == '-')
            refuse(given, "has a label that begins or ends with a hyphen");
        numeric = true;
        for (const char c : label) {
            if (c == '_') refuse(given, "holds an underscore, which mail domains may not");
            if (!is_letter(c) && !is_digit(c) && c != '-')
                refuse(given, "holds a character that no domain may hold");
            numeric = numeric && is_digit(c);
        }
        if (dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
    }
    // Dotted digits are an address, not a name; RFC 5321 wants them in brackets.
    if (numeric) refuse(given, "looks like an IP address; write it in brackets, as in [192.0.2.1]");
}

bool has_encoded_label(std::string_view name) {
    return name.starts_with("xn--") || name.find(".xn--") != std::string_view::npos;
}

std::string to_a_labels(const std::string& name, std::string_view given) {
    char* mapped = nullptr;
    // Without STD3 rules: libidn2 deletes what they forbid and goes on, and mail would reach another domain.
    const int status = idn2_to_ascii_8z(name.c_str(), &mapped, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<char, decltype(&idn2_free)> owner(mapped, &idn2_free);
    if (status != IDN2_OK || mapped == nullptr) {
        refuse(given, std::string("is no valid internationalised name: ") + idn2_strerror(status));
    }
    return mapped;
}

}  // namespace

std::string ascii_domain(std::string_view domain) {
    if (domain.empty()) throw std::invalid_argument("the domain is empty");
    // Before anything walks it label by label; an A-label is never shorter than a fifth of its U-label.
    if (domain.size() > 5 * name_limit) refuse(domain, "is longer than 253 octets");
    if (const char* why = forbidden_character(domain)) refuse(domain, why);
    if (domain.front() == '[') return literal(domain);
    std::string name = lower_case(domain);
    if (!is_ascii(name)) {
        for (const char c : name) {
            const bool plain =
                static_cast<unsigned char>(c) >= 0x80 || is_letter(c) || is_digit(c) || c == '.' || c == '-';
            if (c == '_') refuse(domain, "holds an underscore, which mail domains may not");
            if (!plain) refuse(domain, "holds a character that no domain may hold");
        }
        name = to_a_labels(name, domain);
        check_labels(name, domain);
    } else {
        check_labels(name, domain);
        if (has_encoded_label(name)) name = to_a_labels(name, domain);
    }
    return name;
}

}  // namespace mailsend
