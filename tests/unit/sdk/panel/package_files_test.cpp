#include "panel/package_files.hpp"

#include <gmock/gmock.h>
#include <system_error>

#include "example_component.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using wfc::test::Folder;

const std::map<std::string, std::string> files{{"a/b.txt", "one"}, {"c.txt", "two"}};

TEST(PackageFiles, WhatWasWrittenIsNotStale) {
    const Folder folder;
    EXPECT_THAT(wfc::panel::stale_files(folder.path / "new", files), ElementsAre("a/b.txt", "c.txt"));
    wfc::panel::write_files(folder.path / "new", files);
    EXPECT_THAT(wfc::panel::stale_files(folder.path / "new", files), IsEmpty());
}

TEST(PackageFiles, AnotherContentIsStaleAndIsReplaced) {
    const Folder folder;
    wfc::panel::write_files(folder.path, files);
    folder.write("c.txt", "owt");
    EXPECT_THAT(wfc::panel::stale_files(folder.path, files), ElementsAre("c.txt"));
    wfc::panel::write_files(folder.path, files);
    EXPECT_THAT(wfc::panel::stale_files(folder.path, files), IsEmpty());
}

TEST(PackageFiles, AFolderThatIsAFileIsNamed) {
    const Folder folder;
    folder.write("a", "a file");
    try {
        wfc::panel::write_files(folder.path, files);
        FAIL() << "nothing was thrown";
    } catch (const std::system_error& error) {
        EXPECT_THAT(error.what(), HasSubstr((folder.path / "a").string()));
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path), {}), 1);
}

TEST(PackageFiles, ResourcesAreTheVisibleFilesInOrder) {
    const Folder folder;
    EXPECT_THAT(wfc::panel::resources_of(folder.path), IsEmpty());
    for (const char* name : {"resources/b.js", "resources/a.css", "resources/.hidden", "resources/sub/x.js"})
        folder.write(name, "x");
    EXPECT_THAT(wfc::panel::resources_of(folder.path), ElementsAre("a.css", "b.js"));
}

}  // namespace
