#include "host/component_host.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <thread>

#include "host/current_call.hpp"
#include "support/scratch.hpp"
#include "wfc/host.hpp"

namespace wfc {
namespace {

struct Shared {
    test::Scratch scratch{};
    LogWriter log{LogFormat::text, 4};
    SecretStore secrets{};
    StateStore state{scratch / "state.sqlite"};
    FileRoots files{{"."}};
    EgressPolicy egress{false};
    SharedServices services() { return {log, secrets, state, files, egress}; }
};

TEST(ComponentHost, OffersWhatItSaysAndNothingElse) {
    Shared shared;
    const ComponentHost host(shared.services(), "a.type/1", "{}");
    for (const std::string& id : ComponentHost::offered()) {
        EXPECT_NE(host.table().service(&host.table(), id.c_str()), nullptr) << id;
    }
    EXPECT_EQ(host.table().service(&host.table(), WFC_PROMPT), nullptr);
    EXPECT_EQ(host.table().service(&host.table(), nullptr), nullptr);
    EXPECT_STREQ(host.table().name, "wfc");
}

TEST(ComponentHost, ShowsEachComponentItsOwnSecretsOnly) {
    Shared shared;
    shared.secrets.keep("a", SecretString("A"));
    shared.secrets.keep("b", SecretString("B"));
    const ComponentHost one(shared.services(), "a.type/1", R"({"x":{"$secret":"a"}})");
    const ComponentHost two(shared.services(), "a.type/1", R"({"x":{"$secret":"b"}})");
    EXPECT_EQ(Host(&one.table()).secrets().get("a").reveal(), "A");
    EXPECT_EQ(Host(&two.table()).secrets().get("b").reveal(), "B");
    EXPECT_THROW((void)Host(&one.table()).secrets().get("b"), ServiceFailed);
}

TEST(ComponentHost, KeepsStateByTheTypeOfTheComponent) {
    Shared shared;
    const ComponentHost one(shared.services(), "a.type/1", "{}"), two(shared.services(), "b.type/1", "{}");
    ASSERT_TRUE(Host(&one.table()).state().put("k", "of a", 0));
    EXPECT_FALSE(Host(&two.table()).state().get("k"));
    const ComponentHost again(shared.services(), "a.type/1", "{}");
    EXPECT_EQ(Host(&again.table()).state().get("k")->bytes, "of a") << "both components of a type share it";
}

TEST(ComponentHost, OffersNoStateWhereThereIsNoStore) {
    Shared shared;
    SharedServices services = shared.services();
    services.state = std::nullopt;
    const ComponentHost host(services, "a.type/1", "{}");
    EXPECT_EQ(host.table().service(&host.table(), WFC_STATE), nullptr);
    EXPECT_FALSE(Host(&host.table()).state().offered());
}

TEST(ComponentHost, LogsWhyTheStateFailedWithTheCallAndTheComponentIsOnlyToldThatItDid) {
    Shared shared;
    std::vector<std::string> events;
    LogWriter log(3, [&](std::int32_t level, std::string_view id, std::string_view fields) {
        const CallNames* call = CurrentCall::get();
        events.push_back(std::to_string(level) + " " + std::string(id) + " " + std::string(fields) + " " +
                         std::string(call == nullptr ? "no call" : call->id));
    });
    const SharedServices services{log, shared.secrets, shared.state, shared.files, shared.egress};
    const ComponentHost host(services, "a.type/1", "{}");
    const State state = Host(&host.table()).state();
    ASSERT_TRUE(state.put("k", "value", 0));
    std::filesystem::remove(shared.scratch / "state.sqlite");
    const CurrentCall within({"call-1"});
    for (int i = 0; i < 3; ++i) EXPECT_THROW((void)state.get("k"), ServiceFailed);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_THAT(events[0], testing::StartsWith("3 wfc.notice "));
    EXPECT_THAT(events[0], testing::HasSubstr((shared.scratch / "state.sqlite").string()));
    EXPECT_THAT(events[0], testing::EndsWith(" call-1"));
}

TEST(ComponentHost, OffersAPromptWhereSomebodyCanBeAsked) {
    Shared shared;
    PromptService prompt(nullptr, {});
    SharedServices services = shared.services();
    services.prompt = prompt;
    const ComponentHost host(services, "a.type/1", "{}");
    EXPECT_EQ(host.table().service(&host.table(), WFC_PROMPT), prompt.table());
    EXPECT_TRUE(Host(&host.table()).prompt().offered());
}

TEST(SystemClock, GoesForwardAndKnowsTheOffset) {
    const Clock clock(system_clock_table());
    const std::uint64_t start = clock.monotonic_ms();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_GE(clock.monotonic_ms(), start + 5);
    EXPECT_GT(clock.unix_ms(), 1'700'000'000'000);
    EXPECT_LE(std::abs(clock.utc_offset_min(clock.unix_ms())), 14 * 60);
}

}  // namespace
}  // namespace wfc
