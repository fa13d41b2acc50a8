/// The state file: who may read it, what is refused, and what happens when the disk does not play along.
#include <cerrno>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "host/state_store.hpp"
#include "raw_database.hpp"
#include "support/scratch.hpp"
#include "without_system_call.hpp"

namespace wfc {
namespace {

using test::RawDatabase;
using test::Scratch;
using testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& file) {
    struct stat facts {};
    return stat(file.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

/// Why the file is no store; empty where it is one.
std::string refusal(const std::filesystem::path& file) {
    try {
        StateStore store(file, std::chrono::milliseconds(50));
        return {};
    } catch (const StateUnusable& unusable) {
        return unusable.what();
    }
}

wfc_status put(StateStore& store, const char* key, std::uint64_t expected = 0) {
    std::uint64_t version = 0;
    return store.put("s", key, "value", expected, 0, version);
}

wfc_status get(StateStore& store, const char* key) {
    StateValue found;
    return store.get("s", key, found);
}

TEST(StateFile, IsForItsOwnerOnlyWithAllThatBelongsToIt) {
    const Scratch scratch;
    const mode_t before = umask(0);
    {
        StateStore store(scratch / "state.sqlite");
        umask(before);
        EXPECT_EQ(put(store, "k"), WFC_OK);
        for (const char* name : {"state.sqlite", "state.sqlite-wal", "state.sqlite-shm"}) {
            EXPECT_EQ(mode_of(scratch / name), 0600u) << name;
        }
    }
    EXPECT_EQ(scratch.entries(), 1u) << "nothing is left beside it";
}

TEST(StateFile, IsMadePrivateAgainWhenItWasOpenToOthers) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    { StateStore store(file); }
    chmod(file.c_str(), 0644);
    StateStore store(file);
    EXPECT_EQ(put(store, "k"), WFC_OK);
    for (const char* suffix : {"", "-wal", "-shm"})
        EXPECT_EQ(mode_of(file.string() + suffix), 0600u) << suffix;
}

TEST(StateFile, NeedsItsFolder) {
    const Scratch scratch;
    const auto file = scratch / "no" / "state.sqlite";
    EXPECT_THAT(refusal(file), HasSubstr("make " + file.parent_path().string() + " first"));
    EXPECT_FALSE(std::filesystem::exists(file.parent_path()));
}

TEST(StateFile, IsNoSymbolicLink) {
    const Scratch scratch;
    scratch.write("other", "");
    std::filesystem::create_symlink(scratch / "other", scratch / "link");
    std::filesystem::create_symlink(scratch / "nothing", scratch / "dangling");
    EXPECT_THAT(refusal(scratch / "link"), HasSubstr("symbolic link"));
    EXPECT_THAT(refusal(scratch / "dangling"), HasSubstr("symbolic link"));
    EXPECT_EQ(Scratch::read(scratch / "other"), "");
    EXPECT_FALSE(std::filesystem::exists(scratch / "nothing"));
}

TEST(StateFile, MayLieBehindASymbolicLinkToItsFolder) {
    const Scratch scratch;
    std::filesystem::create_directory(scratch / "real");
    std::filesystem::create_symlink(scratch / "real", scratch / "link");
    EXPECT_EQ(refusal(scratch / "link" / "state.sqlite"), "");
    EXPECT_TRUE(std::filesystem::exists(scratch / "real" / "state.sqlite"));
}

TEST(StateFile, IsARegularFileOfThisUser) {
    const Scratch scratch;
    std::filesystem::create_directory(scratch / "folder");
    EXPECT_THAT(refusal(scratch / "folder"), HasSubstr("no regular file"));
    ASSERT_EQ(mkfifo((scratch / "fifo").c_str(), 0600), 0);
    EXPECT_THAT(refusal(scratch / "fifo"), HasSubstr("no regular file"));
    std::filesystem::path theirs = "/etc/passwd";
    if (geteuid() == 0) {  // then that one is ours
        theirs = scratch.write("theirs", "");
        ASSERT_EQ(chown(theirs.c_str(), 12345, 12345), 0);
    }
    EXPECT_THAT(refusal(theirs), HasSubstr("belongs to another user"));
}

struct Foreign {
    const char* name;
    std::function<void(const std::filesystem::path&)> make;
    const char* said;
};

class ForeignFile : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignFile, IsRefusedWithAdviceAndLeftAsItWas) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    GetParam().make(file);
    chmod(file.c_str(), 0644);
    const std::string before = Scratch::read(file);
    EXPECT_THAT(refusal(file), HasSubstr(GetParam().said));
    EXPECT_THAT(refusal(file), HasSubstr("move"));
    EXPECT_EQ(Scratch::read(file), before);
    EXPECT_EQ(mode_of(file), 0644u);
}

