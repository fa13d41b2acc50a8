#include "host/state_store.hpp"

#include <gmock/gmock.h>
#include <limits>
#include <thread>

#include "raw_database.hpp"
#include "support/scratch.hpp"

namespace wfc {
namespace {

using test::RawDatabase;
using test::Scratch;
using testing::ElementsAre;
using testing::IsEmpty;

struct StateStoreTest : testing::Test {
    Scratch scratch;
    std::filesystem::path file = scratch / "state.sqlite";
    StateStore store{file};

    std::uint64_t put(std::string_view key, std::string_view bytes, std::uint64_t expected,
                      std::uint64_t ttl_ms = 0, std::string_view scope = "s") {
        std::uint64_t version = 0;
        EXPECT_EQ(store.put(scope, key, bytes, expected, ttl_ms, version), WFC_OK) << key;
        return version;
    }
    wfc_status status_of_put(std::string_view key, std::string_view bytes, std::uint64_t expected) {
        std::uint64_t version = 77;
        const wfc_status status = store.put("s", key, bytes, expected, 0, version);
        EXPECT_EQ(version == 77, status != WFC_OK) << "untouched by a failure";
        return status;
    }
    wfc_status status_of_get(std::string_view key, std::string_view scope = "s") {
        StateValue ignored;
        return store.get(scope, key, ignored);
    }
    std::string bytes_of(std::string_view key, std::string_view scope = "s") {
        StateValue found;
        EXPECT_EQ(store.get(scope, key, found), WFC_OK) << key;
        return found.bytes;
    }
    std::vector<std::string> list(std::string_view prefix = {}, std::string_view after = {},
                                  std::string_view scope = "s") {
        std::vector<std::string> keys = {"left over"};
        EXPECT_EQ(store.list(scope, prefix, after, keys), WFC_OK);
        return keys;
    }
    /// As if its time to live were over, since so many milliseconds.
    void expire(const std::string& key, std::int64_t since_ms = 1000) {
        RawDatabase(file).run("UPDATE state SET expires = written - " + std::to_string(since_ms) +
                              " WHERE key = CAST('" + key + "' AS BLOB)");
    }
};

TEST_F(StateStoreTest, GivesBackEveryByteWithItsVersion) {
    const std::string bytes("\0\xff\r\n'%_\0", 8);
    const std::uint64_t version = put("k", bytes, 0);
    StateValue found;
    EXPECT_EQ(store.get("s", "k", found), WFC_OK);
    EXPECT_EQ(found.bytes, bytes);
    EXPECT_EQ(found.version, version);
    EXPECT_GT(version, 0u);
    put("empty", "", 0);
    EXPECT_EQ(bytes_of("empty"), "");
    EXPECT_EQ(status_of_get("other"), WFC_NOT_FOUND);
}

TEST_F(StateStoreTest, TakesAWriteOnlyForTheVersionThatIsThere) {
    EXPECT_EQ(status_of_put("k", "x", 1), WFC_CONFLICT) << "there is none yet";
    const std::uint64_t first = put("k", "a", 0);
    EXPECT_EQ(status_of_put("k", "x", 0), WFC_CONFLICT);
    EXPECT_EQ(status_of_put("k", "x", first + 1), WFC_CONFLICT);
    EXPECT_EQ(status_of_put("k", "x", std::numeric_limits<std::uint64_t>::max()), WFC_CONFLICT);
    const std::uint64_t second = put("k", "b", first);
    EXPECT_GT(second, first);
    EXPECT_EQ(status_of_put("k", "x", first), WFC_CONFLICT);
    EXPECT_EQ(bytes_of("k"), "b");
}

TEST_F(StateStoreTest, ErasesOnlyTheVersionThatIsThere) {
    EXPECT_EQ(store.erase("s", "k", 1), WFC_NOT_FOUND);
    EXPECT_EQ(store.erase("s", "k", 0), WFC_NOT_FOUND);
    const std::uint64_t version = put("k", "a", 0);
    EXPECT_EQ(store.erase("s", "k", 0), WFC_CONFLICT);
    EXPECT_EQ(store.erase("s", "k", version + 1), WFC_CONFLICT);
    EXPECT_EQ(store.erase("s", "k", std::numeric_limits<std::uint64_t>::max()), WFC_CONFLICT);
    EXPECT_EQ(bytes_of("k"), "a");
    EXPECT_EQ(store.erase("s", "k", version), WFC_OK);
    EXPECT_EQ(status_of_get("k"), WFC_NOT_FOUND);
    EXPECT_EQ(store.erase("s", "k", version), WFC_NOT_FOUND);
}

TEST_F(StateStoreTest, NeverGivesAVersionTwiceToAKeyThatWasErasedOrExpired) {
    const std::uint64_t old = put("k", "a", put("k", "a", 0));
    EXPECT_EQ(store.erase("s", "k", old), WFC_OK);
    const std::uint64_t again = put("k", "b", 0);
    EXPECT_GT(again, old);
    EXPECT_EQ(status_of_put("k", "x", old), WFC_CONFLICT);
    EXPECT_EQ(store.erase("s", "k", old), WFC_CONFLICT);

    const std::uint64_t brief = put("k", "c", again, 3'600'000);
    expire("k");
    EXPECT_GT(put("k", "d", 0), brief);
    EXPECT_EQ(status_of_put("k", "x", brief), WFC_CONFLICT);
    EXPECT_EQ(bytes_of("k"), "d");
}

TEST_F(StateStoreTest, TreatsAnExpiredValueAsIfItWereNotThere) {
    const std::uint64_t gone = put("gone", "a", 0, 3'600'000);
    put("stays", "b", 0, 3'600'000);
    put("for good", "c", 0, std::numeric_limits<std::uint64_t>::max());
    expire("gone");
    EXPECT_EQ(status_of_get("gone"), WFC_NOT_FOUND);
    EXPECT_EQ(store.erase("s", "gone", gone), WFC_NOT_FOUND);
    EXPECT_EQ(status_of_put("gone", "x", gone), WFC_CONFLICT);
    EXPECT_THAT(list(), ElementsAre("for good", "stays"));
    put("gone", "new", 0);
    EXPECT_EQ(bytes_of("gone"), "new");
}

TEST_F(StateStoreTest, AWriteGivesAValueANewTimeToLive) {
    const auto life = [this] { return RawDatabase(file).run("SELECT expires - written FROM state"); };
    const std::uint64_t brief = put("k", "a", put("k", "a", 0), 3'600'000);
    EXPECT_EQ(life(), "3600000");
    const std::uint64_t lasting = put("k", "b", brief, 0);
    EXPECT_GT(life().size(), 15u);
    put("k", "b", lasting, 60'000);
    EXPECT_EQ(life(), "60000");
}

TEST_F(StateStoreTest, RemovesExpiredRowsNowAndThenInBoundedSteps) {
    RawDatabase raw(file);
    raw.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
        " INSERT INTO state SELECT CAST('s' AS BLOB), CAST(i AS BLOB), i, 1, 1, x'' FROM n");
    put("live", "x", 0);
    EXPECT_EQ(raw.run("SELECT count(*) FROM state"), "51");
    for (std::uint64_t i = 0, version = 1; i < 63; ++i) version = put("counter", "x", i == 0 ? 0 : version);
    EXPECT_EQ(raw.run("SELECT count(*) FROM state"), "52");
    put("another", "x", 0);
    EXPECT_EQ(raw.run("SELECT group_concat(CAST(key AS TEXT)) FROM state"), "another,counter,live");
    EXPECT_GT(put("150", "x", 0), 150u) << "the versions of removed rows stay used";
}

TEST_F(StateStoreTest, ListsKeysInByteOrder) {
    for (const char* key : {"b", "a", "aa", "\xc3\xa9", "B", "a%", "a_", "\xff", "\xff\xff"})
        put(key, "x", 0);
    EXPECT_THAT(list(), ElementsAre("B", "a", "a%", "a_", "aa", "b", "\xc3\xa9", "\xff", "\xff\xff"));
    EXPECT_THAT(list("a"), ElementsAre("a", "a%", "a_", "aa"));
    EXPECT_THAT(list("a%"), ElementsAre("a%"));
    EXPECT_THAT(list("a_"), ElementsAre("a_"));
    EXPECT_THAT(list("\xff"), ElementsAre("\xff", "\xff\xff"));
    EXPECT_THAT(list("A"), IsEmpty());
    EXPECT_THAT(list("", "aa"), ElementsAre("b", "\xc3\xa9", "\xff", "\xff\xff"));
    EXPECT_THAT(list("", "a"), ElementsAre("a%", "a_", "aa", "b", "\xc3\xa9", "\xff", "\xff\xff"));
    EXPECT_THAT(list("a", "a"), ElementsAre("a%", "a_", "aa"));
    EXPECT_THAT(list("a", "B"), ElementsAre("a", "a%", "a_", "aa")) << "after may come before the prefix";
    EXPECT_THAT(list("a", "b"), IsEmpty());
}

TEST_F(StateStoreTest, TellsKeysApartThatDifferInANulOnly) {
    const std::string nul("a\0", 2), more("a\0b", 3);
    put("a", "1", 0);
    put(nul, "2", 0);
    put(more, "3", 0);
    EXPECT_EQ(bytes_of(nul), "2");
    EXPECT_THAT(list(nul), ElementsAre(nul, more));
    EXPECT_THAT(list("", "a"), ElementsAre(nul, more));
    EXPECT_THAT(list("", nul), ElementsAre(more));
}

TEST_F(StateStoreTest, ListsAThousandKeysAtMostAndGoesOnAfterTheLast) {
    RawDatabase(file).run(
        "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 2004)"
        " INSERT INTO state SELECT CAST('s' AS BLOB), CAST(i AS BLOB), i, 9223372036854775807, 0, x'' FROM "
        "n");
    const std::vector<std::string> first = list();
    ASSERT_EQ(first.size(), StateStore::keys_per_list);
    EXPECT_EQ(first.front(), "1000");
    EXPECT_EQ(first.back(), "1999");
    EXPECT_THAT(list("", first.back()), ElementsAre("2000", "2001", "2002", "2003", "2004"));
}

TEST_F(StateStoreTest, KeepsScopesApart) {
    const std::uint64_t version = put("k", "one", 0, 0, "a");
    put("k", "two", 0, 0, "ab");
    EXPECT_EQ(bytes_of("k", "a"), "one");
    EXPECT_EQ(bytes_of("k", "ab"), "two");
    EXPECT_EQ(store.erase("a", "k", version), WFC_OK);
    EXPECT_EQ(status_of_get("k", "a"), WFC_NOT_FOUND);
    EXPECT_THAT(list("", "", "a"), IsEmpty());
    EXPECT_THAT(list("", "", "ab"), ElementsAre("k"));
}

TEST_F(StateStoreTest, RefusesWhatIsTooLargeOrHasNoName) {
    const std::string key(512, 'k'), scope(128, 's'), value(1024 * 1024, 'v');
    put(key, value, 0, 0, scope);
    EXPECT_EQ(bytes_of(key, scope), value);
    EXPECT_THAT(list(key, "", scope), ElementsAre(key));

    StateValue ignored;
    std::uint64_t version = 0;
    std::vector<std::string> keys;
    for (const auto& [bad_scope, bad_key] :
         {std::pair{scope, key + "k"}, std::pair{scope + "s", key}, std::pair{scope, std::string()},
          std::pair{std::string(), key}}) {
        EXPECT_EQ(store.get(bad_scope, bad_key, ignored), WFC_INVALID_INPUT);
        EXPECT_EQ(store.put(bad_scope, bad_key, "", 0, 0, version), WFC_INVALID_INPUT);
        EXPECT_EQ(store.erase(bad_scope, bad_key, 1), WFC_INVALID_INPUT);
    }
    EXPECT_EQ(store.put("s", "k", value + "v", 0, 0, version), WFC_INVALID_INPUT);
    EXPECT_EQ(store.list("", "", "", keys), WFC_INVALID_INPUT);
    EXPECT_EQ(store.list(scope + "s", "", "", keys), WFC_INVALID_INPUT);
    EXPECT_EQ(store.list("s", key + "k", "", keys), WFC_INVALID_INPUT);
    EXPECT_EQ(store.list("s", "", key + "k", keys), WFC_INVALID_INPUT);
    EXPECT_THAT(list(), IsEmpty());
}

TEST_F(StateStoreTest, SharesTheFileWithOtherStoresAndOutlivesThem) {
    std::uint64_t version = 0;
    {
        StateStore other(file);
        EXPECT_EQ(other.put("s", "k", "theirs", 0, 0, version), WFC_OK);
        EXPECT_EQ(bytes_of("k"), "theirs");
    }
    EXPECT_EQ(put("k", "ours", version), version + 1);
    StateStore later(file);
    StateValue found;
    EXPECT_EQ(later.get("s", "k", found), WFC_OK);
    EXPECT_EQ(found.bytes, "ours");
    EXPECT_EQ(found.version, version + 1);
}

TEST_F(StateStoreTest, LetsManyThreadsCountWithoutLosingOne) {
    put("n", "0", 0);
    const auto count = [this] {
        for (int won = 0; won < 10;) {
            StateValue found;
            if (store.get("s", "n", found) != WFC_OK) return;
            const std::string next = std::to_string(std::stoi(found.bytes) + 1);
            won += store.put("s", "n", next, found.version, 0, found.version) == WFC_OK ? 1 : 0;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back(count);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(bytes_of("n"), "80");
}

}  // namespace
}  // namespace wfc
