#include "host/web_address.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <algorithm>

namespace wfc {

namespace {

bool plain(std::string_view url) noexcept {
    return url.size() <= longest_web_address &&
           std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// Nothing where Poco finds a fault in it.
std::optional<Poco::URI> parsed(std::string_view url) try {
    return Poco::URI(std::string(url));
} catch (const Poco::Exception&) {
    return std::nullopt;
}

}  // namespace

bool is_loopback_name(std::string_view host) noexcept {
    return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

bool is_openable(std::string_view url) noexcept try {
    const bool secure = url.starts_with("https://");
    if ((!secure && !url.starts_with("http://")) || !plain(url)) return false;
    const auto uri = parsed(url);
    return uri && !uri->getHost().empty() && (secure || is_loopback_name(uri->getHost()));
} catch (...) {
    return false;
}

std::optional<RedirectAddress> redirect_address(std::string_view uri) {
    constexpr std::string_view scheme = "http://";
    if (!uri.starts_with(scheme) || !plain(uri)) return std::nullopt;
    if (uri.find_first_of("?#@") != std::string_view::npos) return std::nullopt;
    const auto address = parsed(uri);
    if (!address || !is_loopback_name(address->getHost()) || address->getPort() == 0) return std::nullopt;
    const std::size_t slash = uri.find('/', scheme.size());
    return RedirectAddress{address->getPort(),
                           slash == std::string_view::npos ? "/" : std::string(uri.substr(slash))};
}

}  // namespace wfc
