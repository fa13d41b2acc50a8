/// The state store and the clock: from when a time to live counts, and what a clock that was wrong may end.
#include <chrono>
#include <gmock/gmock.h>
#include <thread>

#include "host/state_store.hpp"
#include "raw_database.hpp"
#include "support/scratch.hpp"

namespace wfc {
namespace {

using test::RawDatabase;
using testing::ElementsAre;

struct StateExpiry : testing::Test {
    test::Scratch scratch;
    std::filesystem::path file = scratch / "state.sqlite";
    StateStore store{file};

    std::uint64_t put(std::string_view key, std::string_view bytes, std::uint64_t expected,
                      std::uint64_t ttl_ms = 0) {
        std::uint64_t version = 0;
        EXPECT_EQ(store.put("s", key, bytes, expected, ttl_ms, version), WFC_OK) << key;
        return version;
    }
    wfc_status status_of_put(std::string_view key, std::string_view bytes, std::uint64_t expected) {
        std::uint64_t ignored = 0;
        return store.put("s", key, bytes, expected, 0, ignored);
    }
    wfc_status status_of_get(std::string_view key) {
        StateValue ignored;
        return store.get("s", key, ignored);
    }
    std::string bytes_of(std::string_view key) {
        StateValue found;
        EXPECT_EQ(store.get("s", key, found), WFC_OK) << key;
        return found.bytes;
    }
    std::vector<std::string> list() {
        std::vector<std::string> keys;
        EXPECT_EQ(store.list("s", "", "", keys), WFC_OK);
        return keys;
    }
    /// As if its time to live were over, since so many milliseconds.
    void expire(const std::string& key, std::int64_t since_ms) {
        RawDatabase(file).run("UPDATE state SET expires = written - " + std::to_string(since_ms) +
                              " WHERE key = CAST('" + key + "' AS BLOB)");
    }
};

TEST_F(StateExpiry, KeepsWhatExpiredWithinADayAsTheClockMayBeWrong) {
    put("lately", "x", 0, 1'000'000);
    expire("lately", 23 * 3'600'000);
    put("long ago", "x", 0, 1'000'000);
    expire("long ago", 25 * 3'600'000);
    for (std::uint64_t i = 0, version = 0; i < 64; ++i) version = put("counter", "x", version);
    EXPECT_EQ(RawDatabase(file).run("SELECT group_concat(CAST(key AS TEXT)) FROM state"), "counter,lately");
}

TEST_F(StateExpiry, TakesABriefValueOfTheFutureAsExpired) {
    const auto written_in = [this](const std::string& key, std::int64_t ms) {
        RawDatabase(file).run("UPDATE state SET written = written + " + std::to_string(ms) +
                              ", expires = expires + " + std::to_string(ms) + " WHERE key = CAST('" + key +
                              "' AS BLOB)");
    };
    const std::uint64_t lease = put("lease", "theirs", 0, 30'000);
    put("soon", "x", 0, 30'000);
    put("record", "x", 0, 30LL * 86'400'000);
    written_in("lease", 3'600'000);  // then the clock was set back
    written_in("soon", 30'000);
    written_in("record", 3'600'000);
    EXPECT_EQ(status_of_get("lease"), WFC_NOT_FOUND);
    EXPECT_EQ(store.erase("s", "lease", lease), WFC_NOT_FOUND);
    EXPECT_EQ(status_of_put("lease", "x", lease), WFC_CONFLICT);
    EXPECT_THAT(list(), ElementsAre("record", "soon"));
    EXPECT_GT(put("lease", "ours", 0, 30'000), lease);
    EXPECT_EQ(bytes_of("lease"), "ours");
    EXPECT_EQ(status_of_put("record", "x", 0), WFC_CONFLICT) << "what shall be kept long is kept";
}

TEST_F(StateExpiry, CountsATimeToLiveFromTheEndOfTheWait) {
    RawDatabase raw(file);
    raw.run("BEGIN IMMEDIATE");
    std::thread writer([this] { put("k", "x", 0, 3'600'000); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the longer, the more it would show
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto released = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    raw.run("COMMIT");
    writer.join();
    EXPECT_GE(std::stoll(raw.run("SELECT expires FROM state")), released + 3'600'000);
}

TEST_F(StateExpiry, DoesNotPromiseAValueWhoseTimeHasPassedBeforeItWasOnTheDisk) {
    for (std::uint64_t i = 0; i < 20; ++i) {
        std::uint64_t version = 77;
        const std::string key = "k" + std::to_string(i);
        const wfc_status status = store.put("s", key, "x", 0, 1, version);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        EXPECT_TRUE(status == WFC_OK || (status == WFC_CONFLICT && version == 77)) << status;
        EXPECT_EQ(status_of_get(key), WFC_NOT_FOUND);
    }
}

}  // namespace
}  // namespace wfc
