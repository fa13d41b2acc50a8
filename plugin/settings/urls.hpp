/// URLs as they stand in the settings: a proxy, a redirect of a sign-in, an endpoint of an authorization
/// server.
///
/// Guarantees: what comes back holds no blanks, controls or characters beyond ASCII, names a host and carries
/// no user name or password. Reaches nothing. All of them throw std::invalid_argument with the end of a
/// sentence ("must …"), which never repeats the text: it may hold a password.
#pragma once

#include <string>
#include <string_view>

#include "settings/settings.hpp"

namespace mailsend {

/// "http://host[:port]": port 3128 when there is none. A final slash is taken.
ProxySettings proxy_of(std::string_view text);

/// "http://127.0.0.1:48888/callback": loopback (127.0.0.1, [::1] or localhost) with a port (RFC 8252 section
/// 7.3), no query. Comes back as it was written, since providers compare it character by character.
std::string redirect_uri(std::string_view text);

/// An endpoint of an authorization server: https, or http on loopback. Comes back as it was written.
std::string endpoint_url(std::string_view text);

/// An issuer: an endpoint without a query (RFC 8414 section 2).
std::string issuer_url(std::string_view text);

}  // namespace mailsend
