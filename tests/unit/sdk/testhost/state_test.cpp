#include "testhost/state.hpp"

#include <gmock/gmock.h>
#include <limits>
#include <thread>

#include "testhost/testhost.hpp"
#include "wfc/host.hpp"

namespace wfc::testhost {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

struct MemoryStateTest : testing::Test {
    TestHost host;
    MemoryState& memory = host.state();
    State state = Host(host.table()).state();

    wfc_status status_of(const std::function<void()>& work) {
        try {
            work();
        } catch (const ServiceFailed& failed) {
            return failed.status();
        }
        return WFC_OK;
    }
};

TEST_F(MemoryStateTest, ComparesAndSwaps) {
    EXPECT_FALSE(state.get("k"));
    EXPECT_FALSE(state.put("k", "x", 1));
    const auto first = state.put("k", "one", 0);
    ASSERT_TRUE(first);
    EXPECT_FALSE(state.put("k", "x", 0));
    const auto second = state.put("k", "two", *first);
    ASSERT_TRUE(second);
    EXPECT_FALSE(state.put("k", "x", *first));
    EXPECT_EQ(state.get("k")->bytes, "two");
    EXPECT_EQ(state.get("k")->version, *second);
    EXPECT_THAT(memory.get("k"), Optional(std::string("two")));
    EXPECT_FALSE(state.erase("k", *first));
    EXPECT_TRUE(state.erase("k", *second));
    EXPECT_FALSE(state.erase("k", *second));
    EXPECT_NE(state.put("k", "three", 0), first) << "a version never returns";
}

TEST_F(MemoryStateTest, TakesABriefValueOfTheFutureAsExpired) {
    constexpr std::int64_t now = 1'800'000'000'000;
    host.unix_time(now + 3'600'000);
    const auto lease = state.put("lease", "theirs", 0, 30'000);
    ASSERT_TRUE(state.put("record", "x", 0, 30ULL * 86'400'000));
    ASSERT_TRUE(state.put("for good", "x", 0));
    host.unix_time(now + 30'000);
    ASSERT_TRUE(state.put("soon", "x", 0, 30'000));
    host.unix_time(now);  // set back
    EXPECT_FALSE(state.get("lease"));
    EXPECT_FALSE(state.put("lease", "x", *lease));
    EXPECT_EQ(state.list(""), R"(["for good","record","soon"])");
    EXPECT_TRUE(state.put("lease", "ours", 0, 30'000));
    EXPECT_FALSE(state.put("record", "x", 0)) << "what shall be kept long is kept";
}

TEST_F(MemoryStateTest, LetsValuesExpireOnTheCrankedClock) {
    const auto brief = state.put("brief", "x", 0, 1000);
    ASSERT_TRUE(brief);
    ASSERT_TRUE(state.put("long", "x", 0, std::numeric_limits<std::uint64_t>::max()));
    host.advance(999);
    EXPECT_TRUE(state.get("brief"));
    host.advance(1);
    EXPECT_FALSE(state.get("brief"));
    EXPECT_FALSE(memory.get("brief"));
    EXPECT_EQ(state.list(""), R"(["long"])");
    EXPECT_THAT(memory.keys(), ElementsAre("long"));
    EXPECT_FALSE(state.erase("brief", *brief));
    EXPECT_FALSE(state.put("brief", "y", *brief));
    EXPECT_TRUE(state.put("brief", "y", 0));
    host.advance(1'000'000);
    EXPECT_TRUE(state.get("brief")) << "the new value has no time to live";
}

TEST_F(MemoryStateTest, ListsInByteOrderAThousandAtMost) {
    for (const char* key : {"b", "a/2", "a/1", "a\"", "\xc3\xa9"}) memory.put(key, "");
    EXPECT_EQ(state.list(""), "[\"a\\\"\",\"a/1\",\"a/2\",\"b\",\"\xc3\xa9\"]");
    EXPECT_EQ(state.list("a/"), R"(["a/1","a/2"])");
    EXPECT_EQ(state.list("a/", "a/1"), R"(["a/2"])");
    EXPECT_EQ(state.list("c"), "[]");
    for (int i = 0; i < 1001; ++i) memory.put("n" + std::to_string(10'000 + i), "");
    const std::string listed = state.list("n");
    EXPECT_NE(listed.find("n10999"), std::string::npos);
    EXPECT_EQ(listed.find("n11000"), std::string::npos);
    EXPECT_EQ(state.list("n", "n10999"), R"(["n11000"])");
}

TEST_F(MemoryStateTest, HasTheLimitsOfTheRealOne) {
    const std::string key(512, 'k'), value(1024 * 1024, 'v');
    EXPECT_TRUE(state.put(key, value, 0));
    EXPECT_EQ(status_of([&] { state.put(key + "k", "", 0); }), WFC_INVALID_INPUT);
    EXPECT_EQ(status_of([&] { state.put("k", value + "v", 0); }), WFC_INVALID_INPUT);
    EXPECT_EQ(status_of([&] { state.get(""); }), WFC_INVALID_INPUT);
    EXPECT_EQ(status_of([&] { state.erase("", 1); }), WFC_INVALID_INPUT);
    for (const char* bad : {"\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
        EXPECT_EQ(status_of([&] { state.put(bad, "", 0); }), WFC_INVALID_INPUT) << bad;
        EXPECT_EQ(status_of([&] { state.get(bad); }), WFC_INVALID_INPUT) << bad;
        EXPECT_EQ(status_of([&] { state.erase(bad, 1); }), WFC_INVALID_INPUT) << bad;
    }
    for (const char* good : {"日本", "\xf0\x9f\x93\xa7", "\x7f"}) EXPECT_TRUE(state.put(good, "", 0)) << good;
    EXPECT_EQ(status_of([&] { state.list(key + "k"); }), WFC_INVALID_INPUT);
}

TEST_F(MemoryStateTest, CanBeMadeToFail) {
    memory.put("k", "x");
    memory.fail_with(WFC_UNAVAILABLE);
    EXPECT_EQ(status_of([&] { state.get("k"); }), WFC_UNAVAILABLE);
    EXPECT_EQ(status_of([&] { state.put("k", "y", 1); }), WFC_UNAVAILABLE);
    EXPECT_EQ(status_of([&] { state.erase("k", 1); }), WFC_UNAVAILABLE);
    EXPECT_EQ(status_of([&] { state.list(""); }), WFC_UNAVAILABLE);
    memory.fail_with(WFC_OK);
    EXPECT_EQ(state.get("k")->bytes, "x");
}

TEST_F(MemoryStateTest, LetsAnotherWorkerBeFaster) {
    memory.before_write([&](const std::string& key) { memory.put(key, "theirs"); });
    EXPECT_FALSE(state.put("k", "ours", 0));
    EXPECT_THAT(memory.get("k"), Optional(std::string("theirs")));
    EXPECT_FALSE(state.erase("k", state.get("k")->version));
    memory.before_write({});
    memory.erase("k");
    EXPECT_THAT(memory.keys(), IsEmpty());
    EXPECT_TRUE(state.put("k", "ours", 0));
}

TEST_F(MemoryStateTest, HasOneWinnerAmongManyThreads) {
    memory.put("n", "0");
    const auto count = [&] {
        for (int won = 0; won < 100;) {
            const auto found = state.get("n");
            won += state.put("n", std::to_string(std::stoi(found->bytes) + 1), found->version) ? 1 : 0;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(count);
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(memory.get("n"), Optional(std::string("400")));
}

}  // namespace
}  // namespace wfc::testhost
