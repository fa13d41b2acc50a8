#include "flow/duration.hpp"

#include <charconv>
#include <cstdint>

namespace wfc::flow {

std::optional<std::chrono::milliseconds> duration(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end == text.data()) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const std::uint64_t scale = unit == "ms"  ? 1u
                                : unit == "s" ? 1000u
                                : unit == "m" ? 60'000u
                                : unit == "h" ? 3'600'000u
                                              : 0u;
    constexpr std::uint64_t year = std::uint64_t{365} * 24 * 3'600'000;
    if (scale == 0 || number == 0 || number > year / scale) return std::nullopt;
    return std::chrono::milliseconds(number * scale);
}

}  // namespace wfc::flow
