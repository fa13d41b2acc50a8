/// Writes of parallel calls in one transaction: each keeps its own result, whatever becomes of the others.
#include <gmock/gmock.h>
#include <map>
#include <sys/syscall.h>
#include <thread>

#include "host/state_store.hpp"
#include "host/state_writing.hpp"
#include "raw_database.hpp"
#include "support/scratch.hpp"
#include "without_system_call.hpp"

namespace wfc {
namespace {

using test::RawDatabase;
using test::Scratch;
using testing::ElementsAre;

struct StateSharing : testing::Test {
    Scratch scratch;
    std::filesystem::path file = scratch / "state.sqlite";
    const StateWriter::Deadline deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    StateWriting writing{file, deadline};

    static StateWrite put(std::string key, std::string bytes = "x", std::int64_t expected = 0,
                          std::uint64_t ttl_ms = 0) {
        return {StateWrite::Kind::put, "s", std::move(key), std::move(bytes), expected, ttl_ms};
    }
    static StateWrite erase(std::string key, std::int64_t expected) {
        return {StateWrite::Kind::erase, "s", std::move(key), {}, expected};
    }
    /// Their statuses, in one transaction.
    std::vector<wfc_status> together(std::vector<StateWrite> writes) {
        std::vector<StateWrite*> batch;
        for (StateWrite& write : writes) batch.push_back(&write);
        EXPECT_EQ(writing.begin(deadline), std::nullopt);
        writing.carry_out(batch, deadline);
        std::vector<wfc_status> statuses;
        for (const StateWrite& write : writes) statuses.push_back(write.status);
        return statuses;
    }
    std::string keys() const {
        return RawDatabase(file).run("SELECT group_concat(CAST(key AS TEXT)) FROM state");
    }
    std::size_t log_bytes() const { return std::filesystem::file_size(file.string() + "-wal"); }
    /// As if the write of the key failed on the disk.
    void poison(const std::string& key, const std::string& how) const {
        RawDatabase(file).run("CREATE TRIGGER poison BEFORE INSERT ON state WHEN NEW.key = CAST('" + key +
                              "' AS BLOB) BEGIN SELECT RAISE(" + how + ", 'poisoned'); END");
    }
};

TEST_F(StateSharing, ManyWritesTakeOneCommit) {
    together({put("first")});
    const std::size_t before = log_bytes();
    std::vector<StateWrite> writes;
    for (int i = 0; i < 16; ++i) writes.push_back(put("k" + std::to_string(i)));
    EXPECT_THAT(together(std::move(writes)), testing::Each(WFC_OK));
    EXPECT_LT(log_bytes() - before, 16 * 4096u) << "each commit writes at least one page";
}

TEST_F(StateSharing, AConflictOfOneDoesNotUndoTheOthers) {
    EXPECT_THAT(together({put("there"), put("old")}), ElementsAre(WFC_OK, WFC_OK));
    EXPECT_THAT(
        together({put("a"), put("there"), put("a"), erase("old", 1), erase("old", 1), put("there", "new", 1),
                  put("none", "x", 1), put("b")}),
        ElementsAre(WFC_OK, WFC_CONFLICT, WFC_CONFLICT, WFC_OK, WFC_CONFLICT, WFC_OK, WFC_CONFLICT, WFC_OK));
    EXPECT_EQ(keys(), "a,b,there");
    EXPECT_EQ(RawDatabase(file).run("SELECT version FROM state WHERE key = CAST('there' AS BLOB)"), "2");
}

TEST_F(StateSharing, AKeyThatIsErasedAndMadeInOneCommitHasANewVersion) {
    together({put("k")});
    EXPECT_THAT(together({erase("k", 1), put("k", "again")}), ElementsAre(WFC_OK, WFC_OK));
    EXPECT_EQ(RawDatabase(file).run("SELECT version FROM state"), "2");
}

TEST_F(StateSharing, AStatementThatFailsFailsAlone) {
    for (const char* how : {"ABORT", "FAIL", "ROLLBACK"}) {
        SCOPED_TRACE(how);
        RawDatabase(file).run("DROP TRIGGER IF EXISTS poison; DELETE FROM state");
        poison("bad", how);
        EXPECT_THAT(together({put("a"), put("bad"), put("a"), put("b"), erase("c", 1)}),
                    ElementsAre(WFC_OK, WFC_UNAVAILABLE, WFC_CONFLICT, WFC_OK, WFC_CONFLICT));
        EXPECT_EQ(keys(), "a,b");
        EXPECT_THAT(together({put("bad")}), ElementsAre(WFC_UNAVAILABLE));
        EXPECT_THAT(together({put("c")}), ElementsAre(WFC_OK));
    }
}

TEST_F(StateSharing, ACommitThatFailsFailsAllThatAreNotOnTheDisk) {
    together({put("there")});
    const auto work = [&] {
        const auto statuses = together({put("a"), put("there"), put("a"), put("b")});
        const bool right = statuses == std::vector<wfc_status>{WFC_UNAVAILABLE, WFC_CONFLICT, WFC_UNAVAILABLE,
                                                               WFC_UNAVAILABLE};
        return right && keys() == "there" ? 0 : 1;
    };
    EXPECT_EQ(test::without_system_call(SYS_pwrite64, ENOSPC, work), 0);
    EXPECT_EQ(test::without_system_call(SYS_fdatasync, EIO, work), 0);
    EXPECT_THAT(together({put("a"), put("b")}), ElementsAre(WFC_OK, WFC_OK));
}

TEST_F(StateSharing, ATimeToLiveThatPassedDuringTheCommitIsAConflictOfThatWriteOnly) {
    for (int i = 0; i < 20; ++i) {
        const std::string n = std::to_string(i);
        const auto statuses = together({put("brief" + n, "x", 0, 1), put("long" + n, "x", 0, 3'600'000)});
        EXPECT_TRUE(statuses[0] == WFC_OK || statuses[0] == WFC_CONFLICT) << statuses[0];
        EXPECT_EQ(statuses[1], WFC_OK);
    }
}

/// Each thread with the patience it was given, while another writer holds the file.
TEST_F(StateSharing, NobodyWaitsLongerForALockThanHeWants) {
    StateStore store(file, std::chrono::minutes(2));
    RawDatabase raw(file);
    raw.run("BEGIN IMMEDIATE");
    std::vector<std::thread> patient;
    for (int i = 0; i < 4; ++i) {
        patient.emplace_back([&, i] {
            std::uint64_t version = 0;
            EXPECT_EQ(store.put("s", "patient" + std::to_string(i), "x", 0, 0, version), WFC_OK);
        });
    }
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t version = 0;
    StateStore hasty = store.with_patience(std::chrono::milliseconds(100));
    EXPECT_EQ(hasty.put("s", "hasty", "x", 0, 0, version), WFC_UNAVAILABLE);
    EXPECT_EQ(hasty.erase("s", "hasty", 1), WFC_UNAVAILABLE);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
    raw.run("COMMIT");
    for (std::thread& thread : patient) thread.join();
    EXPECT_EQ(keys(), "patient0,patient1,patient2,patient3") << "who left is not written";
}

TEST_F(StateSharing, OneOfManyThreadsWinsEachVersion) {
    StateStore store(file);
    std::mutex mutex;
    std::map<std::uint64_t, int> winners;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (std::uint64_t expected = 0; expected < 10;) {
                std::uint64_t version = 0;
                const wfc_status status = store.put("s", "k", "x", expected, 0, version);
                if (status == WFC_OK) {
                    const std::lock_guard lock(mutex);
                    ++winners[version];
                } else if (status != WFC_CONFLICT) {
                    ADD_FAILURE() << status;
                    return;
                }
                ++expected;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(winners.size(), 10u);
    for (const auto& [version, count] : winners) EXPECT_EQ(count, 1) << version;
}

}  // namespace
}  // namespace wfc
