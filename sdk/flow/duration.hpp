/// Durations as people write them. No I/O, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace wfc::flow {

/// "250ms", "30s", "5m", "1h". Nothing for anything else, zero included, and for more than a year.
std::optional<std::chrono::milliseconds> duration(std::string_view text) noexcept;

}  // namespace wfc::flow
