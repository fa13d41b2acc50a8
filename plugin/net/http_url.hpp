/// A URL that may be asked, in the parts that asking needs.
///
/// Guarantees: https, or http on loopback; no user name or password in it; visible ASCII only, so that
/// nothing of it can become another line of a request. Failures never quote the URL: its query may hold a
/// secret.
#pragma once

#include <cstdint>
#include <string>

namespace mailsend::net {

struct HttpUrl {
    bool tls = true;
    /// The host is loopback by its name or address, and its addresses must be: see is_loopback_address.
    bool loopback = false;
    std::string host;  ///< A-label name in lower case, or IP literal without brackets
    std::uint16_t port = 0;
    std::string authority;  ///< what the field Host says: the port where it is not the scheme's own
    std::string target;     ///< path and query as they were written (RFC 9112 section 3.2.1)
};

/// Throws std::invalid_argument.
HttpUrl parse_http_url(const std::string& url);

/// 127.0.0.0/8 and ::1; false for what is no IP literal.
bool is_loopback_address(const std::string& address);

}  // namespace mailsend::net
