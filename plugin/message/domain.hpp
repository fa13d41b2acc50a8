/// Domains of mail addresses: names as A-labels (RFC 5890, RFC 5321 section 4.1.2) and address literals
/// (section 4.1.3).
///
/// Guarantees: what comes back holds only `[a-z0-9.-]`, or is a literal; nothing is repaired in silence.
/// Looks up nothing.
#pragma once

#include <string>
#include <string_view>

namespace mailsend {

/// The lower-case wire form of `domain`: `例え.テスト` -> `xn--r8jz45g.xn--zckzah`, `[IPv6:2001:db8::1]` as
/// it is. Throws std::invalid_argument with a sentence.
std::string ascii_domain(std::string_view domain);

}  // namespace mailsend