void write_file(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string of_ours(const std::filesystem::path& file) {
    {
        StateStore store(file);
        EXPECT_EQ(put(store, "k"), WFC_OK);
    }
    return Scratch::read(file);
}

const Foreign foreign[] = {
    {"Text", [](const auto& file) { write_file(file, "remember the milk\n"); }, "damaged or no state file"},
    {"LongText", [](const auto& file) { write_file(file, std::string(100'000, 'x')); },
     "damaged or no state file"},
    {"Database", [](const auto& file) { RawDatabase(file).run("CREATE TABLE t (a)"); }, "another program"},
    {"DatabaseWithALog",
     [](const auto& file) {
         // A copy taken in use: what was written last stands in the log only.
         RawDatabase raw(file.string() + ".first");
         raw.run(
             "PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA wal_checkpoint; INSERT INTO t VALUES "
             "(1)");
         write_file(file, Scratch::read(file.string() + ".first"));
         write_file(file.string() + "-wal", Scratch::read(file.string() + ".first-wal"));
     },
     "another program"},
    {"MarkedEmptyDatabase", [](const auto& file) { RawDatabase(file).run("PRAGMA application_id = 7"); },
     "another program"},
    {"NewerFormat",
     [](const auto& file) {
         of_ours(file);
         RawDatabase(file).run("PRAGMA user_version = 2");
     },
     "newer version"},
    {"DamagedHeader", [](const auto& file) { write_file(file, of_ours(file).replace(16, 60, 60, '\xee')); },
     "damaged or no state file"},
    {"CutOff", [](const auto& file) { write_file(file, of_ours(file).substr(0, 4096)); }, "damaged"},
};

INSTANTIATE_TEST_SUITE_P(Of, ForeignFile, testing::ValuesIn(foreign),
                         [](const auto& which) { return std::string(which.param.name); });

TEST(StateFile, WithoutItsTablesIsRefused) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    of_ours(file);
    RawDatabase(file).run("DROP TABLE state");
    EXPECT_THAT(refusal(file), HasSubstr("damaged or no state file: move it away"));
}

TEST(StateFile, ThatIsEmptyBecomesAStore) {
    const Scratch scratch;
    StateStore store(scratch.write("state.sqlite", ""));
    EXPECT_EQ(put(store, "k"), WFC_OK);
    EXPECT_EQ(mode_of(scratch / "state.sqlite"), 0600u);
}

TEST(StateFile, WhoseLogWasTurnedOffHasItAgain) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    of_ours(file);
    EXPECT_EQ(RawDatabase(file).run("PRAGMA journal_mode = DELETE"), "delete");
    StateStore store(file);
    EXPECT_EQ(get(store, "k"), WFC_OK);
    EXPECT_EQ(put(store, "other"), WFC_OK);
}

TEST(StateFile, ThatSomebodyHasLockedCanBeReadAndLaterWritten) {
    const Scratch scratch;
    StateStore store(scratch / "state.sqlite", std::chrono::milliseconds(50));
    EXPECT_EQ(put(store, "k"), WFC_OK);
    RawDatabase raw(scratch / "state.sqlite");
    raw.run("BEGIN IMMEDIATE");
    EXPECT_EQ(put(store, "other"), WFC_UNAVAILABLE);
    EXPECT_EQ(get(store, "k"), WFC_OK);
    raw.run("COMMIT");
    EXPECT_EQ(put(store, "other"), WFC_OK);
}

TEST(StateFile, ThatIsLockedWhileItIsMadeIsRefused) {
    const Scratch scratch;
    const auto file = scratch.write("state.sqlite", "");
    RawDatabase raw(file);
    raw.run("BEGIN EXCLUSIVE");
    EXPECT_THAT(refusal(file), HasSubstr("locked by another process"));
    raw.run("COMMIT");
    EXPECT_EQ(refusal(file), "");
}

/// The statuses of a write and then a read where the disk takes nothing any more, as 100 * write + read.
int on_a_disk_that_says(unsigned error) {
    const Scratch scratch;
    const pid_t child = fork();
    if (child == 0) {
        StateStore store(scratch / "state.sqlite", std::chrono::milliseconds(50));
        if (put(store, "k") != WFC_OK) _exit(98);
        if (!test::forbid(SYS_pwrite64, error)) _exit(test::no_filter);
        const wfc_status written = put(store, "other");
        _exit(get(store, "other") == WFC_NOT_FOUND ? 10 * written + get(store, "k") : 97);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

TEST(StateFile, OnAFullDiskRefusesWritesAndKeepsWhatItHas) {
    EXPECT_EQ(on_a_disk_that_says(ENOSPC), 10 * WFC_UNAVAILABLE + WFC_OK);
}

TEST(StateFile, OnADiskThatBecameReadOnlyRefusesWritesAndKeepsWhatItHas) {
    EXPECT_EQ(on_a_disk_that_says(EROFS), 10 * WFC_UNAVAILABLE + WFC_OK);
}

TEST(StateFile, IsNotMadeOnADiskThatFailsToSync) {
    const Scratch scratch;
    const auto make = [&] {
        return test::forbid(SYS_fsync, EIO) && refusal(scratch / "state.sqlite").empty() ? 1 : 0;
    };
    EXPECT_EQ(test::without_system_call(SYS_fdatasync, EIO, make), 0);
}

TEST(StateFile, DamagedInUseIsUnavailableAndNoWrongValue) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    std::string bytes = of_ours(file);
    for (std::size_t page = 4096; page < bytes.size(); page += 4096) bytes.replace(page, 100, 100, '\xee');
    write_file(file, bytes);
    StateStore store(file);
    EXPECT_EQ(get(store, "k"), WFC_UNAVAILABLE);
    EXPECT_EQ(put(store, "other"), WFC_UNAVAILABLE);
}

}  // namespace
}  // namespace wfc
