/// A file out of a zip archive.
#pragma once

#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace wfc::test {

inline std::string unpacked(const std::filesystem::path& path, const std::string& name) {
    std::ifstream file(path, std::ios::binary);
    const Poco::Zip::ZipArchive archive(file);
    file.clear();
    Poco::Zip::ZipInputStream in(file, archive.findHeader(name)->second);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace wfc::test
