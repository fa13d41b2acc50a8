#include "settings/urls.hpp"

#include <algorithm>
#include <stdexcept>

#include "message/characters.hpp"
#include "settings/host_names.hpp"

namespace mailsend {

namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw std::invalid_argument(why);
}

/// The parts of `scheme://host[:port][/path][?query]` (RFC 3986 section 3).
struct Url {
    std::string scheme;      ///< lower case
    std::string host;        ///< as host_name gives it
    std::uint16_t port = 0;  ///< 0: none was given
    std::string_view path;
    bool query = false;

    bool loopback() const { return host == "127.0.0.1" || host == "::1" || host == "localhost"; }
};

/// Sets host and port of `url` from "host", "host:port" or "[address]:port".
void split_authority(std::string_view authority, Url& url) {
    if (authority.find('@') != std::string_view::npos) {
        refuse("must not hold a user name or a password (what stands before the @)");
    }
    // The colons of an IPv6 address are no separators; without its closing bracket all of it is the host.
    const std::size_t end = authority.starts_with('[') ? authority.find(']') : 0;
    const std::size_t colon = end == std::string_view::npos ? end : authority.find(':', end);
    const std::string_view host = authority.substr(0, colon);
    if (colon != std::string_view::npos) url.port = port_after_colon(authority.substr(colon + 1));
    if (host.empty()) refuse("names no host");
    try {
        url.host = host_name(host);
    } catch (const std::invalid_argument&) {
        refuse(
            "names no host that can be reached: write a host name, an IPv4 address or an IPv6 address in "
            "brackets");
    }
}

/// `form` says how it is written.
Url split(std::string_view text, const std::string& form) {
    // Escaped or not, what is beyond ASCII would reach a server in more than one spelling.
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
        refuse("must hold no blanks, controls or characters beyond ASCII");
    }
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) refuse("is no URL; write " + form);
    Url url;
    url.scheme = lower_case(text.substr(0, scheme));
    const std::string_view rest = text.substr(scheme + 3);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    split_authority(rest.substr(0, end), url);
    std::string_view path = rest.substr(end);
    if (path.find('#') != std::string_view::npos) refuse("must not hold a fragment (what follows the #)");
    const std::size_t query = path.find('?');
    url.query = query != std::string_view::npos;
    url.path = path.substr(0, query);
    return url;
}

Url endpoint(std::string_view text) {
    Url url = split(text, "https://…");
    if (url.scheme != "https" && url.scheme != "http") refuse("must begin with https://");
    if (url.scheme == "http" && !url.loopback()) {
        refuse("must begin with https://; http:// is taken for 127.0.0.1, [::1] and localhost only");
    }
    return url;
}

}  // namespace

ProxySettings proxy_of(std::string_view text) {
    const std::string form = "http://host:port";
    const Url url = split(text, form);
    if (url.scheme == "https") {
        refuse(
            "cannot begin with https://: a proxy that is itself reached over TLS is not supported; write "
            "http://host:port (mail and password are still encrypted from end to end)");
    }
    if (url.scheme != "http") refuse("must begin with http://: an HTTP proxy that knows CONNECT is needed");
    if (url.query || (!url.path.empty() && url.path != "/")) {
        refuse("must hold nothing behind host and port; write " + form);
    }
    ProxySettings proxy;
    proxy.host = url.host;
    if (url.port != 0) proxy.port = url.port;
    return proxy;
}

std::string redirect_uri(std::string_view text) {
    const Url url = split(text, "http://127.0.0.1:48888/callback");
    if (url.scheme != "http" || !url.loopback()) {
        refuse(
            "must lead back to this machine: write http://127.0.0.1:48888/callback or "
            "http://localhost:48888/callback, whichever is registered with the provider");
    }
    if (url.port == 0) refuse("must name a port, as in http://127.0.0.1:48888/callback");
    if (url.query) refuse("must not hold a query (what follows the ?)");
    return std::string(text);
}

std::string endpoint_url(std::string_view text) {
    endpoint(text);
    return std::string(text);
}

std::string issuer_url(std::string_view text) {
    if (endpoint(text).query) refuse("must not hold a query (what follows the ?)");
    return std::string(text);
}

}  // namespace mailsend
