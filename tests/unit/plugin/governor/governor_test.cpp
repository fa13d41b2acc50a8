#include "governor_bench.hpp"

namespace mailsend::governor {
namespace {

using test::Crank;
class GovernorTest : public test::GovernorBench {};

TEST_F(GovernorTest, AsksAndCountsNothingWithoutLimits) {
    const auto one = process({});
    one->admit(5'000, patience(1)).done();
    { const Slot slot = one->connect(patience(1)); }
    EXPECT_TRUE(Limits{}.none());
    EXPECT_TRUE(host.state().keys().empty());
}

TEST_F(GovernorTest, LetsAsManyGoAsTheLimitAndThenAnswersWithTheTime) {
    const auto one = process({.messages_per_minute = 30});
    EXPECT_EQ(sends(*one), 30u);
    const Facts facts = refusal(*one, 30'000);
    EXPECT_EQ(facts.stage, Stage::mail);
    EXPECT_EQ(facts.condition, "limit.messages_per_minute");
    EXPECT_EQ(facts.details.at("limit"), "30");
    EXPECT_EQ(facts.details.at("retry_after_ms"), "60600");
    host.advance(60'600);
    EXPECT_EQ(sends(*one), 30u);
}

TEST_F(GovernorTest, WaitsWhenTheWaitFitsIntoTheTimeLeftAndSaysHowLong) {
    const auto one = process({.messages_per_minute = 2});
    EXPECT_EQ(sends(*one), 2u);
    const Crank crank(host, 200);
    const std::uint64_t before = host.now_ms();
    const Passage passage = one->admit(1, patience(hour_ms));
    EXPECT_GE(host.now_ms() - before, 59'000u);
    EXPECT_GE(passage.waited_ms(), 59'000u);
    EXPECT_LE(passage.waited_ms(), host.now_ms() - before);
}

TEST_F(GovernorTest, DoesNotBeginAWaitThatWouldEndTogetherWithTheTimeLeft) {
    const auto one = process({.messages_per_minute = 1});
    EXPECT_EQ(sends(*one), 1u);
    EXPECT_EQ(refusal(*one, 60'600).details.at("retry_after_ms"), "60600");
    const net::Patience stage = patience(hour_ms).within(1'000);
    EXPECT_THROW(one->admit(1, stage), Failure) << "a stage's time counts too";
}

TEST_F(GovernorTest, CountsMessagesAndRecipientsOfTheDay) {
    const auto one = process({.messages_per_day = 10, .recipients_per_day = 100});
    EXPECT_EQ(sends(*one, 1, 4, 24), 4u);
    EXPECT_EQ(refusal(*one, 1, 5).condition, "limit.recipients_per_day");
    EXPECT_EQ(sends(*one, 1, 4), 4u);
    EXPECT_EQ(refusal(*one).condition, "limit.recipients_per_day");
    host.advance(day_ms / 2);
    EXPECT_EQ(refusal(*one).condition, "limit.recipients_per_day");
    host.advance(day_ms / 2 + day_ms / 100);
    EXPECT_EQ(sends(*one), 10u);
    EXPECT_EQ(refusal(*one).condition, "limit.messages_per_day");
}

TEST_F(GovernorTest, CountsNothingOfAMessageThatWasRefused) {
    const auto one = process({.messages_per_minute = 30, .recipients_per_day = 10});
    for (int i = 0; i < 50; ++i) EXPECT_EQ(refusal(*one, 1, 11).details.count("retry_after_ms"), 0u);
    EXPECT_EQ(sends(*one), 10u);
}

TEST_F(GovernorTest, CountsAMessageWhenItWasDone) {
    const auto one = process({.messages_per_minute = 1});
    {
        Passage passage = one->admit(1, patience(1));
        host.advance(20'000);
        passage.done();
        host.advance(20'000);  // what comes after that no longer matters
    }
    EXPECT_EQ(refusal(*one).details.at("retry_after_ms"), "40400") << "80,400 after the first began";
}

TEST_F(GovernorTest, CountsAMessageThatWasGivenUpWhenThatHappened) {
    const auto one = process({.messages_per_minute = 1});
    {
        const Passage passage = one->admit(1, patience(1));
        host.advance(20'000);
    }
    EXPECT_EQ(refusal(*one).details.at("retry_after_ms"), "60400");
}

TEST_F(GovernorTest, GoesOnCountingAMessageThatTakesLongerThanTheWindow) {
    const auto one = process({.messages_per_minute = 1});
    Passage passage = one->admit(1, patience(1));
    for (int i = 0; i < 1'000; ++i) {
        host.advance(200);
        passage.keep_alive();
    }
    EXPECT_EQ(refusal(*one).condition, "limit.messages_per_minute") << "200 s later";
    passage.done();
    EXPECT_EQ(sends(*one), 0u);
    host.advance(60'600);
    EXPECT_EQ(sends(*one), 1u);
}

TEST_F(GovernorTest, LetsAMessageBeKeptAliveByTheWaitsOfTheNextOne) {
    const auto one = process({.messages_per_minute = 2});
    Passage first = one->admit(1, patience(1));
    host.advance(21'000);
    int asked = 0;
    const auto pulse = [&] {
        ++asked;
        first.keep_alive();
        return false;
    };
    Passage second = one->admit(1, patience(1, pulse));
    EXPECT_GT(asked, 0);
    second.done();
    first.done();
    host.advance(40'000);
    EXPECT_EQ(sends(*one), 0u) << "both counted after 21 s";
}

TEST_F(GovernorTest, EndsAWaitWithinAMomentOfCancel) {
    const auto one = process({.messages_per_minute = 1});
    EXPECT_EQ(sends(*one), 1u);
    host.real_time();
    const auto two = process({.messages_per_minute = 1});
    EXPECT_EQ(sends(*two, 10'000), 1u) << "the clocks of the test began anew";
    std::atomic<bool> cancel{false};
    std::thread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        cancel = true;
    });
    const auto before = std::chrono::steady_clock::now();
    EXPECT_THROW(two->admit(1, patience(hour_ms, [&] { return cancel.load(); })), Cancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20));
    later.join();
}

TEST_F(GovernorTest, TellsAccountsApartByServerAndUserWithoutNamingThem) {
    EXPECT_EQ(account, governor_account("SMTP.Example.Org", "Alice@example.org"));
    EXPECT_NE(account, governor_account("smtp.example.org", "bob@example.org"));
    EXPECT_NE(governor_account("ab", "c"), governor_account("a", "bc"));
    EXPECT_EQ(account.size(), 64u);
    const auto other = Governor::apart(governor_account("smtp.example.org", "bob@example.org"),
                                       {.messages_per_minute = 1}, services());
    const auto one = process({.messages_per_minute = 1});
    EXPECT_EQ(sends(*one), 1u);
    EXPECT_EQ(sends(*other), 1u);
    for (const std::string& key : host.state().keys()) {
        EXPECT_EQ(key.find("alice"), key.npos);
        EXPECT_EQ(host.state().get(key)->find("alice"), std::string::npos);
    }
}

TEST_F(GovernorTest, IsSharedByTheComponentsOfAProcessAlsoWithoutAStateService) {
    host.without(WFC_STATE);
    const Limits limits{.messages_per_minute = 30, .connections = 1};
    const auto one = Governor::of(account, limits, services());
    const auto two = Governor::of(account, {.messages_per_minute = 20, .connections = 1}, services());
    EXPECT_EQ(sends(*one, 1, 15), 15u);
    EXPECT_EQ(sends(*two), 5u) << "each keeps its own limit";
    EXPECT_EQ(sends(*one), 10u);
    const Slot slot = one->connect(patience(1));
    host.tick_per_reading(1);
    EXPECT_THROW(two->connect(patience(10)), Failure);
    EXPECT_NO_THROW(process(limits)->connect(patience(100))) << "another process does not know";
}

TEST_F(GovernorTest, OutlivesTheComponentThatCameFirst) {
    wfc::testhost::TestHost second;
    host.without(WFC_STATE);
    second.without(WFC_STATE);
    std::shared_ptr<Governor> two;
    {
        wfc::testhost::TestHost first;
        first.without(WFC_STATE);
        const auto one = Governor::of(account, {.messages_per_minute = 3}, wfc::Host(first.table()));
        two = Governor::of(account, {.messages_per_minute = 3}, wfc::Host(second.table()));
        EXPECT_EQ(sends(*one, 1, 2), 2u);
    }
    EXPECT_EQ(sends(*two), 1u);
}

}  // namespace
}  // namespace mailsend::governor
