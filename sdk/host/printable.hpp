/// Foreign text made safe for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wfc {

/// Control characters (C0 but newline where `lines`, DEL, C1), direction overrides and bytes that are not
/// UTF-8 become \xNN or \uNNNN; cut after `limit` bytes with `…`.
std::string printable(std::string_view text, bool lines = false, std::size_t limit = 8192);

}  // namespace wfc
