#include "settings/host_names.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>

#include "message/characters.hpp"
#include "message/domain.hpp"

namespace mailsend {

namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw std::invalid_argument(why);
}

bool is_address(int family, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return false;
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}

/// `ascii_domain`, its sentence turned into the end of ours.
std::string domain(std::string_view text, const char* what) {
    try {
        return ascii_domain(text);
    } catch (const std::invalid_argument& fault) {
        refuse(std::string("is no ") + what + ": " + fault.what());
    }
}

}  // namespace

std::optional<std::uint16_t> port_number(std::string_view text) {
    const bool digits = !text.empty() && text.size() <= 5 &&
                        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const int port = digits ? std::stoi(std::string(text)) : 0;
    if (port < 1 || port > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

std::uint16_t port_after_colon(std::string_view text) {
    const auto port = port_number(text);
    if (!port) refuse("has a port that is not between 1 and 65535");
    return *port;
}

std::string host_name(std::string_view text) {
    if (text.empty()) refuse("is empty");
    if (const char* why = forbidden_character(text)) refuse(why);
    if (text.front() == '[') {
        const std::string_view inside =
            text.back() == ']' ? text.substr(1, text.size() - 2) : std::string_view{};
        if (!is_address(AF_INET6, inside)) refuse("is no IPv6 address in brackets, as in [2001:db8::1]");
        return lower_case(inside);
    }
    if (is_address(AF_INET, text) || is_address(AF_INET6, text)) return lower_case(text);
    if (text.find("://") != std::string_view::npos) refuse("is a URL; write the bare name of the host");
    if (text.find(':') != std::string_view::npos)
        refuse("holds a colon; the port stands in a member of its own");
    if (text.back() == '.') text.remove_suffix(1);
    if (!is_ascii(text)) return domain(text, "host name");
    // Mail domains may hold no underscore, names of hosts in container networks do.
    std::string name = lower_case(text);
    std::string probe = name;
    std::replace(probe.begin(), probe.end(), '_', 'x');
    const std::string wire = domain(probe, "host name");
    return probe == name ? wire : name;
}

std::string ehlo_name(std::string_view text) {
    if (text.empty()) refuse("is empty; leave it out to use the address of the connection");
    return domain(text, "name for EHLO");
}

std::string name_server(std::string_view text) {
    constexpr const char* form =
        "is no address of a DNS server; write 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:5353";
    if (is_address(AF_INET, text) || is_address(AF_INET6, text)) return std::string(text);
    const bool bracketed = text.starts_with('[');
    const std::size_t end = bracketed ? text.find(']') : text.find(':');
    if (end == std::string_view::npos) refuse(form);
    const std::string_view address = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    if (!is_address(bracketed ? AF_INET6 : AF_INET, address)) refuse(form);
    std::string_view rest = text.substr(bracketed ? end + 1 : end);
    if (bracketed && rest.empty()) return std::string(text);
    if (!rest.starts_with(':')) refuse(form);
    port_after_colon(rest.substr(1));
    return std::string(text);
}

std::string ip_address(std::string_view text) {
    if (is_address(AF_INET, text) || is_address(AF_INET6, text)) return lower_case(text);
    refuse("is no IP address; write one of this machine, as in 192.0.2.1 or 2001:db8::1");
}

std::string certificate_pin(std::string_view text) {
    constexpr std::size_t sha256_digits = 64;
    constexpr std::size_t sha1_digits = 40;
    std::string digits;
    for (const char c : lower_case(text)) {
        if (c == ':' || c == ' ') continue;
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (!hex) refuse("must be hexadecimal digits, with or without colons between them");
        digits += c;
    }
    if (digits.size() == sha1_digits) refuse("is a SHA-1 fingerprint; the SHA-256 one has 64 digits");
    if (digits.size() != sha256_digits) {
        refuse(
            "must have 64 hexadecimal digits, as \"openssl x509 -noout -fingerprint -sha256\" prints them");
    }
    return digits;
}

}  // namespace mailsend
