#include "testhost/testhost.hpp"

#include <gmock/gmock.h>
#include <thread>

#include "wfc/host.hpp"

namespace wfc::testhost {
namespace {

using testing::ElementsAre;

TEST(TestHost, OffersServicesAndAnswersNullForOthers) {
    TestHost host;
    for (const char* id : {WFC_LOG, WFC_CLOCK, WFC_SECRETS, WFC_STATE, WFC_FILES, WFC_EGRESS}) {
        EXPECT_NE(host.table()->service(host.table(), id), nullptr) << id;
    }
    EXPECT_EQ(host.table()->service(host.table(), WFC_PROMPT), nullptr);
    EXPECT_EQ(host.table()->service(host.table(), "wfc.clock/2"), nullptr);
    EXPECT_EQ(host.table()->service(host.table(), nullptr), nullptr);
}

TEST(TestHost, OffersAPromptOnlyWhereSomebodyAnswers) {
    TestHost host;
    EXPECT_FALSE(Host(host.table()).prompt().offered());
    host.on_prompt([](std::string_view question, std::string& answer) -> wfc_status {
        answer = question == R"({"kind":"device"})" ? "{}" : R"({"problem":"nobody"})";
        return answer == "{}" ? WFC_OK : WFC_UNSUPPORTED;
    });
    const TestCall call("sign-in");
    const Prompt prompt = Host(host.table()).prompt();
    const Prompt::Answer good = prompt.present(call.table(), R"({"kind":"device"})");
    EXPECT_EQ(good.status, WFC_OK);
    EXPECT_EQ(good.document.reveal(), "{}");
    const Prompt::Answer bad = prompt.present(call.table(), R"({"kind":"redirect"})");
    EXPECT_EQ(bad.status, WFC_UNSUPPORTED);
    EXPECT_EQ(bad.document.reveal(), R"({"problem":"nobody"})");
    EXPECT_THAT(host.questions_asked(), ElementsAre(R"({"kind":"device"})", R"({"kind":"redirect"})"));
}

TEST(TestHost, RecordsLogEventsAtOrAboveTheLevel) {
    TestHost host;
    host.log_level(2);
    std::string heard;
    host.on_event([&](const LogEvent& event) { heard = event.id; });
    const Log log = Host(host.table()).log();
    log.write(Level::debug, "quiet", "{}");
    log.write(Level::warning, "loud", R"({"a":1})");
    ASSERT_EQ(host.events().size(), 1u);
    EXPECT_EQ(host.events()[0].id, "loud");
    EXPECT_EQ(host.events()[0].level, 3);
    EXPECT_EQ(host.events()[0].fields, R"({"a":1})");
    EXPECT_EQ(heard, "loud");
}

TEST(TestHost, KeepsTimeStillUntilItIsCranked) {
    TestHost host;
    host.unix_time(5000);
    host.utc_offset(540);
    const Clock clock = Host(host.table()).clock();
    const std::uint64_t start = clock.monotonic_ms();
    EXPECT_EQ(clock.monotonic_ms(), start);
    std::thread([&] { host.advance(250); }).join();
    EXPECT_EQ(clock.monotonic_ms(), start + 250);
    EXPECT_EQ(clock.unix_ms(), 5250);
    EXPECT_EQ(clock.utc_offset_min(0), 540);
    host.tick_per_reading(10);
    EXPECT_EQ(clock.monotonic_ms(), start + 260);
    EXPECT_EQ(clock.monotonic_ms(), start + 270);
}

TEST(TestHost, FollowsTheMachinesClockWhenTold) {
    TestHost host;
    host.real_time();
    const Clock clock = Host(host.table()).clock();
    const std::uint64_t start = clock.monotonic_ms();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_GE(clock.monotonic_ms(), start + 20);
    EXPECT_GT(clock.unix_ms(), 1'700'000'000'000);
}

TEST(TestHost, GivesSecretsAndRemembersWhatWasAsked) {
    TestHost host;
    host.secret("alice", "correct horse");
    host.secret_status("locked", WFC_UNAVAILABLE);
    const Secrets secrets = Host(host.table()).secrets();
    EXPECT_EQ(secrets.get("alice").reveal(), "correct horse");
    const auto status_of = [&](const char* name) {
        try {
            (void)secrets.get(name);
        } catch (const ServiceFailed& failed) {
            return failed.status();
        }
        return wfc_status{WFC_OK};
    };
    EXPECT_EQ(status_of("bob"), WFC_NOT_FOUND);
    EXPECT_EQ(status_of("locked"), WFC_UNAVAILABLE);
    EXPECT_THAT(host.secrets_asked(), ElementsAre("alice", "bob", "locked"));
}

TEST(TestHost, AsksThePredicateBeforeEveryConnect) {
    TestHost host;
    host.egress([](const EgressQuestion& question) { return question.port == 25; });
    const Egress egress = Host(host.table()).egress();
    EXPECT_TRUE(egress.allows("a.example.test", "192.0.2.1", 25));
    EXPECT_FALSE(egress.allows("b.example.test", "192.0.2.2", 26));
    ASSERT_EQ(host.egress_asked().size(), 2u);
    EXPECT_EQ(host.egress_asked()[1].host, "b.example.test");
    EXPECT_EQ(host.egress_asked()[1].address, "192.0.2.2");
}

TEST(TestHost, OpensFilesOnlyByTheirExactPath) {
    TestHost host;
    Content content;
    content.bytes = "abc";
    host.file("dir/a.txt", content);
    host.file_status("secret", WFC_DENIED);
    const Files files = Host(host.table()).files();
    {
        Source source = files.open("dir/a.txt");
        char into[8];
        EXPECT_EQ(source.size(), 3u);
        EXPECT_EQ(source.read(into, sizeof into), 3u);
        EXPECT_EQ(source.read(into, sizeof into), 0u);
    }
    EXPECT_THROW((void)files.open("a.txt"), ServiceFailed);
    EXPECT_THROW((void)files.open("secret"), ServiceFailed);
    EXPECT_TRUE(host.file_sources().clean());
    EXPECT_THAT(host.files_asked(), ElementsAre("dir/a.txt", "a.txt", "secret"));
}

TEST(TestHost, CanLackAServiceOrOfferAShorterOne) {
    TestHost host;
    host.without(WFC_LOG);
    host.truncate(WFC_STATE, offsetof(wfc_state, list));
    EXPECT_FALSE(Host(host.table()).state().offered());
    host.truncate(WFC_CLOCK, offsetof(wfc_clock, unix_ms));
    host.truncate("", offsetof(wfc_host, service));
    EXPECT_EQ(host.table()->service, nullptr);
    EXPECT_FALSE(WFC_HAS(host.table(), wfc_host, service));
}

TEST(TestHost, MakesAReaderThatWaitsGiveUpWhenReleased) {
    TestHost host;
    Content stuck;
    stuck.never_ready = true;
    host.file("fifo", stuck);
    Source source = Host(host.table()).files().open("fifo");
    std::thread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        host.release_files();
    });
    char into[8];
    EXPECT_THROW((void)source.read(into, sizeof into), StreamFailed);
    later.join();
}

TEST(TestHost, ReportsASourceThatWasNotClosed) {
    std::string said;
    {
        TestHost host;
        host.on_misuse([&](const std::string& sentence) { said = sentence; });
        host.file("a", {});
        const auto* files = static_cast<const wfc_files*>(host.table()->service(host.table(), WFC_FILES));
        wfc_source leaked{};
        ASSERT_EQ(files->open(files->ctx, view("a"), &leaked), WFC_OK);
    }
    EXPECT_EQ(said, "of 1 sources opened 0 were closed; 0 closed again, 0 uses after the close");
}

}  // namespace
}  // namespace wfc::testhost
