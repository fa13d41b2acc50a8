#include "host/support_archive.hpp"

#include <Poco/DateTime.h>
#include <Poco/Exception.h>
#include <Poco/Path.h>
#include <Poco/Zip/Compress.h>
#include <cerrno>
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
