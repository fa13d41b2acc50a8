/// What the place that people read can show.
#pragma once

#include <cstddef>

namespace wfc::tool {

struct Screen {
    std::size_t columns = 80;
    bool unicode = false;   ///< the environment's character set is UTF-8
    bool terminal = false;  ///< whose lines can be overwritten

    /// Of an open file; 80 columns where nobody knows, and 10 where there are fewer.
    static Screen of(int descriptor) noexcept;
};

}  // namespace wfc::tool
