#include "metrics/listen_address.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace wfc::metrics {

namespace {

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return port;
}

bool is_literal(const std::string& address, bool six) noexcept {
    in6_addr binary{};  // the larger of the two
    return inet_pton(six ? AF_INET6 : AF_INET, address.c_str(), &binary) == 1;
}

}  // namespace

bool ListenAddress::loopback() const noexcept {
    if (!six) return address.rfind("127.", 0) == 0;
    in6_addr binary{};
    return inet_pton(AF_INET6, address.c_str(), &binary) == 1 && IN6_IS_ADDR_LOOPBACK(&binary);
}

std::string ListenAddress::text() const {
    return (six ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

ListenAddress parse_listen_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const std::string_view host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
    const bool six = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const std::optional<std::uint16_t> port =
        colon == std::string_view::npos ? std::nullopt : port_of(text.substr(colon + 1));
    ListenAddress out{std::string(six ? host.substr(1, host.size() - 2) : host), port.value_or(0), six};
    if (!port || !is_literal(out.address, six)) {
        throw std::invalid_argument(
            "write a literal address and a port from 0 (any that is free) to 65535, such as 127.0.0.1:9464 "
            "or "
            "[::1]:9464");
    }
    return out;
}

}  // namespace wfc::metrics
