#include "host/support_archive.hpp"

#include <Poco/DateTime.h>
#include <Poco/Exception.h>
#include <Poco/Path.h>
#include <Poco/Zip/Compress.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "host/secret_file.hpp"

namespace wfc {

namespace {

std::filesystem::path whole_path(const std::filesystem::path& file) {
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(file, error);
    if (error) throw ArchiveUnusable(file.string() + " cannot be written: " + error.message());
    return whole.lexically_normal();
}

void check_name(const std::filesystem::path& file) {
    if (!file.has_filename()) throw ArchiveUnusable(file.string() + " is no name of a file");
    struct stat facts {};
    if (lstat(file.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode)) {
        throw ArchiveUnusable(file.string() + " is there and is no regular file, so it is not replaced; " +
                              "name another one");
    }
    std::ifstream there(file, std::ios::binary);
    std::array<char, 2> begin{};
    if (there.read(begin.data(), 2); there.gcount() != 0 && (begin[0] != 'P' || begin[1] != 'K'))
        throw ArchiveUnusable(file.string() +
                              " is there and is no archive, so it is not replaced; name another one");
}

/// A name may be too long, or the disk full or read-only: that is better known early.
void check_writable(const std::filesystem::path& file) {
    std::string name = file.string() + ".XXXXXX.part";
    const int descriptor = mkostemps(name.data(), 5, O_CLOEXEC);
    if (descriptor < 0)
        throw ArchiveUnusable(file.string() +
                              " cannot be written: " + std::generic_category().message(errno));
    close(descriptor);
    unlink(name.c_str());
}

std::string zipped(const std::vector<ArchivedFile>& content) {
    std::ostringstream out;
    Poco::Zip::Compress archive(out, true);
    const Poco::DateTime now;
    for (const ArchivedFile& file : content) {
        std::istringstream in(file.content);
        archive.addFile(in, now, Poco::Path(file.name, Poco::Path::PATH_UNIX));
    }
    archive.close();
    return std::move(out).str();
}

}  // namespace

void check_archive(const std::filesystem::path& file) {
    const std::filesystem::path whole = whole_path(file);
    check_name(whole);
    if (access(whole.parent_path().c_str(), W_OK | X_OK) != 0) {
        throw ArchiveUnusable(file.string() + " cannot be written: " + whole.parent_path().string() + ": " +
                              std::generic_category().message(errno));
    }
    check_writable(whole);
}

void write_archive(const std::filesystem::path& file, const std::vector<ArchivedFile>& content) {
    const std::filesystem::path whole = whole_path(file);
    check_name(whole);
    try {
        replace_private(whole, zipped(content));
    } catch (const SecretsUnusable& fault) {
        throw ArchiveUnusable(fault.what());
    } catch (const Poco::Exception& fault) {
        throw ArchiveUnusable(file.string() + " cannot be made: " + fault.displayText());
    }
}

}  // namespace wfc
