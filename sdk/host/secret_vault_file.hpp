/// What the parts of SecretVault share: reading its file, and sentences that name it.
///
/// Does not lock and does not decrypt.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/secret_file.hpp"
#include "host/secret_format.hpp"

namespace wfc::vault {

[[noreturn]] inline void refuse(const std::filesystem::path& file, const std::string& why) {
    throw SecretsUnusable("the store of secrets " + file.string() + " " + why);
}

/// Puts the name of the file before what is wrong with it.
template <class Work>
auto naming(const std::filesystem::path& file, Work work) try {
    return work();
} catch (const SecretsUnusable& fault) {
    refuse(file, fault.what());
}

/// The file's bytes; nothing where there is none.
inline std::optional<SecretString> content_of(const std::filesystem::path& path) {
    const FileDescriptor file = open_private(path, Provenance::own);
    if (!file) return std::nullopt;
    return read_private(file, largest_secret_file, path);
}

}  // namespace wfc::vault
