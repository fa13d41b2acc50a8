#include "diagnosis/matcher.hpp"

#include <gtest/gtest.h>

#include "unit/plugin/diagnosis/small_catalogue.hpp"

namespace mailsend::diagnosis {
namespace {

using nlohmann::json;

Facts reply(int code, std::string line, Stage stage = Stage::rcpt) {
    Facts facts;
    facts.stage = stage;
    facts.reply = Reply{code, {std::move(line)}};
    return facts;
}

/// Whether an entry with that `match` explains the facts (another one stands behind it).
bool matches(const json& match, const Facts& facts) {
    const SmallCatalogue catalogue(json::array({match, json::object()}));
    return Evidence(facts, *catalogue).entry() == 0;
}

TEST(EvidenceOfAReply, DropsAStatusWhoseClassContradictsTheCode) {
    const SmallCatalogue catalogue(json::array({json::object()}));
    const Facts lying = reply(451, "451 5.7.3 x");
    EXPECT_EQ(Evidence(lying, *catalogue).status(), std::nullopt);
    const Facts honest = reply(451, "451 4.7.3 x");
    EXPECT_EQ(Evidence(honest, *catalogue).status(), (EnhancedStatus{4, 7, 3}));
}

TEST(Codes, MatchOneCodeOrAWholeClass) {
    const json one{{"code", {"535", "454"}}};
    EXPECT_TRUE(matches(one, reply(535, "535 no")));
    EXPECT_TRUE(matches(one, reply(454, "454 no")));
    EXPECT_FALSE(matches(one, reply(534, "534 no")));
    const json all{{"code", {"4yz"}}};
    EXPECT_TRUE(matches(all, reply(400, "400 no")));
    EXPECT_TRUE(matches(all, reply(499, "499 no")));
    EXPECT_FALSE(matches(all, reply(500, "500 no")));
    for (const int strange : {-1, 0, 3, 199, 600, 70000}) EXPECT_FALSE(matches(all, reply(strange, "x")));
    EXPECT_TRUE(matches({{"text", "no"}}, reply(600, "600 no"))) << "an entry without codes takes any";
}

TEST(Statuses, MatchOneStatusAnyClassOrARange) {
    EXPECT_TRUE(matches({{"enhanced", {"5.7.139"}}}, reply(535, "535 5.7.139 no")));
    EXPECT_FALSE(matches({{"enhanced", {"5.7.139"}}}, reply(435, "435 4.7.139 no")));
    EXPECT_FALSE(matches({{"enhanced", {"5.7.139"}}}, reply(535, "535 no")));
    EXPECT_TRUE(matches({{"enhanced", {"X.7.8"}}}, reply(435, "435 4.7.8 no")));
    const json range{{"enhanced", {"5.1.1", "5.7.606-5.7.649"}}};
    EXPECT_TRUE(matches(range, reply(550, "550 5.7.606 no")));
    EXPECT_TRUE(matches(range, reply(550, "550 5.7.649 no")));
    EXPECT_TRUE(matches(range, reply(550, "550 5.1.1 no")));
    EXPECT_FALSE(matches(range, reply(550, "550 5.7.650 no")));
    EXPECT_FALSE(matches(range, reply(550, "550 5.6.610 no")));
}

TEST(ExpressionsOfEntries, IgnoreLetterCaseAndTakeAnyByte) {
    EXPECT_TRUE(matches({{"text", "relay.denied"}}, reply(550,
                                                          "550 RELAY\xFF"
                                                          "DENIED")));
    EXPECT_TRUE(matches({{"text", "relay.denied"}}, reply(550, "550 relay\ndenied")));
    EXPECT_FALSE(matches({{"text", "relay.denied"}}, reply(550, "550 relay")));
    EXPECT_TRUE(matches({{"text", "^no$"}}, reply(550, "550 5.1.1 No")));
    EXPECT_FALSE(matches({{"text", "no"}}, reply(550, "550")));
}

TEST(Matching, NeedsEveryPartThatIsPresent) {
    const json match{{"stage", {"rcpt"}}, {"code", {"550"}}, {"enhanced", {"5.1.1"}}, {"text", "unknown"}};
    EXPECT_TRUE(matches(match, reply(550, "550 5.1.1 User unknown")));
    EXPECT_FALSE(matches(match, reply(551, "551 5.1.1 User unknown")));
    EXPECT_FALSE(matches(match, reply(550, "550 5.1.2 User unknown")));
    EXPECT_FALSE(matches(match, reply(550, "550 User unknown")));
    EXPECT_FALSE(matches(match, reply(550, "550 5.1.1 no")));
    EXPECT_FALSE(matches(match, reply(550, "550 5.1.1 User unknown", Stage::mail)));
}

TEST(Matching, LooksIntoDetailsAndKeepsConditionsApartFromReplies) {
    const json by_user{{"details", {{"user", "@outlook\\."}, {"proof", "^password$"}}}};
    Facts facts = reply(535, "535 no");
    EXPECT_FALSE(matches(by_user, facts));
    facts.details["user"] = "Alice@Outlook.com";
    EXPECT_FALSE(matches(by_user, facts));
    facts.details["proof"] = "password";
    EXPECT_TRUE(matches(by_user, facts));
    facts.details["proof"] = "PASSWORD";
    EXPECT_TRUE(matches(by_user, facts));
    facts.details["proof"] = "passwords";
    EXPECT_FALSE(matches(by_user, facts));
    facts.details["proof"] = "";
    EXPECT_FALSE(matches(by_user, facts));

    const json by_condition{{"condition", "conn.refused"}};
    EXPECT_FALSE(matches(by_condition, facts));
    const Facts refused = Failure(Stage::connect, "conn.refused", "refused").facts();
    EXPECT_TRUE(matches(by_condition, refused));
    EXPECT_FALSE(matches({{"condition", "conn.reset"}}, refused));
    const SmallCatalogue catalogue(
        json::array({json{{"text", "x"}}, json{{"code", {"5yz"}}}, json::object()}));
    EXPECT_EQ(Evidence(refused, *catalogue).entry(), 2u) << "the last entry stands for what nothing knows";
}

TEST(Matching, TakesTheFirstEntryInTheCataloguesOrder) {
    Facts facts = reply(550, "550 no");
    facts.condition = "a.b";
    EXPECT_EQ(
        Evidence(facts, *SmallCatalogue(json::array({json{{"condition", "a.b"}}, json{{"code", {"550"}}}})))
            .entry(),
        0u);
    EXPECT_EQ(
        Evidence(facts, *SmallCatalogue(json::array({json{{"code", {"550"}}}, json{{"condition", "a.b"}}})))
            .entry(),
        0u);
    EXPECT_EQ(Evidence(facts, *SmallCatalogue(json::array(
                                  {json{{"code", {"551"}}}, json{{"condition", "a.c"}},
                                   json{{"condition", "a.b"}, {"code", {"551"}}},
                                   json{{"condition", "a.b"}, {"code", {"550"}}}, json::object()})))
                  .entry(),
              3u);
}

/// Providers a (bit 0) and b (bit 1).
std::uint32_t providers(const std::map<std::string, std::string>& details, const std::string& preset,
                        const std::string& line) {
    const json signs{{{"id", "a"},
                      {"presets", {"preset-a"}},
                      {"text", "- a$"},
                      {"greeting", "\\ba-server\\b"},
                      {"host", "\\.a\\.test$"}},
                     {{"id", "b"},
                      {"presets", {"b1", "b2"}},
                      {"text", "- b$"},
                      {"greeting", "\\bb-server\\b"},
                      {"host", "\\.b\\.test$"}}};
    const SmallCatalogue catalogue(json::array({json::object()}), signs);
    Facts facts;
    if (!line.empty()) facts = reply(550, line);
    facts.details = details;
    facts.provider = preset;
    return Evidence(facts, *catalogue).providers();
}

TEST(ProviderSigns, CountInTheOrderOfTheirTrust) {
    EXPECT_EQ(providers({}, "", "550 no"), 0u);
    EXPECT_EQ(providers({}, "elsewhere", ""), 0u);
    EXPECT_EQ(providers({{"host", "smtp.a.test"}}, "", ""), 1u);
    EXPECT_EQ(providers({{"host", "smtp.a.test"}}, "b2", ""), 2u);
    EXPECT_EQ(providers({{"host", "smtp.a.test"}}, "a", ""), 1u) << "an id does for a preset";
    EXPECT_EQ(providers({{"server_name", "x.a-server.test"}, {"host", "smtp.b.test"}}, "b1", ""), 1u);
    EXPECT_EQ(providers({{"greeting", "220 B-Server"}, {"server_name", "a-server"}}, "preset-a", "550 no"),
              2u);
    EXPECT_EQ(providers({{"greeting", "220 b-server"}}, "b1", "550 no - A"), 1u);
}

TEST(ProviderSigns, DecideWhoseEntriesMatch) {
    const json signs{{{"id", "a"}, {"presets", {"preset-a"}}, {"text", "- a$"}},
                     {{"id", "b"}, {"presets", {"preset-b"}}}};
    const SmallCatalogue catalogue(
        json::array({json{{"provider", "b"}}, json{{"provider", "a"}}, json::object()}), signs);
    Facts facts = reply(550, "550 no");
    EXPECT_EQ(Evidence(facts, *catalogue).entry(), 2u);
    facts.provider = "preset-b";
    EXPECT_EQ(Evidence(facts, *catalogue).entry(), 0u);
    facts.reply->lines = {"550 no - a"};
    EXPECT_EQ(Evidence(facts, *catalogue).entry(), 1u) << "a relay passes on what another provider said";
}

}  // namespace
}  // namespace mailsend::diagnosis
