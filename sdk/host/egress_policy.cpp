#include "host/egress_policy.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include "wfc/view.hpp"

namespace wfc {

namespace {

struct Prefix4 {
    std::uint32_t network;
    unsigned bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b = 0, unsigned c = 0, unsigned d = 0) {
    return (a << 24) | (b << 16) | (c << 8) | d;
}

constexpr Prefix4 special4[] = {
    {v4(0), 8},              // this network
    {v4(10), 8},             // private
    {v4(100, 64), 10},       // shared by a carrier's customers
    {v4(127), 8},            // loopback
    {v4(169, 254), 16},      // link-local, cloud metadata
    {v4(172, 16), 12},       // private
    {v4(192, 0, 0), 24},     // protocol assignments
    {v4(192, 0, 2), 24},     // documentation
    {v4(192, 88, 99), 24},   // 6to4 relays
    {v4(192, 168), 16},      // private
    {v4(198, 18), 15},       // benchmarks
    {v4(198, 51, 100), 24},  // documentation
    {v4(203, 0, 113), 24},   // documentation
    {v4(224), 4},            // multicast
    {v4(240), 4},            // reserved, broadcast
};

bool public4(std::uint32_t address) noexcept {
    for (const Prefix4& prefix : special4) {
        if ((address ^ prefix.network) >> (32 - prefix.bits) == 0) return false;
    }
    return true;
}

struct Prefix6 {
    std::array<std::uint8_t, 16> network;
    unsigned bits;
    int inside;  ///< offset of the IPv4 address that decides; -1: refused as a whole
};

// The first that matches decides, the longer prefix before the shorter.
constexpr Prefix6 special6[] = {
    {{}, 128, -1},                                                // ::
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, -1},  // ::1
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},         // IPv4-mapped
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},               // IPv4-translated
    {{}, 96, 12},                                                 // IPv4-compatible
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},                           // NAT64
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, -1},               // NAT64 of somebody's own
    {{0x01, 0x00}, 64, -1},                                       // discard
    {{0x20, 0x02}, 16, 2},                                        // 6to4
    {{0x20, 0x01, 0x0d, 0xb8}, 32, -1},                           // documentation
    {{0x20, 0x01}, 23, -1},                                       // Teredo and other assignments
    {{0x3f, 0xff}, 20, -1},                                       // documentation
    {{0xfc}, 7, -1},                                              // unique-local
    {{0xfe, 0x80}, 10, -1},                                       // link-local
    {{0xfe, 0xc0}, 10, -1},                                       // site-local
    {{0xff}, 8, -1},                                              // multicast
};

bool matches(const std::uint8_t* address, const Prefix6& prefix) noexcept {
    const std::size_t whole = prefix.bits / 8;
    if (std::memcmp(address, prefix.network.data(), whole) != 0) return false;
    const unsigned rest = prefix.bits % 8;
    return rest == 0 || (address[whole] ^ prefix.network[whole]) >> (8 - rest) == 0;
}

bool public6(const std::uint8_t* address) noexcept {
    for (const Prefix6& prefix : special6) {
        if (!matches(address, prefix)) continue;
        if (prefix.inside < 0) return false;
        const std::uint8_t* at = address + prefix.inside;
        return public4(v4(at[0], at[1], at[2], at[3]));
    }
    return true;
}

}  // namespace

bool is_public_address(std::string_view address) noexcept try {
    const std::string literal(address.substr(0, address.find('%')));  // fe80::1%eth0
    if (literal.size() != address.size() && literal.find(':') == literal.npos) return false;
    if (literal.find('\0') != literal.npos) return false;
    std::uint8_t bytes[16];
    if (inet_pton(AF_INET, literal.c_str(), bytes) == 1)
        return public4(v4(bytes[0], bytes[1], bytes[2], bytes[3]));
    return inet_pton(AF_INET6, literal.c_str(), bytes) == 1 && public6(bytes);
} catch (...) {
    return false;
}

EgressPolicy::EgressPolicy(bool private_addresses) : private_addresses_(private_addresses) {
    table_ = {sizeof table_, 0, this, [](void* ctx, wfc_view, wfc_view address, std::uint16_t) noexcept {
                  return static_cast<const EgressPolicy*>(ctx)->allow(text(address));
              }};
}

wfc_status EgressPolicy::allow(std::string_view address) const noexcept {
    return private_addresses_ || is_public_address(address) ? WFC_OK : WFC_DENIED;
}

}  // namespace wfc
