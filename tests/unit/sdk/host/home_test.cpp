#include "host/home.hpp"

#include <gmock/gmock.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.hpp"
#include "variable.hpp"

namespace wfc {
namespace {

using test::Scratch;
using test::Variable;
using testing::HasSubstr;

std::string refusal(const std::filesystem::path& home) {
    try {
        make_home(home);
    } catch (const HomeUnusable& fault) {
        return fault.what();
    }
    return {};
}

mode_t mode_of(const std::filesystem::path& path) {
    struct stat facts {};
    return stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777U : 0;
}

TEST(Home, IsWhatTheEnvironmentNamesInThisOrder) {
    const Variable user("HOME", "/users/alice");
    {
        const Variable state("XDG_STATE_HOME", "/states/alice"), own("WFC_HOME", "/srv/wfc/");
        EXPECT_EQ(home_location(), "/srv/wfc/");
    }
    const Variable own("WFC_HOME", "");
    {
        const Variable state("XDG_STATE_HOME", "/states/alice");
        EXPECT_EQ(home_location(), "/states/alice/wfc");
    }
    for (const char* ignored : {"", "relative"}) {
        const Variable state("XDG_STATE_HOME", ignored);
        EXPECT_EQ(home_location(), "/users/alice/.local/state/wfc");
    }
}

TEST(Home, SaysWhatToSetWhereTheEnvironmentNamesNone) {
    const Variable user("HOME", std::nullopt), own("WFC_HOME", std::nullopt),
        state("XDG_STATE_HOME", std::nullopt);
    EXPECT_THROW((void)home_location(), HomeUnusable);
    try {
        (void)home_directory();
    } catch (const HomeUnusable& fault) {
        EXPECT_THAT(fault.what(), HasSubstr("set WFC_HOME"));
    }
}

TEST(Home, IsMadeForItsUserAloneWithTheFoldersAbove) {
    const Scratch scratch;
    const Variable own("WFC_HOME", (scratch / "a/b/wfc").string());
    EXPECT_FALSE(home_exists(home_location()));
    EXPECT_EQ(home_directory(), scratch / "a/b/wfc");
    EXPECT_EQ(home_directory(), scratch / "a/b/wfc");
    for (const char* folder : {"a", "a/b", "a/b/wfc"}) EXPECT_EQ(mode_of(scratch / folder), 0700U) << folder;
    EXPECT_TRUE(home_exists(home_location()));
}

TEST(Home, IsMadeForItsUserWhateverTheMask) {
    const Scratch scratch;
    const mode_t mask = umask(0777);
    const std::string said = refusal(scratch / "a/wfc");
    umask(mask);
    EXPECT_EQ(said, "");
    EXPECT_EQ(mode_of(scratch / "a"), 0700U);
    EXPECT_EQ(mode_of(scratch / "a/wfc"), 0700U);
}

TEST(Home, IsNoLinkToNothing) {
    const Scratch scratch;
    std::filesystem::create_symlink(scratch / "none", scratch / "link");
    EXPECT_THAT(refusal(scratch / "link"), HasSubstr("is a symbolic link to nothing"));
    EXPECT_THAT(refusal(scratch / "link/wfc"), HasSubstr("link is a symbolic link to nothing"));
    EXPECT_THROW((void)home_exists(scratch / "link"), HomeUnusable);
}

TEST(Home, IsNotMadeByRootInAFolderOfAnotherUser) {
    if (geteuid() != 0) return;  // nobody else can make one there anyway
    const Scratch scratch;
    ASSERT_EQ(chown(scratch.path().c_str(), 12345, 12345), 0);
    EXPECT_THAT(refusal(scratch / "a/wfc"), HasSubstr("would be made by root in " + scratch.path().string()));
    EXPECT_EQ(scratch.entries(), 0U);
}

TEST(Home, NeedsAWorkingDirectoryWhereItIsRelative) {
    const auto before = std::filesystem::current_path();
    const Variable own("WFC_HOME", "relative");
    {
        const Scratch gone;
        std::filesystem::current_path(gone.path());
    }
    EXPECT_THROW((void)home_location(), HomeUnusable);
    std::filesystem::current_path(before);
}

TEST(Home, IsRefusedWhereOthersMayWrite) {
    const Scratch scratch;
    for (const mode_t mode : {0720U, 0702U, 0777U}) {
        ASSERT_EQ(chmod(scratch.path().c_str(), mode), 0);
        EXPECT_THAT(refusal(scratch.path()), HasSubstr("chmod go-w " + scratch.path().string())) << mode;
    }
    ASSERT_EQ(chmod(scratch.path().c_str(), 0755), 0);
    EXPECT_EQ(refusal(scratch.path()), "");
}

TEST(Home, IsRefusedWhenItBelongsToAnotherUser) {
    const Scratch scratch;
    std::filesystem::path foreign = "/usr";  // root's, for everybody else
    if (geteuid() == 0) {
        foreign = scratch.path();
        ASSERT_EQ(chown(foreign.c_str(), 12345, 12345), 0);
    }
    EXPECT_THAT(refusal(foreign), HasSubstr("belongs to another user; set WFC_HOME"));
}

TEST(Home, IsRefusedWhenItIsAFileOrCannotBeMade) {
    const Scratch scratch;
    EXPECT_THAT(refusal(scratch.write("file", "")), HasSubstr("is no folder"));
    EXPECT_THAT(refusal(scratch / "file/below"), HasSubstr("cannot be made"));
    EXPECT_THAT(refusal("/proc/wfc"), HasSubstr("cannot be made: /proc/wfc"));
}

}  // namespace
}  // namespace wfc
