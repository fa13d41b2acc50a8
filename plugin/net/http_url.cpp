#include "net/http_url.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/URI.h>
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "net/connect.hpp"

namespace mailsend::net {
namespace {

constexpr std::size_t longest = 8192;
constexpr std::uint16_t https_port = 443;
constexpr std::uint16_t http_port = 80;

bool is_visible(char c) {
    return c > ' ' && c <= '~';
}

bool belongs_in_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/// Without a zone, which means nothing to a server.
bool is_host(const std::string& host) {
    if (is_ip_literal(host)) return host.find('%') == host.npos;
    return !host.empty() && std::all_of(host.begin(), host.end(), belongs_in_name);
}

Poco::URI parse(const std::string& url) {
    if (url.size() > longest) throw std::invalid_argument("the URL is longer than 8192 characters");
    if (!std::all_of(url.begin(), url.end(), is_visible)) {
        throw std::invalid_argument("the URL holds characters that are not visible ASCII");
    }
    try {
        return Poco::URI(url);
    } catch (const Poco::Exception&) {
        throw std::invalid_argument("the URL cannot be read");
    }
}

/// Where the authority of `url` begins, and where it ends.
std::pair<std::size_t, std::size_t> authority_in(const std::string& url) {
    const std::size_t colon = url.find("://");
    if (colon == url.npos) return {url.size(), url.size()};
    return {colon + 3, std::min(url.find_first_of("/?#", colon + 3), url.size())};
}

/// Not from Poco, which writes escapes anew: "%2F" in a path is not "/".
std::string target_of(const std::string& url) {
    const std::size_t begin = authority_in(url).second;
    const std::string target = url.substr(begin, url.find('#', begin) - begin);
    return target.starts_with('/') ? target : "/" + target;
}

}  // namespace

bool is_loopback_address(const std::string& address) {
    return is_ip_literal(address) && address.find('%') == address.npos &&
           Poco::Net::IPAddress(address).isLoopback();
}

HttpUrl parse_http_url(const std::string& url) {
    const Poco::URI uri = parse(url);
    const std::string& scheme = uri.getScheme();
    if (scheme != "https" && scheme != "http") throw std::invalid_argument("the URL is not https");
    const auto [begin, end] = authority_in(url);
    const std::string authority = url.substr(begin, end - begin);
    if (!uri.getUserInfo().empty() || authority.find('@') != authority.npos) {
        throw std::invalid_argument("the URL holds a user name or password, which is not used here");
    }
    HttpUrl parts;
    parts.tls = scheme == "https";
    parts.host = uri.getHost();
    const bool v6 = parts.host.find(':') != std::string::npos;
    if (!is_host(parts.host) || v6 != authority.starts_with('[')) {
        throw std::invalid_argument("the URL has no host name or address in ASCII");
    }
    parts.loopback = is_loopback_name(parts.host) || is_loopback_address(parts.host);
    if (!parts.tls && !parts.loopback) {
        throw std::invalid_argument("the URL is neither https nor on this machine");
    }
    const std::uint16_t usual = parts.tls ? https_port : http_port;
    parts.port = uri.getPort();
    parts.authority = v6 ? "[" + parts.host + "]" : parts.host;
    if (parts.port != usual) parts.authority += ":" + std::to_string(parts.port);
    parts.target = target_of(url);
    return parts;
}

}  // namespace mailsend::net
