#include "delivery/retry_policy.hpp"

#include <gtest/gtest.h>

#include "scripted_transport.hpp"

namespace mailsend::delivery {
namespace {

using std::chrono::milliseconds;

constexpr double nearly_one = 0.999999;

Diagnosis diagnosis(ErrorClass error_class, Advice advice, std::uint64_t delay_ms = 0) {
    Diagnosis diagnosis;
    diagnosis.error_class = error_class;
    diagnosis.advice = advice;
    if (delay_ms > 0) diagnosis.delay = milliseconds(delay_ms);
    return diagnosis;
}

Diagnosis later(std::uint64_t delay_ms) {
    return diagnosis(ErrorClass::transient, Advice::backoff, delay_ms);
}

History history(unsigned tries = 1, std::uint64_t left_ms = 300'000) {
    History history;
    history.tries = tries;
    history.left_ms = left_ms;
    return history;
}

TEST(RetryPolicy, RepeatsOnlyWhatMayPassByItself) {
    const Facts facts = replied(Stage::mail, 451);
    for (const auto& [error_class, advice, expected] :
         {std::tuple(ErrorClass::transient, Advice::backoff, Next::again),
          std::tuple(ErrorClass::transient, Advice::after, Next::again),
          std::tuple(ErrorClass::transient, Advice::never, Next::stop),
          std::tuple(ErrorClass::transient, Advice::after_fix, Next::stop),
          std::tuple(ErrorClass::permanent, Advice::backoff, Next::stop),
          std::tuple(ErrorClass::unknown, Advice::backoff, Next::stop)}) {
        EXPECT_EQ(decide(facts, diagnosis(error_class, advice, 1'000), history(), 0.5).next, expected);
    }
}

TEST(RetryPolicy, NeverRepeatsWhatTheServerCountsAgainstTheAccount) {
    Diagnosis penalty = later(1'000);
    penalty.penalty = true;
    EXPECT_EQ(decide(replied(Stage::mail, 421), penalty, history(), 0.5).next, Next::stop);
}

TEST(RetryPolicy, NeverRepeatsWhatIsDecidedElsewhere) {
    for (const Facts& facts :
         {broke(Stage::dot, "outcome.unknown"), broke(Stage::dot, "data.timeout_final"),
          broke(Stage::mail, "deadline.passed"), broke(Stage::host, "host.state"),
          broke(Stage::host, "ledger.busy"), broke(Stage::mail, "limit.messages_per_day"),
          broke(Stage::mail, "limit.connections")}) {
        EXPECT_EQ(decide(facts, later(1'000), history(), 0.5).next, Next::stop) << facts.condition;
    }
}

TEST(RetryPolicy, RepeatsARefusedLoginOnce) {
    History first = history();
    EXPECT_EQ(decide(replied(Stage::auth, 454), later(1'000), first, 0.5).next, Next::again);
    History second = history(2);
    second.refused_logins = 1;
    EXPECT_EQ(decide(replied(Stage::auth, 454), later(1'000), second, 0.5).next, Next::stop);
    EXPECT_EQ(decide(replied(Stage::auth, 535), later(1'000), second, 0.5).next, Next::stop)
        << "its successor could not be fetched, says the diagnosis";
    EXPECT_EQ(decide(replied(Stage::mail, 451), later(1'000), second, 0.5).next, Next::again);
    EXPECT_EQ(decide(broke(Stage::auth, "conn.reset"), later(1'000), second, 0.5).next, Next::again);
}

TEST(RetryPolicy, EndsWithTheLastAttempt) {
    EXPECT_EQ(decide(broke(Stage::connect, "conn.refused"), later(1'000), history(3), 0.5).next, Next::again);
    EXPECT_EQ(decide(broke(Stage::connect, "conn.refused"), later(1'000), history(4), 0.5).next, Next::stop);
}

TEST(RetryPolicy, WaitsByItsMeaning) {
    struct Case {
        const char* what;
        Facts facts;
        Diagnosis diagnosis;
        unsigned tries;
        std::uint64_t least_ms;
        std::uint64_t most_ms;
    };
    const Facts network = broke(Stage::greeting, "greet.reset");
    const Facts reply = replied(Stage::rcpt, 451);
    const Diagnosis after = diagnosis(ErrorClass::transient, Advice::after, 20'000);
    for (const Case& one :
         {Case{"network, whatever the catalogue says", network, later(600'000), 1, 0, 1'000},
          Case{"network again", network, later(1'000), 3, 0, 4'000},
          Case{"network often", network, later(1'000), 9, 0, 60'000},
          Case{"a reply", reply, later(5'000), 1, 200, 5'000},
          Case{"a reply again", reply, later(5'000), 2, 200, 10'000},
          Case{"a reply without a delay", reply, later(0), 1, 200, 400},
          Case{"the server's own time", reply, after, 1, 20'000, 22'000},
          Case{"the server's own time again", reply, after, 3, 20'000, 22'000},
          Case{"its time without a reply", network, after, 1, 20'000, 22'000}}) {
        History often = history(one.tries);
        often.attempts = 10;
        const Decision least = decide(one.facts, one.diagnosis, often, 0);
        const Decision most = decide(one.facts, one.diagnosis, often, nearly_one);
        EXPECT_EQ(least.wait_ms, one.least_ms) << one.what;
        EXPECT_LE(most.wait_ms, one.most_ms) << one.what;
        EXPECT_GE(most.wait_ms + 1, one.most_ms) << one.what;
    }
}

TEST(RetryPolicy, TriesAnotherAddressAtOnceWhereNobodySpoke) {
    History known = history();
    known.another_address = true;
    EXPECT_EQ(decide(broke(Stage::greeting, "greet.eof"), later(5'000), known, nearly_one).wait_ms, 0u);
    EXPECT_GT(decide(replied(Stage::greeting, 421), later(5'000), known, nearly_one).wait_ms, 4'000u);
}

TEST(RetryPolicy, NeverBeginsAWaitThatTheDeadlineCutsShort) {
    const Diagnosis after = diagnosis(ErrorClass::transient, Advice::after, 20'000);
    const Decision late = decide(replied(Stage::mail, 451), after, history(1, 20'000), 0);
    EXPECT_EQ(late.next, Next::stop_with_after);
    EXPECT_EQ(late.wait_ms, 20'000u);
    EXPECT_EQ(decide(replied(Stage::mail, 451), after, history(1, 20'001), 0).next, Next::again);
    EXPECT_EQ(decide(replied(Stage::rcpt, 451), later(600'000), history(1, 300'000), 0).next,
              Next::stop_with_after)
        << "the whole delay has to fit, whatever the dice say";
    EXPECT_EQ(decide(replied(Stage::rcpt, 451), later(600'000), history(1, 300'000), 0).wait_ms, 600'000u);
    EXPECT_EQ(decide(broke(Stage::greeting, "greet.eof"), later(1'000), history(1, 0), 0).next,
              Next::stop_with_after)
        << "no time is left at all";
}

}  // namespace
}  // namespace mailsend::delivery
