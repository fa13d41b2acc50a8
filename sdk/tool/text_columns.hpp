/// How much room a text takes on a terminal, and breaking it into lines.
///
/// Guarantees: characters of East Asia take two columns, combining ones none (an approximation of UAX #11 by
/// ranges). Expects text without control characters, as `printable` makes it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::tool {

std::size_t columns(std::string_view text);

/// Lines of at most `width` columns each (at least two are taken), broken at blanks or between characters of
/// East Asia where there are any. One empty line for an empty text.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// As much as fits into `width` columns, with `ellipsis` where something is missing.
std::string cut(std::string_view text, std::size_t width, std::string_view ellipsis);

}  // namespace wfc::tool
