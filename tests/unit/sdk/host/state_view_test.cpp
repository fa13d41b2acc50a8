#include <gmock/gmock.h>

#include "host/state_store.hpp"
#include "raw_database.hpp"
#include "support/scratch.hpp"
#include "wfc/host.hpp"

namespace wfc {
namespace {

struct StateViewTest : testing::Test {
    test::Scratch scratch;
    StateStore store{scratch / "state.sqlite"};
    StateView view_of_a{store, "a.type/1"}, view_of_b{store, "b.type/1"};
    State a{view_of_a.table()}, b{view_of_b.table()};
};

const wfc_sink refusing = {nullptr, [](void*, wfc_view) noexcept -> wfc_status { return WFC_DENIED; }};

TEST_F(StateViewTest, ReadsAndWritesThroughTheTable) {
    const auto first = a.put("k", "one", 0);
    ASSERT_TRUE(first);
    EXPECT_FALSE(a.put("k", "x", 0)) << "somebody was first";
    const auto second = a.put("k", "two", *first);
    ASSERT_TRUE(second);
    const auto found = a.get("k");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->bytes, "two");
    EXPECT_EQ(found->version, *second);
    EXPECT_FALSE(a.erase("k", *first));
    EXPECT_TRUE(a.erase("k", *second));
    EXPECT_FALSE(a.get("k"));
}

TEST_F(StateViewTest, ShowsAComponentItsOwnScopeOnly) {
    ASSERT_TRUE(a.put("k", "secret of a", 0));
    EXPECT_FALSE(b.get("k"));
    EXPECT_EQ(b.list(""), "[]");
    EXPECT_TRUE(b.put("k", "of b", 0));
    EXPECT_EQ(a.get("k")->bytes, "secret of a");
}

TEST_F(StateViewTest, ListsKeysAsJson) {
    for (const char* key : {"q\"uote", "p/2", "p/1", "日本"}) ASSERT_TRUE(a.put(key, "", 0)) << key;
    EXPECT_EQ(a.list(""), R"(["p/1","p/2","q\"uote","日本"])");
    EXPECT_EQ(a.list("p/", "p/1"), R"(["p/2"])");
    EXPECT_EQ(a.list("\xe6"), R"(["日本"])") << "a prefix may end within a character";
}

TEST_F(StateViewTest, RefusesAKeyThatNoListCouldName) {
    EXPECT_THROW((void)a.put("\xff", "", 0), ServiceFailed);
    EXPECT_THROW((void)a.get("\xff"), ServiceFailed);
    EXPECT_THROW((void)a.erase("\xff", 1), ServiceFailed);
    EXPECT_THROW((void)a.put("", "", 0), ServiceFailed);
    EXPECT_EQ(a.list(""), "[]");
}

TEST_F(StateViewTest, DoesNotLetAComponentWaitLongForOthers) {
    ASSERT_TRUE(a.put("k", "value", 0));
    test::RawDatabase raw(scratch / "state.sqlite");
    raw.run("BEGIN IMMEDIATE");
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THROW((void)a.put("other", "", 0), ServiceFailed);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4)) << "the store waits for 5 s";
    EXPECT_EQ(a.get("k")->bytes, "value");
    raw.run("COMMIT");
}

TEST_F(StateViewTest, PassesOnWhatTheSinkSays) {
    ASSERT_TRUE(a.put("k", "value", 0));
    const wfc_state& table = *view_of_a.table();
    std::uint64_t version = 77;
    EXPECT_EQ(table.get(table.ctx, view("k"), refusing, &version), WFC_DENIED);
    EXPECT_EQ(version, 77u);
    EXPECT_EQ(table.list(table.ctx, view(""), view(""), refusing), WFC_DENIED);
}

TEST_F(StateViewTest, LetsTheSinkCallBack) {
    ASSERT_TRUE(a.put("k", "value", 0));
    const wfc_sink writes = {&a, [](void* ctx, wfc_view bytes) noexcept -> wfc_status {
                                 return static_cast<State*>(ctx)->put("copy", text(bytes), 0) ? WFC_OK
                                                                                              : WFC_INTERNAL;
                             }};
    const wfc_state& table = *view_of_a.table();
    EXPECT_EQ(table.get(table.ctx, view("k"), writes, nullptr), WFC_OK);
    EXPECT_EQ(a.get("copy")->bytes, "value");
    EXPECT_EQ(table.put(table.ctx, view("other"), {nullptr, 0}, 0, 0, nullptr), WFC_OK);
    EXPECT_EQ(a.get("other")->bytes, "");
}

TEST_F(StateViewTest, WritesToNoSinkWhatIsNotThere) {
    const wfc_sink never = {nullptr, [](void*, wfc_view) noexcept -> wfc_status {
                                ADD_FAILURE() << "written to";
                                return WFC_OK;
                            }};
    const wfc_state& table = *view_of_a.table();
    std::uint64_t version = 0;
    EXPECT_EQ(table.get(table.ctx, view("k"), never, &version), WFC_NOT_FOUND);
    EXPECT_EQ(table.list(table.ctx, view(std::string(600, 'p')), view(""), never), WFC_INVALID_INPUT);
}

}  // namespace
}  // namespace wfc
