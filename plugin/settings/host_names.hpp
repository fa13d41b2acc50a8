/// Names, addresses and fingerprints of hosts as they stand in the settings.
///
/// Guarantees: what comes back is safe in an SMTP line and for a resolver: A-labels, an IP literal or an
/// address literal, no controls. Looks up nothing. Where nothing else is said they throw
/// std::invalid_argument with the end of a sentence ("is …").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailsend {

/// The server to connect to: a name (as lower-case A-labels, without a final dot; underscores are taken,
/// container networks use them) or an IP literal, IPv6 with or without brackets (without, in what comes
/// back). A name that ends in a number ("127.1", "0x7f000001") is refused: some resolvers read an address
/// into it.
std::string host_name(std::string_view text);

/// What EHLO says (RFC 5321 section 4.1.1.1): a domain or an address literal.
std::string ehlo_name(std::string_view text);

/// One to five digits from 1 to 65535; nothing for any other text.
std::optional<std::uint16_t> port_number(std::string_view text);

/// The same for the end of a longer text, refused where there is no port.
std::uint16_t port_after_colon(std::string_view text);

/// A DNS server: "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353". Comes back as it was
/// given.
std::string name_server(std::string_view text);

/// An address to connect from: an IPv4 or IPv6 literal without brackets, in lower case. Refused where no
/// connection can begin (multicast, broadcast, "any") and in the form ::ffff:192.0.2.1. Whether this machine
/// has it shows when it is used.
std::string ip_address(std::string_view text);

/// The SHA-256 of a certificate: 64 hex digits with colons or blanks between. Comes back as lower-case
/// digits.
std::string certificate_pin(std::string_view text);

}  // namespace mailsend
