/// Conversions between the ABI's borrowed text and C++'s.
#pragma once

#include <string_view>

#include "wfc/component.h"

namespace wfc {

/// Lends `text` to the other side of the ABI, for the length of one call.
inline wfc_view view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// Reads what the other side lent. A null view is the empty string.
inline std::string_view text(wfc_view borrowed) noexcept {
    return borrowed.data == nullptr ? std::string_view{} : std::string_view{borrowed.data, borrowed.size};
}

}  // namespace wfc
