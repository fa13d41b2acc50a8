/// What the host takes for an address of the web that it may open, and for one that it may listen at.
///
/// Guarantees: bounded (16 KiB); no character that a program could take for anything but a part of the
/// address. Does not resolve names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wfc {

/// Longer addresses are neither opened nor shown, in bytes.
inline constexpr std::size_t longest_web_address = 16 * 1024;

/// 127.0.0.1, ::1 (without brackets) or localhost: the three that a browser resolves to this machine.
bool is_loopback_name(std::string_view host) noexcept;

/// An absolute https address, or http to a loopback name; printable ASCII without spaces (RFC 3986).
bool is_openable(std::string_view url) noexcept;

/// Where the browser comes back to.
struct RedirectAddress {
    std::uint16_t port = 0;
    std::string path;  ///< as it is written, never decoded; "/" where there is none
};

/// Nothing unless `uri` is http on a loopback name, with neither user, query nor fragment.
std::optional<RedirectAddress> redirect_address(std::string_view uri);

}  // namespace wfc
