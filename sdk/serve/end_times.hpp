/// When, after the end has come, what has not ended by itself is left. Internal to the server.
#pragma once

#include <chrono>

namespace wfc::serve {

/// Results are said for calls that have none, and a little later the process is gone.
inline constexpr std::chrono::milliseconds abandoned{4300}, gone{4700};

}  // namespace wfc::serve
