#include "transcript/variants.hpp"

#include <gmock/gmock.h>

namespace transcript {
namespace {

using testing::ElementsAre;

Transcript dialogue(const std::string& lines) {
    return Transcript::parse("# A dialogue.\nexpect: {\"outcome\": \"accepted\"}\n" + lines);
}

std::vector<std::string> texts(const Transcript& transcript) {
    std::vector<std::string> all;
    for (const Line& line : transcript.connections.front()) {
        all.push_back(line.text.substr(0, line.text.find('\r')));
    }
    return all;
}

TEST(WithPipelining, IsOfferedAtTheEndOfTheReplyToEhlo) {
    const auto one = with_pipelining(dialogue("C: EHLO a\nS: 250 b\nC: MAIL\nS: 250 c\nC: RCPT\nS: 250 d\n"));
    ASSERT_TRUE(one);
    EXPECT_THAT(texts(*one),
                ElementsAre("EHLO a", "250-b", "250 PIPELINING", "MAIL", "250 c", "RCPT", "250 d"));
    const auto more = with_pipelining(dialogue("C: EHLO a\nS: 250-b\nS: 250 SIZE\nC: QUIT\n"));
    ASSERT_TRUE(more);
    EXPECT_THAT(texts(*more), ElementsAre("EHLO a", "250-b", "250-SIZE", "250 PIPELINING", "QUIT"));
}

TEST(WithPipelining, IsNotForWhatIsRefusedBeforeTheEndOfAGroup) {
    EXPECT_FALSE(with_pipelining(dialogue("C: EHLO a\nS: 250 b\nC: MAIL\nS: 550 c\n")));
    EXPECT_FALSE(with_pipelining(dialogue("C: EHLO a\nS: 250 b\nC: MAIL\nS: 250 c\nC: RCPT\nS! cut\n")));
    EXPECT_TRUE(with_pipelining(dialogue("C: EHLO a\nS: 250 b\nC: MAIL\nS: 250 c\nC: DATA\nS: 550 d\n")));
    EXPECT_FALSE(with_pipelining(dialogue("C: EHLO a\nS: 250 b\nC: MAIL\nS: 250 c\nC: DATA\nS: 250 d\n")));
    EXPECT_FALSE(with_pipelining(dialogue("C: EHLO a\nS: 250 b\nC: MAIL\nS: 250 c\nC: DATA\nS! cut\n")));
}

TEST(WithPipelining, IsNotForAServerThatOffersItOrRefusesEhlo) {
    EXPECT_FALSE(with_pipelining(dialogue("C: EHLO a\nS: 250-b\nS: 250 PIPELINING\n")));
    EXPECT_FALSE(with_pipelining(dialogue("C: EHLO a\nS: 502 b\n")));
}

TEST(OneAtATime, PutsEachReplyBehindItsCommand) {
    const auto apart =
        one_at_a_time(dialogue("C: EHLO a\nS: 250-b\nS: 250 PIPELINING\nC: MAIL\nC: RCPT\n"
                               "C: DATA\nS: 250 c\nS: 250 d\nS: 354 e\nC: QUIT\n"));
    ASSERT_TRUE(apart);
    EXPECT_THAT(texts(*apart), ElementsAre("EHLO a", "250-b", "250 PIPELINING", "MAIL", "250 c", "RCPT",
                                           "250 d", "DATA", "354 e", "QUIT"));
    EXPECT_EQ(apart->settings["delivery"]["pipelining"], "off");
}

TEST(OneAtATime, IsNotForWhatIsRefusedInAGroupNorForChunks) {
    EXPECT_FALSE(one_at_a_time(dialogue("C: EHLO a\nS: 250 b\n")));
    EXPECT_FALSE(one_at_a_time(dialogue("C: EHLO a\nS: 250-b\nS: 250-PIPELINING\nS: 250 CHUNKING\n")));
    EXPECT_FALSE(
        one_at_a_time(dialogue("C: EHLO a\nS: 250-b\nS: 250 PIPELINING\nC: MAIL\nC: DATA\n"
                               "S: 550 c\nS: 503 d\n")));
}

}  // namespace
}  // namespace transcript
