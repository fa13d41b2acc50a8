/// What this process holds right now.
///
/// Guarantees: read from /proc/self; opening it for that counts nothing. Any thread.
#pragma once

#include <cstddef>

namespace bench {

struct ProcessFigures {
    std::size_t rss_kib = 0;
    std::size_t descriptors = 0;
    std::size_t threads = 0;
};

/// Throws std::runtime_error when /proc cannot be read.
ProcessFigures figures_now();

}  // namespace bench
