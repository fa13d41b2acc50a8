#include "host/support_archive.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support/scratch.hpp"
#include "unpacked.hpp"

namespace wfc {
namespace {

using test::Scratch;
using test::unpacked;

TEST(SupportArchive, HoldsItsFilesAndIsClosedToOthers) {
    const Scratch scratch;
    const std::string large(300000, 'x');
    write_archive(scratch / "a.zip", {{"b.txt", "hello"}, {"a.txt", large}, {"empty", ""}});
    EXPECT_EQ(unpacked(scratch / "a.zip", "b.txt"), "hello");
    EXPECT_EQ(unpacked(scratch / "a.zip", "a.txt"), large);
    EXPECT_EQ(unpacked(scratch / "a.zip", "empty"), "");
    struct stat facts {};
    ASSERT_EQ(stat((scratch / "a.zip").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777u, 0600u);
    EXPECT_EQ(scratch.entries(), 1u);
}

TEST(SupportArchive, ReplacesARegularFileOnly) {
    const Scratch scratch;
    scratch.write("a.zip", "PK old");
    const std::string other = scratch.write("other", "words").string();
    EXPECT_THROW(check_archive(other), ArchiveUnusable);
    EXPECT_THROW(write_archive(other, {{"a", "b"}}), ArchiveUnusable);
    EXPECT_THROW(check_archive(scratch / std::string(250, 'x')), ArchiveUnusable) << "found out early";
    std::filesystem::remove(other);
    check_archive(scratch / "a.zip");
    write_archive(scratch / "a.zip", {{"a", "new"}});
    EXPECT_EQ(unpacked(scratch / "a.zip", "a"), "new");
    std::filesystem::create_symlink(scratch / "a.zip", scratch / "link");
    std::filesystem::create_directory(scratch / "folder");
    for (const char* name : {"link", "folder", "no/such/folder.zip"}) {
        EXPECT_THROW(check_archive(scratch / name), ArchiveUnusable) << name;
        EXPECT_THROW(write_archive(scratch / name, {{"a", "b"}}), ArchiveUnusable) << name;
    }
    EXPECT_TRUE(std::filesystem::is_symlink(scratch / "link"));
    EXPECT_EQ(scratch.entries(), 3u);
}

}  // namespace
}  // namespace wfc
