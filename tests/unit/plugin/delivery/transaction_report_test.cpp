#include "delivery/transaction_report.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "scripted_transport.hpp"

namespace mailsend::delivery {
namespace {

// What a message in flight holds for each of its recipients is paid a thousand times, for each call.
static_assert(sizeof(RecipientReport) <= 48);

Reply reply(int code) {
    return {code, {std::to_string(code) + " words of the server"}};
}

/// Answered to its end, for so many who were all named.
smtp::Transaction transaction_to(std::size_t recipients) {
    smtp::Transaction transaction;
    transaction.forward_paths.assign(recipients, "bob@example.test");
    transaction.asked = recipients;
    transaction.end_of_data_begun = transaction.done = true;
    return transaction;
}

Report judged(const smtp::Transaction& transaction) {
    std::vector<std::size_t> places(transaction.forward_paths.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    Report report;
    judge(report, transaction, places, Partial::report, [](Facts facts) {
        facts.details["host"] = "mail.example.test";
        return facts;
    });
    return report;
}

TEST(TransactionReport, KeepsWhatIsTheSameForAllOnce) {
    smtp::Transaction taken = transaction_to(3);
    for (int i = 0; i < 3; ++i) taken.answered(reply(250));
    taken.accepted_by = reply(250);
    const Report accepted = judged(taken);
    EXPECT_EQ(fates(accepted), "aaa");
    EXPECT_EQ(&*accepted.recipients[0].reply, &*accepted.recipients[2].reply);

    taken.accepted_by.reset();
    taken.refusal = reply(554);
    taken.refused_at = Stage::dot;
    const Report refused = judged(taken);
    EXPECT_EQ(fates(refused), "rrr");
    EXPECT_EQ(&*refused.recipients[0].facts, &*refused.recipients[2].facts);
    EXPECT_EQ(refused.recipients[0].facts->details.at("host"), "mail.example.test");
    EXPECT_EQ(refused.recipients[0].reply->code, 554);
}

TEST(TransactionReport, TellsWhoWasRefusedFromWhoWasNot) {
    smtp::Transaction mixed = transaction_to(3);
    for (const int code : {250, 550, 250}) mixed.answered(reply(code));
    mixed.accepted_by = reply(250);
    const Report report = judged(mixed);
    EXPECT_EQ(fates(report), "ara");
    EXPECT_EQ(report.recipients[1].facts->reply->code, 550);
    EXPECT_EQ(report.recipients[1].facts->stage, Stage::rcpt);
    EXPECT_EQ(report.verdict, Verdict::partial);
}

TEST(TransactionReport, KnowsNothingOfThoseWhoWereHandedOverAndNeverAnsweredFor) {
    smtp::Transaction lost = transaction_to(3);
    lost.done = false;
    lost.asked = 2;
    lost.answered(reply(250));
    const Report report = judged(lost);
    EXPECT_EQ(fates(report), "uun");
    EXPECT_EQ(report.verdict, Verdict::unknown);
    EXPECT_TRUE(report.recipients[2].facts);
}

}  // namespace
}  // namespace mailsend::delivery
