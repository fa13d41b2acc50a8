/// Generated files on disk: written, or compared with what stands there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace wfc::panel {

/// Names of the regular files directly in the folder `resources` of a package, sorted; none where there is no
/// such folder. Hidden ones do not count.
std::vector<std::string> resources_of(const std::filesystem::path& directory);

/// The text of stand_ins.json of a package (stand_ins.hpp), empty where there is none. Throws
/// std::system_error for one that cannot be read, or with more than 64 KiB.
std::string stand_ins_of(const std::filesystem::path& directory);

/// The names of those files that are missing below `directory` or have another content.
std::vector<std::string> stale_files(const std::filesystem::path& directory,
                                     const std::map<std::string, std::string>& files);

/// Writes the files that are stale, each in one piece: a reader sees the old one or the new one. Folders are
/// made. Throws std::system_error, whose sentence names the file.
void write_files(const std::filesystem::path& directory, const std::map<std::string, std::string>& files);

}  // namespace wfc::panel
