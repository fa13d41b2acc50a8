#include "diagnosis/matcher.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace mailsend::diagnosis {
namespace {

TEST(CodePatterns, MatchOneCodeOrAWholeClass) {
    EXPECT_TRUE(CodePattern::parse("535").matches(535));
    EXPECT_FALSE(CodePattern::parse("535").matches(534));
    EXPECT_TRUE(CodePattern::parse("4yz").matches(400));
    EXPECT_TRUE(CodePattern::parse("4yz").matches(499));
    EXPECT_FALSE(CodePattern::parse("4yz").matches(500));
    for (const char* bad : {"", "53", "5350", "5xz", "yz4", "53a"}) {
        EXPECT_THROW(CodePattern::parse(bad), std::runtime_error) << bad;
    }
}

TEST(StatusPatterns, MatchOneStatusAnyClassOrARange) {
    EXPECT_TRUE(StatusPattern::parse("5.7.139").matches({5, 7, 139}));
    EXPECT_FALSE(StatusPattern::parse("5.7.139").matches({4, 7, 139}));
    EXPECT_TRUE(StatusPattern::parse("X.7.8").matches({4, 7, 8}));
    EXPECT_TRUE(StatusPattern::parse("5.7.606-5.7.649").matches({5, 7, 606}));
    EXPECT_TRUE(StatusPattern::parse("5.7.606-5.7.649").matches({5, 7, 649}));
    EXPECT_FALSE(StatusPattern::parse("5.7.606-5.7.649").matches({5, 7, 650}));
    EXPECT_FALSE(StatusPattern::parse("5.7.606-5.7.649").matches({5, 6, 610}));
    for (const char* bad : {"", "5.7", "Y.7.1", "5.7.1-5.6.9", "5.7.1-X.7.9", "5.7.1-"}) {
        EXPECT_THROW(StatusPattern::parse(bad), std::runtime_error) << bad;
    }
}

TEST(Expressions, IgnoreLetterCaseAndTakeAnyByte) {
    EXPECT_TRUE(Expression("relay.denied")
                    .found_in("RELAY\xFF"
                              "DENIED"));
    EXPECT_FALSE(Expression("relay").found_in("rely"));
    EXPECT_THROW(Expression("(?!x)"), std::runtime_error);
}

Facts reply(int code, std::string line) {
    Facts facts;
    facts.stage = Stage::rcpt;
    facts.reply = Reply{code, {std::move(line)}};
    return facts;
}

TEST(EvidenceOfAReply, DropsAStatusWhoseClassContradictsTheCode) {
    const Facts lying = reply(451, "451 5.7.3 x");
    EXPECT_EQ(Evidence(lying, {}).status, std::nullopt);
    const Facts honest = reply(451, "451 4.7.3 x");
    EXPECT_EQ(Evidence(honest, {}).status, (EnhancedStatus{4, 7, 3}));
}

TEST(EvidenceOfAReply, KnowsTheProviderByPresetOrByItsWords) {
    std::vector<Fingerprint> fingerprints;
    fingerprints.push_back({"a", {"preset-a"}, std::nullopt});
    fingerprints.push_back({"b", {}, Expression("- trailer$")});
    Facts facts = reply(550, "550 no - trailer");
    EXPECT_EQ(Evidence(facts, fingerprints).providers, 2u);
    facts.provider = "preset-a";
    EXPECT_EQ(Evidence(facts, fingerprints).providers, 3u);
}

TEST(Matching, NeedsEveryPartThatIsPresent) {
    Matcher matcher;
    matcher.stages = {Stage::rcpt};
    matcher.codes = {CodePattern::parse("550")};
    matcher.statuses = {StatusPattern::parse("5.1.1")};
    matcher.text.emplace("unknown");
    const auto matches = [&](Facts facts) { return matcher.matches(Evidence(facts, {})); };
    EXPECT_TRUE(matches(reply(550, "550 5.1.1 User unknown")));
    EXPECT_FALSE(matches(reply(551, "551 5.1.1 User unknown")));
    EXPECT_FALSE(matches(reply(550, "550 5.1.2 User unknown")));
    EXPECT_FALSE(matches(reply(550, "550 User unknown")));
    EXPECT_FALSE(matches(reply(550, "550 5.1.1 no")));
    Facts elsewhere = reply(550, "550 5.1.1 User unknown");
    elsewhere.stage = Stage::mail;
    EXPECT_FALSE(matches(elsewhere));
}

TEST(Matching, LooksIntoDetailsAndKeepsConditionsApartFromReplies) {
    Matcher by_user;
    by_user.details.emplace_back("user", Expression("@outlook\\."));
    Facts facts = reply(535, "535 no");
    EXPECT_FALSE(by_user.matches(Evidence(facts, {})));
    facts.details["user"] = "Alice@Outlook.com";
    EXPECT_TRUE(by_user.matches(Evidence(facts, {})));

    Matcher by_condition;
    by_condition.condition = "conn.refused";
    EXPECT_FALSE(by_condition.matches(Evidence(facts, {})));
    const Facts refused = Failure(Stage::connect, "conn.refused", "refused").facts();
    EXPECT_TRUE(by_condition.matches(Evidence(refused, {})));
    EXPECT_FALSE(Matcher{}.matches(Evidence(refused, {})));
}

}  // namespace
}  // namespace mailsend::diagnosis
