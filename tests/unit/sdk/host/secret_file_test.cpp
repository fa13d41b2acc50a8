#include "host/secret_file.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "support/scratch.hpp"

namespace wfc {
namespace {

using test::Scratch;
using testing::HasSubstr;

std::filesystem::path closed_file(const Scratch& scratch, const char* name, std::string_view content = "x") {
    const std::filesystem::path path = scratch.write(name, content);
    chmod(path.c_str(), 0600);
    return path;
}

std::string refusal(const std::filesystem::path& path, Provenance provenance = Provenance::own) {
    try {
        (void)open_private(path, provenance);
    } catch (const SecretsUnusable& fault) {
        return fault.what();
    }
    return {};
}

TEST(PrivateFile, IsReadWhole) {
    const Scratch scratch;
    const std::string content(100'000, 'x');
    const auto path = closed_file(scratch, "file", content);
    EXPECT_EQ(read_private(open_private(path, Provenance::own), 100'000, path).reveal(), content);
    EXPECT_THROW((void)read_private(open_private(path, Provenance::own), 99'999, path), SecretsUnusable);
    EXPECT_FALSE(open_private(scratch / "none", Provenance::own));
}

TEST(PrivateFile, IsRefusedWhenOthersMayReadIt) {
    const Scratch scratch;
    const auto path = closed_file(scratch, "file");
    for (const mode_t mode : {0640U, 0604U, 0620U, 0601U, 0666U}) {
        ASSERT_EQ(chmod(path.c_str(), mode), 0);
        EXPECT_THAT(refusal(path), HasSubstr("chmod go= " + path.string())) << mode;
    }
    ASSERT_EQ(chmod(path.c_str(), 0400), 0);
    EXPECT_EQ(refusal(path), "");
}

TEST(GivenFile, IsRefusedWhenItIsOurOwnAndOthersMayReadIt) {
    if (geteuid() == 0) {  // whose files are root's: as somebody else, in a process of its own
        const pid_t child = fork();
        if (child == 0) {
            const Scratch scratch;
            if (chmod(scratch.path().c_str(), 0777) != 0 || seteuid(12345) != 0) _exit(2);
            const auto path = scratch.write("file", "x");
            chmod(path.c_str(), 0644);
            const bool refused = refusal(path, Provenance::given).find("chmod go=") != std::string::npos;
            if (seteuid(0) != 0) _exit(3);
            std::filesystem::remove_all(scratch.path());
            _exit(refused ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
        return;
    }
    const Scratch scratch;
    const auto path = closed_file(scratch, "file");
    ASSERT_EQ(chmod(path.c_str(), 0644), 0);
    EXPECT_THAT(refusal(path, Provenance::given), HasSubstr("chmod go= " + path.string()));
}

TEST(GivenFile, MayBeRootsAndReadableByAllButWritableByNone) {
    const std::filesystem::path roots = "/etc/passwd";
    EXPECT_EQ(refusal(roots, Provenance::given), "");
    EXPECT_TRUE(readable_by_all(open_private(roots, Provenance::given)));
    if (geteuid() != 0) return;
    const Scratch scratch;
    const auto path = closed_file(scratch, "file");
    EXPECT_FALSE(readable_by_all(open_private(path, Provenance::given)));
    for (const mode_t mode : {0620U, 0602U}) {
        ASSERT_EQ(chmod(path.c_str(), mode), 0);
        EXPECT_THAT(refusal(path, Provenance::given), HasSubstr("chmod go=")) << mode;
    }
}

TEST(GivenFile, MayLieBehindLinks) {
    const Scratch scratch;
    closed_file(scratch, "..data/key", "of the mount");
    std::filesystem::create_symlink("..data/key", scratch / "key");
    const auto path = scratch / "key";
    EXPECT_EQ(read_private(open_private(path, Provenance::given), 100, path).reveal(), "of the mount");
    EXPECT_THAT(refusal(path), HasSubstr("symbolic link"));
}

TEST(PrivateFile, IsRefusedWhenItIsNoFile) {
    const Scratch scratch;
    closed_file(scratch, "file");
    std::filesystem::create_symlink("file", scratch / "link");
    std::filesystem::create_symlink("none", scratch / "dangling");
    EXPECT_THAT(refusal(scratch / "link"), HasSubstr("symbolic link"));
    EXPECT_THAT(refusal(scratch / "dangling"), HasSubstr("symbolic link"));
    EXPECT_THAT(refusal(scratch.path()), HasSubstr("no regular file"));
    ASSERT_EQ(mkfifo((scratch / "fifo").c_str(), 0600), 0);
    EXPECT_THAT(refusal(scratch / "fifo"), HasSubstr("no regular file"));
}

TEST(PrivateFile, IsRefusedWhenItBelongsToAnotherUser) {
    const Scratch scratch;
    std::filesystem::path foreign = "/etc/passwd";
    if (geteuid() == 0) {
        foreign = closed_file(scratch, "file");
        ASSERT_EQ(chown(foreign.c_str(), 12345, 12345), 0);
    }
    EXPECT_THAT(refusal(foreign), HasSubstr("belongs to another user"));
}

TEST(ReplacedFile, IsForItsUserAloneWhateverTheMask) {
    const Scratch scratch;
    const auto path = scratch / "file";
    const mode_t mask = umask(0);
    replace_private(path, "one");
    umask(mask);
    struct stat facts {};
    ASSERT_EQ(stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);
    replace_private(path, "two");
    EXPECT_EQ(Scratch::read(path), "two");
    EXPECT_EQ(scratch.entries(), 1U);
}

TEST(ReplacedFile, IsNotWrittenThroughALink) {
    const Scratch scratch;
    scratch.write("target", "untouched");
    std::filesystem::create_symlink("target", scratch / "file");
    replace_private(scratch / "file", "new");
    EXPECT_EQ(Scratch::read(scratch / "target"), "untouched");
    EXPECT_FALSE(std::filesystem::is_symlink(scratch / "file"));
}

TEST(ReplacedFile, LeavesNothingWhereItFails) {
    const Scratch scratch;
    std::filesystem::create_directory(scratch / "file");
    EXPECT_THROW(replace_private(scratch / "file", "new"), SecretsUnusable);
    EXPECT_EQ(scratch.entries(), 1U);
    EXPECT_THROW(replace_private(scratch / "none/file", "new"), SecretsUnusable);
}

TEST(Leftovers, OfKilledProcessesGoAndNothingElseDoes) {
    const Scratch scratch;
    for (const char* name :
         {".file.a1B2c3", ".file.ZZZZZZ", ".file.abc", ".other.a1B2c3", "file", "file.a1B2c3"})
        scratch.write(name, "");
    remove_leftovers(scratch / "file");
    EXPECT_FALSE(std::filesystem::exists(scratch / ".file.a1B2c3"));
    EXPECT_EQ(scratch.entries(), 4U);
}

TEST(FileLock, ExcludesThreadsToo) {
    const Scratch scratch;
    // ThreadSanitizer does not know flock(): hence atomics, with a step between reading and writing.
    std::atomic<int> inside{0}, met{0}, turns{0};
    const auto work = [&] {
        for (int i = 0; i < 50; ++i) {
            const FileLock lock(scratch / "lock");
            if (inside.fetch_add(1) != 0) ++met;
            turns.store(turns.load() + 1);
            --inside;
        }
    };
    std::thread one(work), two(work);
    one.join();
    two.join();
    EXPECT_EQ(met, 0);
    EXPECT_EQ(turns, 100);
    EXPECT_THROW(FileLock(scratch / "none/lock"), SecretsUnusable);
}

TEST(FileLock, IsForItsUserAloneWhateverTheMask) {
    const Scratch scratch;
    const mode_t mask = umask(0777);
    { const FileLock lock(scratch / "lock"); }
    umask(mask);
    struct stat facts {};
    ASSERT_EQ(stat((scratch / "lock").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);
}

TEST(FileLock, GivesUpAtOnceWhereItShallNotWait) {
    const Scratch scratch;
    const FileLock lock(scratch / "lock");
    EXPECT_THROW(FileLock(scratch / "lock", std::chrono::milliseconds(0)), SecretsUnusable);
}

TEST(FileLock, NoticesThatItsFileWasRemoved) {
    const Scratch scratch;
    const FileLock first(scratch / "lock");
    EXPECT_NO_THROW(first.check());
    std::filesystem::remove(scratch / "lock");
    EXPECT_THROW(first.check(), SecretsUnusable);
    const FileLock second(scratch / "lock", std::chrono::milliseconds(0));
    EXPECT_NO_THROW(second.check());
    EXPECT_THROW(first.check(), SecretsUnusable);
}

}  // namespace
}  // namespace wfc
