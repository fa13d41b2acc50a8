#include "delivery/persistent_transport.hpp"

#include "scripted_transport.hpp"

namespace mailsend::delivery {
namespace {

/// 4yz is temporary and may be repeated after a second, 5yz is not; a condition is as its name says.
Diagnosis meaning(const Facts& facts) {
    Diagnosis diagnosis;
    const bool passes =
        facts.reply ? facts.reply->transient_negative() : facts.condition.starts_with("conn.");
    diagnosis.error_class = passes ? ErrorClass::transient : ErrorClass::permanent;
    diagnosis.advice = passes ? Advice::backoff : Advice::after_fix;
    diagnosis.delay = std::chrono::milliseconds(1'000);
    return diagnosis;
}

const Facts deferred = replied(Stage::rcpt, 451);
const Facts unknown_user = replied(Stage::rcpt, 550);

struct Outcome {
    Report report;
    Places asked;
    int closed = 0;
    int rolls = 0;
    std::vector<std::uint64_t> waits;
};

struct Circumstance {
    std::size_t recipients = 3;
    unsigned attempts = 4;
    double chance = 0.5;
    std::uint64_t left_ms = 600'000;
    Partial on_partial = Partial::report;
    std::function<bool()> cancelled{};
    std::function<Diagnosis(const Facts&)> diagnose = meaning;
};

Outcome delivered(std::vector<Answer> answers, const Circumstance& with = {}) {
    ScriptedTransport inner(std::move(answers));
    Outcome outcome;
    RetryTerms terms;
    terms.attempts = with.attempts;
    terms.diagnose = with.diagnose;
    terms.chance = [&] {
        ++outcome.rolls;
        return with.chance;
    };
    terms.waiting = [&](std::uint64_t wait_ms, const Facts&) { outcome.waits.push_back(wait_ms); };
    PersistentTransport transport(inner, std::move(terms), with.on_partial);
    const auto message = message_to(with.recipients);
    outcome.report =
        transport.deliver(*message, order_for(with.recipients), hasty_patience(with.left_ms, with.cancelled));
    outcome.asked = inner.asked;
    outcome.closed = inner.closed;
    return outcome;
}

TEST(PersistentTransport, DoesNotRepeatWhatWentWell) {
    const Outcome outcome = delivered({accepts()});
    EXPECT_EQ(outcome.report.verdict, Verdict::accepted);
    EXPECT_EQ(fates(outcome.report), "aaa");
    EXPECT_EQ(outcome.report.reply->code, 250);
    EXPECT_TRUE(outcome.waits.empty());
    EXPECT_EQ(outcome.rolls, 0) << "a random device costs as much as a message";
}

TEST(PersistentTransport, RollsOnceForAllRecipientsOfATry) {
    EXPECT_EQ(delivered({refuses({{0, deferred}, {1, deferred}}), accepts()}).rolls, 1);
}

TEST(PersistentTransport, TriesOnlyDeferredRecipientsAgain) {
    const Outcome outcome =
        delivered({refuses({{1, deferred}}), refuses({{1, deferred}}), accepts("250 later")});
    EXPECT_EQ(outcome.asked, (Places{{0, 1, 2}, {1}, {1}}));
    EXPECT_EQ(outcome.report.verdict, Verdict::accepted);
    EXPECT_EQ(fates(outcome.report), "aaa");
    EXPECT_FALSE(outcome.report.facts);
    EXPECT_EQ(outcome.report.reply->lines.front(), "250 later");
    ASSERT_EQ(outcome.report.attempts.size(), 3u);
    EXPECT_EQ(outcome.report.attempts[0].facts->reply->code, 451);
    EXPECT_FALSE(outcome.report.attempts[2].facts);
    EXPECT_EQ(outcome.report.attempts[0].wait_ms, 0u);
    EXPECT_GE(outcome.report.attempts[1].wait_ms, outcome.waits.at(0));
}

TEST(PersistentTransport, LeavesRefusedRecipientsAloneAndReportsThem) {
    const Outcome outcome = delivered({refuses({{0, unknown_user}, {2, deferred}}), accepts()});
    EXPECT_EQ(outcome.asked, (Places{{0, 1, 2}, {2}}));
    EXPECT_EQ(outcome.report.verdict, Verdict::partial);
    EXPECT_EQ(fates(outcome.report), "raa");
    EXPECT_EQ(outcome.report.facts->reply->code, 550);
}

TEST(PersistentTransport, TriesThoseAgainWhomAHangUpLeftUnasked) {
    const auto hangs_up = [](const Order& order) {
        Report report = report_of(order, Verdict::rejected, Fate::not_attempted, replied(Stage::rcpt, 421));
        report.recipients[0].fate = Fate::rejected;
        report.recipients[0].facts = unknown_user;
        report.recipients[1].fate = Fate::rejected;
        report.facts = unknown_user;
        return report;
    };
    const Outcome outcome = delivered({hangs_up, accepts()});
    EXPECT_EQ(outcome.asked, (Places{{0, 1, 2}, {1, 2}}));
    EXPECT_EQ(fates(outcome.report), "raa");
}

TEST(PersistentTransport, NeverRepeatsAnUnknownOutcome) {
    const Outcome outcome =
        delivered({refuses({{0, deferred}}), fails(broke(Stage::dot, "conn.closed"), Verdict::unknown)});
    EXPECT_EQ(outcome.asked.size(), 2u);
    EXPECT_EQ(outcome.report.verdict, Verdict::unknown);
    EXPECT_EQ(fates(outcome.report), "uaa") << "who has it, has it";
}

TEST(PersistentTransport, OwesAReportOnceSomebodyHasTheMessage) {
    const Outcome outcome = delivered({refuses({{1, deferred}}), breaks_off()});
    EXPECT_EQ(outcome.report.verdict, Verdict::partial);
    EXPECT_EQ(fates(outcome.report), "ana");
    EXPECT_EQ(outcome.report.facts->condition, "content.source_failed");
    EXPECT_THROW(delivered({breaks_off()}), wfc::Problem);
}

TEST(PersistentTransport, GivesUpAfterItsAttempts) {
    const Answer down = fails(broke(Stage::connect, "conn.refused"));
    const Outcome outcome = delivered({down, down, down, down, accepts()}, {.chance = 0});
    EXPECT_EQ(outcome.asked.size(), 4u);
    EXPECT_EQ(outcome.report.verdict, Verdict::failed);
    EXPECT_EQ(outcome.report.facts->condition, "conn.refused");
    EXPECT_EQ(outcome.report.attempts.size(), 4u);
    EXPECT_FALSE(outcome.report.facts->details.contains("retry_after_ms"));
    EXPECT_EQ(delivered({down, accepts()}, {.attempts = 1}).asked.size(), 1u);
}

TEST(PersistentTransport, ReportsThePartThatWentOutWhenTheRestFails) {
    const Outcome outcome =
        delivered({refuses({{2, deferred}}), fails(broke(Stage::connect, "cert.expired"))});
    EXPECT_EQ(outcome.report.verdict, Verdict::partial);
    EXPECT_EQ(fates(outcome.report), "aan");
    EXPECT_EQ(outcome.report.facts->condition, "cert.expired") << "the last facts win";
}

TEST(PersistentTransport, SaysWhenToTryAgainWhereTheDeadlineWouldPassFirst) {
    const auto in_an_hour = [](const Facts& facts) {
        Diagnosis diagnosis = meaning(facts);
        diagnosis.advice = Advice::after;
        diagnosis.delay = std::chrono::hours(1);
        return diagnosis;
    };
    const Circumstance with{.chance = 0, .diagnose = in_an_hour};
    const Outcome recipient = delivered({refuses({{1, deferred}})}, with);
    EXPECT_EQ(recipient.report.verdict, Verdict::partial);
    EXPECT_EQ(recipient.report.facts->details.at("retry_after_ms"), "3600000");
    EXPECT_EQ(recipient.report.recipients[1].facts->details.at("retry_after_ms"), "3600000");
    const Outcome whole = delivered({fails(replied(Stage::greeting, 421))}, with);
    EXPECT_EQ(whole.report.verdict, Verdict::failed);
    EXPECT_EQ(whole.report.facts->details.at("retry_after_ms"), "3600000");
    EXPECT_TRUE(whole.waits.empty());
}

TEST(PersistentTransport, GivesTheConnectionBackBeforeALongWait) {
    const auto slowly = [](const Facts& facts) {
        Diagnosis diagnosis = meaning(facts);
        diagnosis.advice = Advice::after;
        diagnosis.delay = std::chrono::seconds(11);
        return diagnosis;
    };
    EXPECT_EQ(delivered({refuses({{1, deferred}}), accepts()}, {.chance = 0, .diagnose = slowly}).closed, 1);
    EXPECT_EQ(delivered({refuses({{1, deferred}}), accepts()}, {.chance = 0}).closed, 0);
}

TEST(PersistentTransport, EndsItsWaitWhenTheHostStopsIt) {
    bool cancelled = false;
    const auto refused = [&](const Answer& answer) {
        cancelled = false;
        return [&, answer](const Order& order) {
            cancelled = true;
            return answer(order);
        };
    };
    const Circumstance with{.cancelled = [&] { return cancelled; }};
    const Outcome nobody = delivered({refused(fails(replied(Stage::mail, 451)))}, with);
    EXPECT_EQ(nobody.report.verdict, Verdict::cancelled);
    EXPECT_EQ(nobody.report.facts->condition, "cancelled");
    const Outcome some = delivered({refused(refuses({{1, deferred}}))}, with);
    EXPECT_EQ(some.report.verdict, Verdict::partial) << "two have it";
    EXPECT_EQ(some.report.facts->reply->code, 451);
}

TEST(PersistentTransport, RepeatsAllOrNobodyWhereItMustBeAllOrNothing) {
    const auto refused = [](const Facts& one, const Facts& other) {
        return [=](const Order& order) {
            Report report = report_of(order, Verdict::rejected, Fate::not_attempted, other);
            report.recipients[0].facts = one;
            report.recipients[0].fate = Fate::rejected;
            return report;
        };
    };
    const Circumstance with{.on_partial = Partial::fail};
    EXPECT_EQ(delivered({refused(deferred, deferred), accepts()}, with).asked,
              (Places{{0, 1, 2}, {0, 1, 2}}));
    EXPECT_EQ(delivered({refused(unknown_user, unknown_user)}, with).asked.size(), 1u);
    EXPECT_EQ(delivered({refused(unknown_user, deferred)}, with).asked.size(), 1u);
}

TEST(PersistentTransport, DoesNotRepeatAMessageThatCannotBeReadAgain) {
    RetryTerms terms{.diagnose = meaning, .chance = [] { return 0.0; }};
    ReadOnce message(2);
    ScriptedTransport read({refuses({{1, deferred}})});
    const Report report = PersistentTransport(read, terms, Partial::report)
                              .deliver(message, order_for(2), hasty_patience(60'000));
    EXPECT_EQ(report.verdict, Verdict::partial);
    EXPECT_EQ(report.facts->reply->code, 451) << "why the last try failed";
    ScriptedTransport unread({fails(broke(Stage::greeting, "conn.reset")), accepts()});
    EXPECT_EQ(PersistentTransport(unread, terms, Partial::report)
                  .deliver(message, order_for(2), hasty_patience(60'000))
                  .verdict,
              Verdict::accepted)
        << "nothing of it had been read";
}

}  // namespace
}  // namespace mailsend::delivery
