#include <ostream>

#include "entry_bench.hpp"

// What the result says of everybody, when this call was not the first with its key.

namespace {

using mailsend::Verdict;
using test::KeyedCall;

struct Case {
    std::string before;  ///< fates of the first call (KeyedCall::reports)
    const char* on_unknown;
    const char* on_partial;
    std::string now;      ///< of this call; blank: no part of its order
    Verdict verdict_now;  ///< of this call's order
    std::string all;      ///< what the result says
    Verdict verdict;
    std::string error;  ///< condition of the result's error, "now" that of this call's, "" none
};

void PrintTo(const Case& one, std::ostream* out) {
    *out << one.before << ' ' << one.on_unknown << ' ' << one.on_partial << " then " << one.now << ' '
         << to_string(one.verdict_now);
}

class LedgerJoin : public test::EntryBench, public ::testing::WithParamInterface<Case> {};

TEST_P(LedgerJoin, SaysOfEverybodyWhatIsKnown) {
    const Case& one = GetParam();
    settings["delivery"] = {{"on_unknown", one.on_unknown}, {"on_partial", one.on_partial}};
    {
        KeyedCall first = call();
        first.transaction(one.before);
    }
    KeyedCall second = call();
    std::string order = one.now;
    for (std::size_t place = 0; place < order.size(); ++place) order[place] = ' ';
    for (const std::size_t place : second.entry.open()) order[place] = one.now[place];
    ASSERT_EQ(order, second.entry.work_left() ? one.now : "  ") << "that is not what it is asked to send";
    second.transaction(one.now);

    mailsend::delivery::Report report;
    report.verdict = one.verdict_now;
    report.recipients = second.reports(one.now);
    if (report.verdict != Verdict::accepted) {
        report.facts = KeyedCall::refusal();
        report.facts->condition = "now";
    }
    second.entry.join(report);
    EXPECT_EQ(KeyedCall::letters(report.recipients), one.all);
    EXPECT_EQ(to_string(report.verdict), to_string(one.verdict));
    EXPECT_EQ(report.facts ? report.facts->condition : "", one.error);
    for (std::size_t place = 0; place < report.recipients.size(); ++place)
        EXPECT_EQ(report.recipients[place].place, place);
    mailsend::SendResult result;
    second.entry.finish(result, nullptr);
    std::string known;  // "what the result says" and what the next call is told are the same
    for (const char letter : state().substr(state().find(' ') + 1))
        known += letter == 's' ? 'a' : letter == 'u' ? 'u' : '-';
    std::string said = one.all;
    for (char& letter : said) letter = letter == 'r' || letter == 'n' ? '-' : letter;
    EXPECT_EQ(known, said);
}

constexpr const char* const told = "report";
constexpr const char* const resend = "resend";
constexpr const char* const fail = "fail";
constexpr const char* const ignore = "ignore";
constexpr auto accepted = Verdict::accepted, partial = Verdict::partial, rejected = Verdict::rejected,
               failed = Verdict::failed, unknown = Verdict::unknown, cancelled = Verdict::cancelled;

INSTANTIATE_TEST_SUITE_P(NobodyBefore, LedgerJoin,
                         ::testing::Values(Case{"nn", told, told, "aa", accepted, "aa", accepted, ""},
                                           Case{"nn", told, told, "ar", partial, "ar", partial, "now"},
                                           Case{"rr", told, told, "rr", rejected, "rr", rejected, "now"},
                                           Case{"nn", told, told, "nn", failed, "nn", failed, "now"},
                                           Case{"nn", told, told, "nn", cancelled, "nn", cancelled, "now"},
                                           Case{"nn", told, ignore, "ar", accepted, "ar", accepted, ""},
                                           Case{"nn", told, ignore, "rr", rejected, "rr", rejected, "now"},
                                           Case{"nn", told, told, "au", unknown, "au", unknown, "now"},
                                           Case{"nn", resend, told, "uu", unknown, "uu", unknown, "now"}));

INSTANTIATE_TEST_SUITE_P(SomeHadIt, LedgerJoin,
                         ::testing::Values(Case{"ar", told, told, " a", accepted, "aa", accepted, ""},
                                           Case{"ar", told, told, " r", rejected, "ar", partial, "now"},
                                           Case{"ar", told, told, " n", failed, "an", partial, "now"},
                                           Case{"ar", told, told, " n", cancelled, "an", partial, "now"},
                                           Case{"ar", told, told, " u", unknown, "au", unknown, "now"},
                                           Case{"ar", told, fail, " n", failed, "an", partial, "now"},
                                           Case{"ar", told, ignore, " r", rejected, "ar", accepted, ""},
                                           Case{"ar", told, ignore, " n", failed, "an", accepted, ""},
                                           Case{"aa", told, told, "  ", accepted, "aa", accepted, ""}));

INSTANTIATE_TEST_SUITE_P(
    SomeMayHaveIt, LedgerJoin,
    ::testing::Values(Case{"ur", told, told, " a", accepted, "ua", unknown, "ledger.unknown"},
                      Case{"ur", told, told, " r", rejected, "ur", unknown, "ledger.unknown"},
                      Case{"ur", told, ignore, " n", failed, "un", unknown, "ledger.unknown"},
                      Case{"ur", told, told, " n", cancelled, "un", unknown, "ledger.unknown"},
                      Case{"ur", told, told, " u", unknown, "uu", unknown, "now"},
                      Case{"ua", told, told, "  ", accepted, "ua", unknown, "ledger.unknown"},
                      Case{"uu", told, told, "  ", failed, "uu", unknown, "ledger.unknown"}));

INSTANTIATE_TEST_SUITE_P(SomeMayHaveItAndAreSentItAgain, LedgerJoin,
                         ::testing::Values(Case{"uu", resend, told, "aa", accepted, "aa", accepted, ""},
                                           Case{"ua", resend, told, "a ", accepted, "aa", accepted, ""},
                                           Case{"uu", resend, told, "ar", partial, "au", unknown, "now"},
                                           Case{"uu", resend, told, "rr", rejected, "uu", unknown, "now"},
                                           Case{"uu", resend, told, "nn", failed, "uu", unknown, "now"},
                                           Case{"uu", resend, fail, "nn", failed, "uu", unknown, "now"},
                                           Case{"ua", resend, told, "n ", cancelled, "ua", unknown, "now"},
                                           Case{"uu", resend, ignore, "ar", accepted, "au", unknown,
                                                "ledger.unknown"},
                                           Case{"ur", resend, told, "ur", unknown, "ur", unknown, "now"}));

class LedgerJoinTest : public test::EntryBench {};

TEST_F(LedgerJoinTest, WhatKeptTheRestFromBeingSentIsTheCauseOfWhatIsStillUnknown) {
    {
        KeyedCall first = call();
        first.transaction("ur");
    }
    KeyedCall second = call();
    mailsend::delivery::Report report;
    report.verdict = failed;
    report.recipients = second.reports(" n");
    report.facts = KeyedCall::refusal();
    report.facts->condition = "conn.refused";
    second.entry.join(report);
    EXPECT_EQ(report.facts->condition, "ledger.unknown");
    EXPECT_EQ(report.facts->details.at("message_id"), second.composed.message_id);
    EXPECT_FALSE(report.facts->details.at("at").empty());
    ASSERT_TRUE(report.facts->cause);
    EXPECT_EQ(report.facts->cause->condition, "conn.refused");
}

TEST_F(LedgerJoinTest, WhoeverGotItFromAnotherRunMeanwhileHasGotIt) {
    settings["delivery"] = {{"on_unknown", "resend"}};
    KeyedCall first = call();
    first.read();
    first.order.ending({0, 1});
    host.advance(31'000);  // and looks dead
    KeyedCall second = call();
    first.order.answered(first.reports("aa"));
    second.read();
    EXPECT_THROW(second.order.ending({0, 1}), mailsend::Failure);
    mailsend::delivery::Report report;
    report.verdict = failed;
    report.recipients = second.reports("nn");
    report.facts = KeyedCall::refusal();
    second.entry.join(report);
    EXPECT_EQ(KeyedCall::letters(report.recipients), "aa");
    EXPECT_EQ(report.verdict, accepted);
    EXPECT_FALSE(report.facts);
}

}  // namespace
