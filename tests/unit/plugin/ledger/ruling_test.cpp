#include "ledger/ruling.hpp"

#include <gtest/gtest.h>
#include <ostream>

#include "testhost/testhost.hpp"

namespace mailsend::ledger {
namespace {

using Course = Ruling::Course;

/// What follows for a call with the same content and one with other content.
struct Case {
    Phase phase;
    std::string letters;
    bool alive;
    OnUnknown on_unknown;
    Course same;
    std::string next;  ///< letters of the record that follows
    Course other;
};

void PrintTo(const Case& one, std::ostream* out) {
    *out << static_cast<int>(one.phase) << ' ' << one.letters << (one.alive ? " alive" : " dead")
         << (one.on_unknown == OnUnknown::resend ? " resend" : " report");
}

class RulingTest : public ::testing::TestWithParam<Case> {
  protected:
    static Record record(Phase phase, const std::string& letters) {
        Record out;
        out.phase = phase;
        out.owner = "first";
        out.at_unix_ms = 1'000;
        out.draft_digest = "draft1:aa";
        out.body_digest = "body1:aa";
        out.message_id = "<first@example.test>";
        for (const char letter : letters) out.standings.push_back(Standing{letter});
        return out;
    }
    static std::string letters(const Record& record) {
        std::string out;
        for (const Standing standing : record.standings) out += static_cast<char>(standing);
        return out;
    }
};

TEST_P(RulingTest, FollowsFromWhatIsKnown) {
    const Case& one = GetParam();
    const Record there = record(one.phase, one.letters);
    const Ruling same =
        ruling(there, {"draft1:aa", one.letters.size(), "<x@example.test>"}, one.on_unknown, one.alive);
    EXPECT_EQ(same.course, one.same);
    EXPECT_EQ(letters(same.next), one.next);
    if (same.course == Course::take) {
        EXPECT_EQ(same.next.phase, Phase::claimed);
        EXPECT_EQ(same.next.message_id, "<first@example.test>");
    }
    const Ruling other =
        ruling(there, {"draft1:bb", one.letters.size(), "<x@example.test>"}, one.on_unknown, one.alive);
    EXPECT_EQ(other.course, one.other);
    if (other.course == Course::take) {
        EXPECT_EQ(letters(other.next), std::string(one.letters.size(), 'o'));
        EXPECT_EQ(other.next.message_id, "<x@example.test>");
        EXPECT_TRUE(other.next.body_digest.empty());
    }
}

constexpr auto report = OnUnknown::report, resend = OnUnknown::resend;

INSTANTIATE_TEST_SUITE_P(
    EveryState, RulingTest,
    ::testing::Values(Case{Phase::claimed, "oo", true, report, Course::wait, "", Course::refuse},
                      Case{Phase::claimed, "oo", false, report, Course::take, "oo", Course::take},
                      Case{Phase::claimed, "so", true, report, Course::wait, "", Course::refuse},
                      Case{Phase::claimed, "so", false, report, Course::take, "so", Course::refuse},
                      Case{Phase::claimed, "uo", false, report, Course::take, "uo", Course::refuse},
                      Case{Phase::claimed, "us", false, report, Course::mark, "us", Course::refuse},
                      Case{Phase::claimed, "us", false, resend, Course::take, "us", Course::refuse},
                      Case{Phase::claimed, "ss", false, report, Course::mark, "ss", Course::refuse},
                      Case{Phase::ending, "ee", true, report, Course::wait, "", Course::refuse},
                      Case{Phase::ending, "ee", true, resend, Course::wait, "", Course::refuse},
                      Case{Phase::ending, "ee", false, report, Course::mark, "uu", Course::refuse},
                      Case{Phase::ending, "ee", false, resend, Course::take, "uu", Course::refuse},
                      Case{Phase::ending, "eo", false, report, Course::take, "uo", Course::refuse},
                      Case{Phase::ending, "es", false, report, Course::mark, "us", Course::refuse},
                      Case{Phase::sent, "ss", false, report, Course::answer, "ss", Course::refuse},
                      Case{Phase::sent, "ss", true, resend, Course::answer, "ss", Course::refuse},
                      Case{Phase::partial, "so", true, report, Course::take, "so", Course::refuse},
                      Case{Phase::partial, "so", false, resend, Course::take, "so", Course::refuse},
                      Case{Phase::unknown, "uu", true, report, Course::answer, "uu", Course::refuse},
                      Case{Phase::unknown, "us", false, resend, Course::take, "us", Course::refuse},
                      Case{Phase::unknown, "uo", false, report, Course::take, "uo", Course::refuse},
                      Case{Phase::failed, "oo", true, report, Course::take, "oo", Course::take},
                      Case{Phase::failed, "oo", false, resend, Course::take, "oo", Course::take}));

TEST_F(RulingTest, AnotherNumberOfRecipientsIsAnotherMessageWhateverTheDigests) {
    const Record there = record(Phase::partial, "so");
    EXPECT_EQ(ruling(there, {"draft2:cc", 3, "<x@example.test>"}, report, false).course, Course::refuse);
    EXPECT_EQ(ruling(there, {"draft2:cc", 2, "<x@example.test>"}, report, false).course, Course::take)
        << "digests of two versions cannot be compared";
}

TEST_F(RulingTest, WhatWasRefusedMayHaveAnotherBodyThenAndWhatWasSentMayNot) {
    EXPECT_TRUE(
        ruling(record(Phase::failed, "oo"), {"draft1:aa", 2, {}}, report, false).next.body_digest.empty());
    EXPECT_EQ(ruling(record(Phase::partial, "so"), {"draft1:aa", 2, {}}, report, false).next.body_digest,
              "body1:aa");
}

TEST_F(RulingTest, AWatchCountsANewVersionAsASignOfLifeWhenTheClockWasSetBack) {
    wfc::testhost::TestHost host;
    Watch watch(wfc::Host(host.table()).clock());
    Record there = record(Phase::claimed, "oo");
    there.at_unix_ms = wfc::Host(host.table()).clock().unix_ms() + 3'600'000;
    EXPECT_TRUE(watch.alive(there, 1));
    host.advance(29'999);
    EXPECT_TRUE(watch.alive(there, 1));
    EXPECT_EQ(watch.left_ms(there), 1U);
    EXPECT_TRUE(watch.alive(there, 2));
    EXPECT_EQ(watch.left_ms(there), 30'000U);
    host.advance(30'000);
    EXPECT_FALSE(watch.alive(there, 2));
    EXPECT_EQ(watch.left_ms(there), 0U);
}

}  // namespace
}  // namespace mailsend::ledger
