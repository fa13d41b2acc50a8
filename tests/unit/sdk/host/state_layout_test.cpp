/// How rows lie in the state file: files of the first layout go on working, and those of today need few
/// pages.
#include <gtest/gtest.h>

#include "host/state_store.hpp"
#include "raw_database.hpp"
#include "support/scratch.hpp"

namespace wfc {
namespace {

using test::RawDatabase;
using test::Scratch;

/// As files were made before rows lay in the order of their coming; with "old", version 7.
constexpr const char* first_layout = R"(
    CREATE TABLE state (scope BLOB NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL,
                        expires INTEGER NOT NULL, written INTEGER NOT NULL, value BLOB NOT NULL,
                        PRIMARY KEY (scope, key)) WITHOUT ROWID;
    CREATE INDEX by_expiry ON state (expires) WHERE expires < 9223372036854775807;
    CREATE TABLE high (version INTEGER NOT NULL);
    INSERT INTO high VALUES (40);
    CREATE TRIGGER erased AFTER DELETE ON state
        BEGIN UPDATE high SET version = max(version, old.version); END;
    INSERT INTO state VALUES (CAST('s' AS BLOB), CAST('old' AS BLOB), 7, 9223372036854775807, 0,
                              CAST('value' AS BLOB));
    INSERT INTO state VALUES (CAST('s' AS BLOB), CAST('over' AS BLOB), 9,
                              1000 * (strftime('%s') - 10), 1000 * (strftime('%s') - 20),
                              CAST('value' AS BLOB));
    PRAGMA application_id = 2003198835;
    PRAGMA user_version = 1;)";

TEST(StateLayout, OfFilesThatAreOlderGoesOnWorking) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    RawDatabase(file).run(first_layout);
    StateStore store(file);
    StateValue found;
    ASSERT_EQ(store.get("s", "old", found), WFC_OK);
    EXPECT_EQ(found.bytes, "value");
    std::uint64_t version = 0;
    EXPECT_EQ(store.put("s", "old", "new", 6, 0, version), WFC_CONFLICT);
    EXPECT_EQ(store.put("s", "old", "new", 0, 0, version), WFC_CONFLICT);
    ASSERT_EQ(store.put("s", "old", "new", 7, 0, version), WFC_OK);
    EXPECT_EQ(version, 8u);
    ASSERT_EQ(store.put("s", "first", "new", 0, 0, version), WFC_OK);
    EXPECT_EQ(version, 41u) << "above all that were erased";
    ASSERT_EQ(store.put("s", "over", "new", 0, 0, version), WFC_OK);
    EXPECT_EQ(version, 10u) << "an expired one goes on";
    EXPECT_EQ(store.erase("s", "old", 7), WFC_CONFLICT);
    EXPECT_EQ(store.erase("s", "old", 8), WFC_OK);
    std::vector<std::string> keys;
    EXPECT_EQ(store.list("s", "", "", keys), WFC_OK);
    EXPECT_EQ(keys, (std::vector<std::string>{"first", "over"}));
}

TEST(StateLayout, PutsWhatIsWrittenTogetherSideBySide) {
    const Scratch scratch;
    const auto file = scratch / "state.sqlite";
    StateStore store(file);
    std::uint64_t version = 0;
    const std::string value(400, 'x');
    for (unsigned i = 0; i < 200; ++i) {  // keys without order, as digests
        const std::string key = std::to_string(i * 2'654'435'761U);
        ASSERT_EQ(store.put("s", key, value, 0, 0, version), WFC_OK);
    }
    const std::string order = RawDatabase(file).run(
        "SELECT count(*) FROM state AS one JOIN state AS next ON next.rowid = one.rowid + 1"
        " WHERE next.written >= one.written");
    EXPECT_EQ(order, "199");
}

}  // namespace
}  // namespace wfc
