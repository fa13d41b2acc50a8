/// An address of this machine to listen at: "127.0.0.1:9464", "[::1]:0".
///
/// Guarantees: literal addresses alone, so that what is listened at is what was written; no name is resolved.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wfc::metrics {

struct ListenAddress {
    std::string address;     ///< IPv4, or IPv6 without brackets; a literal
    std::uint16_t port = 0;  ///< 0: any that is free
    bool six = false;

    /// Whether only this machine can reach it: 127.0.0.0/8 and ::1.
    bool loopback() const noexcept;
    /// "127.0.0.1:9464", "[::1]:9464".
    std::string text() const;
};

/// Throws std::invalid_argument with a sentence that says what to write instead.
ListenAddress parse_listen_address(std::string_view text);

}  // namespace wfc::metrics
