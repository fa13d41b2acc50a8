/// Paths inside a component's directory, and files read with a bound.
///
/// Guarantees: a path that is absolute, climbs with "..", or reaches outside through a symbolic link is
/// refused.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace wfc {

/// Why `relative` cannot be a path inside `directory` (canonical), as the end of a sentence: "leads out of
/// …"; empty when it can. The file itself may be missing.
std::string fault_of_path(const std::filesystem::path& directory, std::string_view relative);

/// The whole file, a regular one. Throws Refused for more than `limit` bytes or when it cannot be read.
std::string read_file(const std::filesystem::path& file, std::size_t limit);

}  // namespace wfc
