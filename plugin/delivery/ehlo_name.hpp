/// What a client calls itself (RFC 5321 section 4.1.4).
#pragma once

#include <string>
#include <string_view>

namespace mailsend::delivery {

/// `machine` when it is a fully qualified name, else the address literal of `local_address` ("[192.0.2.1]",
/// "[IPv6:2001:db8::1]").
std::string default_ehlo_name(std::string_view machine, std::string_view local_address);

/// This machine's name as the kernel knows it; empty when it has none.
std::string machine_name();

}  // namespace mailsend::delivery
