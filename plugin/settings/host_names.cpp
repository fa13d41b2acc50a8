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

constexpr const char* any_address =
    "means any address; leave it out to let the system choose, or name one address";

[[noreturn]] void refuse(const std::string& why) {
    throw std::invalid_argument(why);
}

bool is_address(int family, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return false;
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}

/// True where system resolvers read an IPv4 address into a name: "127.1", "0x7f000001", "0177.0.0.01".
/// Whoever compares names with a list of addresses would be passed by.
bool ends_in_number(std::string_view name) {
    const std::string_view last = name.substr(name.rfind('.') + 1);
    const auto only = [](std::string_view text, std::string_view characters) {
        return text.find_first_not_of(characters) == text.npos;
    };
    return !last.empty() &&
           (only(last, "0123456789") || (last.starts_with("0x") && only(last.substr(2), "0123456789abcdef")));
}

std::string no_number(std::string name) {
    if (ends_in_number(name)) {
        refuse(
            "is no host name but looks like an IP address; write one in full, as in 192.0.2.1 or "
            "2001:db8::1");
    }
    return name;
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
    if (!is_ascii(text)) return no_number(domain(text, "host name"));
    // Mail domains may hold no underscore, names of hosts in container networks do.
    std::string name = no_number(lower_case(text));
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
    constexpr const char* form = "; write one of this machine, as in 192.0.2.1 or 2001:db8::1";
    const auto not_one = [](const char* kind) {
        refuse(std::string("is ") + kind + ", from which no connection can begin" + form);
    };
    std::string address(text);
    if (is_address(AF_INET, text)) {
        in_addr v4{};
        inet_pton(AF_INET, address.c_str(), &v4);
        const std::uint32_t number = ntohl(v4.s_addr);
        if (number == INADDR_ANY) refuse(std::string(any_address) + form);
        if (IN_MULTICAST(number)) not_one("a multicast address");
        if (number == INADDR_BROADCAST) not_one("the broadcast address");
        return address;
    }
    if (!is_address(AF_INET6, text)) refuse(std::string("is no IP address") + form);
    in6_addr v6{};
    inet_pton(AF_INET6, address.c_str(), &v6);
    if (IN6_IS_ADDR_UNSPECIFIED(&v6)) refuse(std::string(any_address) + form);
    if (IN6_IS_ADDR_MULTICAST(&v6)) not_one("a multicast address");
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        refuse("is an IPv4 address inside an IPv6 one; write the IPv4 address alone, as in 192.0.2.1");
    }
    return lower_case(text);
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
