#include "delivery/split_transport.hpp"

#include "scripted_transport.hpp"

namespace mailsend::delivery {
namespace {

struct Outcome {
    Report report;
    Places asked;
};

Outcome split(std::vector<Answer> answers, std::optional<std::size_t> limit, std::size_t recipients = 5) {
    ScriptedTransport inner(std::move(answers));
    SplitTransport transport(inner, limit, Partial::report);
    const auto message = message_to(recipients);
    Report report = transport.deliver(*message, order_for(recipients), hasty_patience(60'000));
    return {std::move(report), inner.asked};
}

/// Takes the first `room` of those it is asked for.
Answer has_room_for(std::size_t room) {
    return [room](const Order& order) {
        Report report = accepts()(order);
        for (std::size_t i = room; i < order.recipients.size(); ++i) {
            report.recipients[i].fate = Fate::not_attempted;
            report.left_over.push_back(order.recipients[i]);
        }
        return report;
    };
}

TEST(SplitTransport, LeavesAnOrderWholeWhereThereIsNoLimit) {
    const Outcome outcome = split({accepts()}, std::nullopt);
    EXPECT_EQ(outcome.asked, (Places{{0, 1, 2, 3, 4}}));
    EXPECT_EQ(outcome.report.verdict, Verdict::accepted);
}

TEST(SplitTransport, SplitsByTheLimitAndReportsOnce) {
    const Outcome outcome = split({accepts(), refuses({{2, replied(Stage::rcpt, 550)}}), accepts()}, 2);
    EXPECT_EQ(outcome.asked, (Places{{0, 1}, {2, 3}, {4}}));
    EXPECT_EQ(outcome.report.verdict, Verdict::partial);
    EXPECT_EQ(fates(outcome.report), "aaraa");
    EXPECT_EQ(outcome.report.attempts.size(), 3u);
    EXPECT_FALSE(outcome.report.attempts[0].facts);
    EXPECT_EQ(outcome.report.attempts[1].facts->reply->code, 550);
}

TEST(SplitTransport, GoesOnWithThoseThereWasNoRoomForAndAsksForNoMoreThanThat) {
    const Outcome outcome = split({has_room_for(2), accepts(), accepts()}, std::nullopt);
    EXPECT_EQ(outcome.asked, (Places{{0, 1, 2, 3, 4}, {2, 3}, {4}}));
    EXPECT_EQ(outcome.report.verdict, Verdict::accepted);
    EXPECT_EQ(fates(outcome.report), "aaaaa");
    EXPECT_TRUE(outcome.report.left_over.empty());
}

TEST(SplitTransport, GoesOnAfterATransactionThatRefusedItsOwnRecipients) {
    const Facts full = replied(Stage::rcpt, 452);
    const Outcome outcome = split({refuses({{0, full}, {1, full}}), accepts(), accepts()}, 2);
    EXPECT_EQ(fates(outcome.report), "rraaa");
}

TEST(SplitTransport, AsksNobodyElseOfAServerThatSaysItIsClosing) {
    const Outcome outcome = split({refuses({{0, replied(Stage::rcpt, 421)}})}, 1);
    EXPECT_EQ(outcome.asked.size(), 1u) << "whoever repeats it waits first";
    EXPECT_EQ(fates(outcome.report), "rnnnn");
    EXPECT_EQ(outcome.report.recipients[4].facts->reply->code, 421);
}

TEST(SplitTransport, SaysWhoIsLeftWhereTheMessageCannotBeReadAgain) {
    ScriptedTransport inner({accepts()});
    SplitTransport transport(inner, 2, Partial::report);
    ReadOnce message(3);
    const Report report = transport.deliver(message, order_for(3), hasty_patience(60'000));
    EXPECT_EQ(report.verdict, Verdict::partial);
    EXPECT_EQ(fates(report), "aan");
    EXPECT_EQ(report.recipients[2].place, 2u);
    EXPECT_EQ(report.facts->condition, "content.source_failed");
}

TEST(SplitTransport, OwesAReportOnceSomebodyHasTheMessage) {
    const Outcome outcome = split({accepts(), breaks_off()}, 2);
    EXPECT_EQ(outcome.report.verdict, Verdict::partial);
    EXPECT_EQ(fates(outcome.report), "aannn");
    EXPECT_EQ(outcome.report.facts->condition, "content.source_failed");
    EXPECT_THROW(split({breaks_off()}, 2), wfc::Problem) << "nobody has it";
    EXPECT_THROW(
        split({refuses({{0, replied(Stage::rcpt, 550)}, {1, replied(Stage::rcpt, 550)}}), breaks_off()}, 2),
        wfc::Problem);
}

TEST(SplitTransport, EndsWhereTheRestWouldFareNoBetter) {
    const Facts refused = replied(Stage::dot, 554);
    const Facts down = broke(Stage::connect, "conn.refused");
    for (const auto& [answer, verdict, expected] :
         {std::tuple(refuses({{2, refused}, {3, refused}}), Verdict::partial, "aarrn"),
          std::tuple(fails(down), Verdict::partial, "aannn"),
          std::tuple(fails(down, Verdict::unknown), Verdict::unknown, "aauun")}) {
        const Outcome outcome = split({accepts(), answer}, 2);
        EXPECT_EQ(outcome.report.verdict, verdict);
        EXPECT_EQ(fates(outcome.report), expected);
        EXPECT_TRUE(outcome.report.recipients.back().facts) << "why it was not attempted";
    }
    EXPECT_EQ(split({fails(down)}, 2).report.verdict, Verdict::failed);
}

}  // namespace
}  // namespace mailsend::delivery
