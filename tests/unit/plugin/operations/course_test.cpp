#include "operations/course.hpp"

#include <gmock/gmock.h>

#include "entry_bench.hpp"

namespace {

using mailsend::Course;
using mailsend::Stage;
using mailsend::Verdict;
using mailsend::delivery::Fate;
using mailsend::delivery::Order;
using mailsend::delivery::Report;
using mailsend::net::Patience;
using test::KeyedCall;
using testing::ElementsAre;

/// Takes the leave to have a connection, and then does what it is told.
class Scripted : public mailsend::delivery::Transport {
  public:
    Report deliver(mailsend::Message&, const Order& order, const Patience& patience) override {
        try {
            leave = order.leave(patience, [] { return false; });
        } catch (const mailsend::Failure& full) {
            return mailsend::nothing_tried(order.recipients, full.facts());
        } catch (const mailsend::Cancelled& cancelled) {
            return mailsend::nothing_tried(order.recipients, mailsend::stopped(cancelled));
        }
        ++deliveries;
        recipients = order.recipients;
        Report report;
        if (act) act(order, patience);
        report.verdict = Verdict::accepted;
        return report;
    }
    void close(const Patience&) noexcept override { ++closed; }

    std::function<void(const Order&, const Patience&)> act;
    std::vector<std::size_t> recipients;
    std::optional<std::unique_ptr<mailsend::delivery::Leave>> leave;
    int deliveries = 0, closed = 0;
};

class CourseTest : public test::EntryBench {
  protected:
    /// Waits of the transport, in steps of 200 ms.
    void wait(const Patience& patience, std::uint64_t ms) {
        for (; ms > 0; ms -= 200) {
            host.advance(200);
            patience.check();
        }
    }
    Scripted transport;
};

TEST_F(CourseTest, GoesToThoseWhomTheLedgerHasOpenAndTakesLeave) {
    {
        KeyedCall first = call();
        first.transaction("ar");
    }
    KeyedCall rest = call();
    Course course(rest.invocation, &rest.entry, 2);
    course.go(transport, *rest.composed.message);
    EXPECT_THAT(transport.recipients, ElementsAre(1u));
    EXPECT_EQ(transport.closed, 1);
}

TEST_F(CourseTest, WithoutALedgerGoesToEverybody) {
    settings["delivery"] = {{"ledger", "off"}};
    KeyedCall one = call();
    Course course(one.invocation, nullptr, 2);
    course.go(transport, *one.composed.message);
    EXPECT_THAT(transport.recipients, ElementsAre(0u, 1u));
}

TEST_F(CourseTest, WhateverWaitsTheClaimIsKeptAlive) {
    KeyedCall one = call(3'600'000);
    Course course(one.invocation, &one.entry, 2);
    transport.act = [&](const Order&, const Patience& patience) {
        wait(patience, 40'000);
        try {
            call(0);
            ADD_FAILURE() << "the claim looks dead";
        } catch (const mailsend::Failure& busy) {
            EXPECT_EQ(busy.facts().condition, "ledger.busy");
        }
    };
    course.go(transport, *one.composed.message);
}

TEST_F(CourseTest, AFullAccountIsSpokenOfOnceAndCountsAsWaiting) {
    settings["delivery"] = {{"max_connections", 1}};
    KeyedCall holder = call();
    const mailsend::governor::Slot held = holder.account.governor().connect(test::patience(host));
    input["idempotency_key"] = "another";
    KeyedCall one = call(5'000);
    Course course(one.invocation, &one.entry, 2);
    host.tick_per_reading(100);
    const Report report = course.go(transport, *one.composed.message);
    EXPECT_EQ(transport.deliveries, 0);
    EXPECT_EQ(report.verdict, Verdict::failed);
    ASSERT_TRUE(report.facts);
    EXPECT_EQ(report.facts->condition, "limit.connections");
    ASSERT_EQ(report.recipients.size(), 2u);
    for (const auto& recipient : report.recipients) {
        EXPECT_EQ(recipient.fate, Fate::not_attempted);
        ASSERT_TRUE(recipient.facts);
        EXPECT_EQ(recipient.facts->condition, "limit.connections");
    }
    EXPECT_THAT(one.call.progress(), ElementsAre(R"({"stage":"connect","queued":true})"));
    EXPECT_GT(course.queue_ms(), 1'000u);
    EXPECT_LE(course.queue_ms(), 6'000u);
}

TEST_F(CourseTest, ACancelledWaitForAConnectionSaysThatNobodyWasTried) {
    settings["delivery"] = {{"max_connections", 1}};
    KeyedCall holder = call();
    const mailsend::governor::Slot held = holder.account.governor().connect(test::patience(host));
    input["idempotency_key"] = "another";
    KeyedCall one = call(5'000);
    one.call.cancel();
    Course course(one.invocation, &one.entry, 2);
    const Report report = course.go(transport, *one.composed.message);
    EXPECT_EQ(report.verdict, Verdict::cancelled);
    ASSERT_TRUE(report.facts);
    EXPECT_EQ(report.facts->condition, "cancelled");
    EXPECT_EQ(KeyedCall::letters(report.recipients), "nn");
    EXPECT_EQ(transport.deliveries, 0);
}

TEST_F(CourseTest, WaitsForTheMinuteToPassAndSaysSoOnce) {
    settings["delivery"] = {{"limits", {{"messages_per_minute", 1}}}};
    KeyedCall one = call(3'600'000);
    Course course(one.invocation, &one.entry, 2);
    one.looked = [&] { host.advance(5'000); };
    transport.act = [&](const Order& order, const Patience& patience) {
        for (int i = 0; i < 2; ++i) order.admit(1, patience);
    };
    course.go(transport, *one.composed.message);
    EXPECT_THAT(one.call.progress(), testing::Contains(R"({"stage":"mail","queued":true})").Times(1));
    EXPECT_GE(course.queue_ms(), 60'000u);
    EXPECT_LE(course.queue_ms(), 200'000u);
}

TEST_F(CourseTest, AWaitOfLessThanASecondIsNotSpokenOf) {
    KeyedCall one = call();
    Course course(one.invocation, &one.entry, 2);
    transport.act = [&](const Order& order, const Patience& patience) {
        order.admit(2, patience);
        wait(patience, 30'000);
    };
    course.go(transport, *one.composed.message);
    EXPECT_TRUE(one.call.progress().empty());
    EXPECT_EQ(course.queue_ms(), 0u);
}

}  // namespace
