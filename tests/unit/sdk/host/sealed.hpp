/// Values that show whether they are whole: a counter, and a body that follows from it with a checksum.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wfc::test {

inline std::uint64_t checksum(std::string_view bytes) {
    std::uint64_t sum = 14695981039346656037u;  // FNV-1a
    for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return sum;
}

/// About `size` bytes.
inline std::string seal(std::uint64_t counter, std::size_t size) {
    std::string body = std::to_string(counter) + ' ';
    for (std::uint64_t i = 0; body.size() < size; ++i) body += std::to_string(counter * 31 + i);
    return body + ' ' + std::to_string(checksum(body));
}

/// The counter, unless the value is torn.
inline std::optional<std::uint64_t> unseal(std::string_view value) {
    const auto end = value.rfind(' ');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view body = value.substr(0, end);
    if (std::to_string(checksum(body)) != value.substr(end + 1)) return std::nullopt;
    return std::stoull(std::string(body));
}

}  // namespace wfc::test
