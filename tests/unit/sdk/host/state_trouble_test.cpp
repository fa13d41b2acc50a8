/// The state file under a running process: a disk that is full, a lock that stays, a file that is damaged or
/// read-only. Nothing that is not on the disk is acknowledged, and nothing crashes.
#include "state_trouble.hpp"

#include <csignal>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "raw_database.hpp"

namespace wfc {
namespace {

using test::elsewhere;
using test::RawDatabase;
using test::Scratch;
using test::StateTrouble;
using testing::HasSubstr;

TEST_F(StateTrouble, OnADiskThatBecomesFullKeepsWhatItAcknowledgedAndGoesOnWhenThereIsRoom) {
    const int acknowledged = elsewhere([this] {
        std::signal(SIGXFSZ, SIG_IGN);  // as wfc does
        StateStore store(file, patience);
        if (put(store, "k0") != WFC_OK) return 250;
        rlimit limit{};
        getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = std::filesystem::file_size(file.string() + "-wal") + 50'000;
        setrlimit(RLIMIT_FSIZE, &limit);
        int written = 1;
        wfc_status status = WFC_OK;
        while (written < 200 && (status = put(store, "k" + std::to_string(written))) == WFC_OK) ++written;
        if (status != WFC_UNAVAILABLE) return 251;
        if (put(store, "again") != WFC_UNAVAILABLE || put(store, "k0") != WFC_CONFLICT) return 252;
        if (get(store, "k0") != WFC_OK || get(store, "again") != WFC_NOT_FOUND) return 253;
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_FSIZE, &limit);
        return put(store, "later") == WFC_OK ? written : 254;
    });
    ASSERT_GT(acknowledged, 1);
    ASSERT_LT(acknowledged, 200) << "or it says what went wrong";
    StateStore store(file);
    for (int i = 0; i < acknowledged; ++i) EXPECT_EQ(get(store, "k" + std::to_string(i)), WFC_OK) << i;
    EXPECT_EQ(get(store, "later"), WFC_OK);
    EXPECT_EQ(get(store, "again"), WFC_NOT_FOUND);
}

TEST_F(StateTrouble, OnAFullDiskItSaysSoWhenItCannotBeMade) {
    const int said = elsewhere([this] {
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{100, 100};
        setrlimit(RLIMIT_FSIZE, &limit);
        const std::string why = refusal(file);
        return why.find("disk is full") != std::string::npos && why.find("make room") != std::string::npos
                   ? 0
                   : 1;
    });
    EXPECT_EQ(said, 0);
}

TEST_F(StateTrouble, LockedByAnotherProcessForLongerThanThePatience) {
    { StateStore made(file); }
    int locked[2], enough[2];
    ASSERT_EQ(pipe2(locked, O_CLOEXEC), 0);
    ASSERT_EQ(pipe2(enough, O_CLOEXEC), 0);
    char byte = 'x';
    const pid_t other = fork();
    if (other == 0) {
        RawDatabase raw(file);
        raw.run("BEGIN IMMEDIATE");
        const bool told = ::write(locked[1], &byte, 1) == 1 && ::read(enough[0], &byte, 1) == 1;
        raw.run("COMMIT");
        _exit(told ? 0 : 1);
    }
    EXPECT_EQ(::read(locked[0], &byte, 1), 1);
    StateStore store(file, patience);
    EXPECT_EQ(put(store, "k"), WFC_UNAVAILABLE);
    EXPECT_EQ(store.erase("s", "k", 1), WFC_UNAVAILABLE);
    EXPECT_EQ(get(store, "k"), WFC_NOT_FOUND) << "who reads waits for no writer";
    EXPECT_EQ(::write(enough[1], &byte, 1), 1);
    int status = 0;
    waitpid(other, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT_EQ(put(store, "k"), WFC_OK);
    for (const int end : {locked[0], locked[1], enough[0], enough[1]}) close(end);
}

TEST_F(StateTrouble, OverwrittenInUseItTakesNoWriteAndSaysSoLater) {
    {
        StateStore store(file, patience);
        ASSERT_EQ(put(store, "k"), WFC_OK);
        ASSERT_EQ(elsewhere([this] {
                      RawDatabase(file).run("PRAGMA wal_checkpoint(TRUNCATE)");
                      return 0;
                  }),
                  0);
        overwrite("", "remember the milk\n");
        expect_unavailable(store, 1);
    }
    EXPECT_THAT(refusal(file), HasSubstr("damaged or no state file: move it away, and a new one is made"));
}

TEST_F(StateTrouble, EmptiedInUseItTakesNoWrite) {
    StateStore store(file, patience);
    ASSERT_EQ(put(store, "k"), WFC_OK);
    ASSERT_EQ(truncate(file.c_str(), 0), 0);
    expect_unavailable(store, 1);
}

TEST_F(StateTrouble, WithoutTheIndexThatItHasMappedItIsUnavailableAndDoesNotCrash) {
    StateStore store(file, patience);
    ASSERT_EQ(put(store, "k"), WFC_OK);
    const std::string index = file.string() + "-shm";
    ASSERT_EQ(truncate(index.c_str(), 0), 0);
    expect_unavailable(store, 1);
}

TEST_F(StateTrouble, DamagedInUseAnywhereItNeverGivesAWrongValue) {
    {
        StateStore made(file);
        RawDatabase(file).run(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 299)"
            " INSERT INTO state SELECT CAST('s' AS BLOB), CAST('k' || i AS BLOB), 1, 9223372036854775807, 0,"
            " CAST('value of k' || i AS BLOB) FROM n");
    }
    const auto pages = std::filesystem::file_size(file) / 4096;
    ASSERT_GT(pages, 4u);
    for (std::size_t page = 1; page < pages; ++page) {
        StateStore store(file, patience);
        ASSERT_EQ(get(store, "k0"), WFC_OK);
        const std::string before = Scratch::read(file).substr(page * 4096, 4096);
        overwrite("", std::string(4096, '\xee'), static_cast<off_t>(page * 4096));
        for (int i = 0; i < 300; i += 7) {
            const wfc_status status = get(store, "k" + std::to_string(i));
            EXPECT_TRUE(status == WFC_OK || status == WFC_UNAVAILABLE) << status << " page " << page;
        }
        const wfc_status written = put(store, "new" + std::to_string(page));
        EXPECT_TRUE(written == WFC_OK || written == WFC_UNAVAILABLE) << written;
        overwrite("", before, static_cast<off_t>(page * 4096));
    }
}

/// As somebody whom the modes of files bind, even where this is root.
std::string refusal_for_a_user(const std::filesystem::path& file) {
    int out[2];
    EXPECT_EQ(pipe2(out, O_CLOEXEC), 0);
    elsewhere([&] {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
        if (syscall(SYS_capset, &header, none) != 0) return 1;
        const std::string why = StateTrouble::refusal(file);
        return ::write(out[1], why.data(), why.size()) == ssize_t(why.size()) ? 0 : 1;
    });
    close(out[1]);
    std::string why(4096, '\0');
    const ssize_t read = ::read(out[0], why.data(), why.size());
    close(out[0]);
    why.resize(read < 0 ? 0 : static_cast<std::size_t>(read));
    return why;
}

TEST_F(StateTrouble, AReadOnlyFileOrFolderIsRefusedWithAdvice) {
    EXPECT_EQ(refusal_for_a_user(file), "");
    chmod(file.c_str(), 0400);
    EXPECT_THAT(refusal_for_a_user(file), HasSubstr("read-only; make it writable, or set WFC_HOME"));
    chmod(file.c_str(), 0600);
    chmod(scratch.path().c_str(), 0500);
    EXPECT_THAT(refusal_for_a_user(file), HasSubstr("make it"));
    EXPECT_THAT(refusal_for_a_user(scratch / "other"),
                HasSubstr("make its folder writable, or set WFC_HOME"));
    chmod(scratch.path().c_str(), 0700);
}

}  // namespace
}  // namespace wfc
