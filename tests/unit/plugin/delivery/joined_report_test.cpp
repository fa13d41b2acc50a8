#include "delivery/joined_report.hpp"

#include "scripted_transport.hpp"

namespace mailsend::delivery {
namespace {

Order order_to(std::vector<std::size_t> places) {
    Order order;
    order.recipients = std::move(places);
    return order;
}

TEST(JoinedReport, TakesTheOnlyReportAsItIs) {
    const Order order = order_for(3);
    JoinedReport joined(order, Partial::report);
    Report report = accepts()(order);
    const RecipientReport* const kept = report.recipients.data();
    joined.add(std::move(report));
    const Report all = std::move(joined).finish();
    EXPECT_EQ(fates(all), "aaa");
    EXPECT_EQ(all.recipients.data(), kept) << "nothing was copied";
}

TEST(JoinedReport, StandsInTheOrderOfTheEnvelopeWhoeverIsReportedOfFirst) {
    const Order order = order_to({1, 3, 4, 8});
    JoinedReport joined(order, Partial::report);
    joined.add(accepts()(order_to({3, 8})));
    joined.add(refuses({{1, replied(Stage::rcpt, 550)}})(order_to({1, 4})));
    const Report all = std::move(joined).finish();
    EXPECT_EQ(fates(all), "raaa");
    for (std::size_t i = 0; i < order.recipients.size(); ++i)
        EXPECT_EQ(all.recipients[i].place, order.recipients[i]);
}

TEST(JoinedReport, SaysOfThoseWhomNoReportSpeaksOfWhyTheyWereNotTried) {
    const Order order = order_for(4);
    JoinedReport joined(order, Partial::report);
    joined.add(refuses({{1, replied(Stage::rcpt, 550)}, {2, replied(Stage::rcpt, 421)}})(order_to({1, 2})));
    const Report all = std::move(joined).finish();
    EXPECT_EQ(fates(all), "nrrn");
    EXPECT_EQ(all.recipients[0].facts->reply->code, 550);
    EXPECT_EQ(all.recipients[3].facts->reply->code, 550);
}

TEST(JoinedReport, AddsADetailToTheOneItIsAbout) {
    const Order order = order_for(2);
    JoinedReport joined(order, Partial::report);
    joined.add(fails(replied(Stage::mail, 451))(order));
    joined.detail(1, "retry_after_ms", "5000");
    const Report all = std::move(joined).finish();
    EXPECT_TRUE(all.recipients[0].facts->details.empty());
    EXPECT_EQ(all.recipients[1].facts->details.at("retry_after_ms"), "5000");
}

}  // namespace
}  // namespace mailsend::delivery
