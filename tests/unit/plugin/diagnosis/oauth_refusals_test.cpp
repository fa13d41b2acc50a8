// Refusals of authorization servers, each of which must be explained by its own entry (oauth_refusals.json).
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "diagnosis/diagnosis.hpp"
#include "unit/plugin/diagnosis/entries.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

struct Example {
    std::string id;
    Facts facts;
    json row;
};

/// What the token endpoint's reader makes of an answer: "error" and its like of the body, and the numbers
/// that Microsoft puts around its sentence.
Facts facts_of_answer(const json& row) {
    static const std::set<std::string> passing{"server_error", "temporarily_unavailable", "slow_down",
                                               "rate_limit_exceeded", "internal_failure"};
    Facts facts;
    facts.stage = Stage::token;
    facts.sentence = "the authorization server refused";
    const std::string error = row["error"];
    const int status = row.value("http_status", 400);
    const bool later = status >= 500 || status == 429 || passing.contains(error);
    facts.condition = later ? "token.unavailable" : "token.refused";
    facts.details = {{"oauth_error", error}, {"endpoint", row["endpoint"]}};
    if (row.contains("http_status")) facts.details["http_status"] = std::to_string(status);
    facts.details["oauth_description"] =
        row["description"].get<std::string>() +
        " Trace ID: 00000000-0000-0000-0000-0000000000aa Correlation ID: 00000000-0000-0000-0000-0000000000bb"
        " Timestamp: 2026-11-22 03:00:00Z";
    facts.details["aadsts"] = std::to_string(row["error_codes"].at(0).get<std::int64_t>());
    facts.details["trace_id"] = "00000000-0000-0000-0000-0000000000aa";
    facts.details["correlation_id"] = "00000000-0000-0000-0000-0000000000bb";
    facts.details["oauth_timestamp"] = "2026-11-22 03:00:00Z";
    return facts;
}

/// A row that names its facts itself.
Facts facts_as_written(const json& row) {
    Facts facts;
    facts.stage = stage_named(row.value("stage", "token")).value();
    facts.condition = row.value("condition", "");
    facts.provider = row.value("provider", "");
    if (row.contains("details")) {
        facts.details = row["details"].get<std::map<std::string, std::string>>();
    }
    if (row.contains("reply")) {
        const auto lines = row["reply"].get<std::vector<std::string>>();
        facts.reply = Reply{std::stoi(lines.at(0).substr(0, 3)), lines};
    }
    return facts;
}

const std::vector<Example>& examples() {
    static const std::vector<Example> all = [] {
        std::vector<Example> out;
        for (const json& row :
             json::parse(std::ifstream(SOURCE_DIR "/tests/unit/plugin/diagnosis/oauth_refusals.json"))) {
            out.push_back(
                {row["id"], row.contains("error_codes") ? facts_of_answer(row) : facts_as_written(row), row});
        }
        return out;
    }();
    return all;
}

std::string all_words(const Explanation& explanation) {
    std::string all = explanation.title + "\n" + explanation.cause;
    for (const std::string& step : explanation.steps) all += "\n" + step;
    return all;
}

TEST(RefusalsOfAuthorizationServers, AreExplainedByTheirOwnEntry) {
    ASSERT_GE(examples().size(), 114u);
    for (const Example& example : examples()) {
        EXPECT_EQ(diagnose(example.facts, Language::en).id, example.id) << example.row.dump();
    }
}

TEST(RefusalsOfAuthorizationServers, NameTheirNumberInTheTextAsWell) {
    for (const Example& example : examples()) {
        if (!example.row.contains("error_codes")) continue;
        const std::string text = example.row["description"];
        EXPECT_TRUE(text.starts_with("AADSTS" + example.facts.details.at("aadsts") + ": ")) << text;
    }
}

/// A mail server's challenge is JSON, so that its braces are no places that were left empty.
std::string without_challenge(std::string text, const Facts& facts) {
    const auto challenge = facts.details.find("challenge");
    if (challenge == facts.details.end()) return text;
    const std::size_t at = text.find(challenge->second);
    return at == std::string::npos ? text : text.erase(at, challenge->second.size());
}

void expect_good_words(const Facts& facts, const std::string& id) {
    for (const Language language : {Language::en, Language::ja}) {
        const Explanation explanation = diagnose(facts, language).explanation;
        const std::string all = without_challenge(all_words(explanation), facts);
        EXPECT_EQ(all.find_first_of("{}[]"), std::string::npos) << id << ": " << all;
        EXPECT_EQ(all.find("  "), std::string::npos) << id << ": " << all;
        EXPECT_EQ(all.find("()"), std::string::npos) << id << ": " << all;
        EXPECT_FALSE(explanation.title.empty()) << id;
        EXPECT_FALSE(explanation.cause.empty()) << id;
        EXPECT_FALSE(explanation.steps.empty()) << id;
    }
}

TEST(RefusalsOfAuthorizationServers, ReadWellWithAllThatTheServerSays) {
    for (const Example& example : examples()) expect_good_words(example.facts, example.id);
}

/// Microsoft promises neither texts nor trace ids.
TEST(RefusalsOfAuthorizationServers, ReadWellWhereTheServerSaysHardlyAnything) {
    for (const Example& example : examples()) {
        if (!example.row.contains("error_codes")) continue;
        Facts bare = example.facts;
        for (const char* name : {"oauth_description", "trace_id", "correlation_id", "oauth_timestamp"}) {
            bare.details.erase(name);
        }
        EXPECT_EQ(diagnose(bare, Language::en).id, example.id);
        expect_good_words(bare, example.id);
    }
}

TEST(RefusalsOfAuthorizationServers, ReadWellWhereTheUserIsKnown) {
    for (const Example& example : examples()) {
        Facts known = example.facts;
        known.details["user"] = "alice@example.com";
        expect_good_words(known, example.id);
    }
}

TEST(RefusalsOfAuthorizationServers, NameWhoCanCureThem) {
    for (const Example& example : examples()) {
        if (!example.row.contains("actor")) continue;
        const Explanation explanation = diagnose(example.facts, Language::ja).explanation;
        EXPECT_EQ(to_string(explanation.actor), example.row["actor"].get<std::string>()) << example.id;
    }
}

/// The one thing that a person at night has to know: whether it needs somebody in front of a browser.
TEST(RefusalsOfAuthorizationServers, SayWhenANewSignInIsNeeded) {
    for (const Example& example : examples()) {
        if (!example.row.value("sign_in", false)) continue;
        for (const Language language : {Language::en, Language::ja}) {
            const std::string all = all_words(diagnose(example.facts, language).explanation);
            const bool said = all.find("ign in") != std::string::npos ||
                              all.find("sign-in") != std::string::npos ||
                              all.find("サインイン") != std::string::npos;
            EXPECT_TRUE(said) << example.id << ": " << all;
        }
    }
}

TEST(RefusalsOfAuthorizationServers, AreTransientExactlyWhereTheyPass) {
    for (const Example& example : examples()) {
        if (!example.row.contains("error_codes")) continue;
        const Diagnosis diagnosis = diagnose(example.facts, Language::en);
        if (example.facts.condition == "token.unavailable") {
            EXPECT_EQ(diagnosis.error_class, ErrorClass::transient) << example.id;
        }
        const bool waits = diagnosis.advice == Advice::backoff || diagnosis.advice == Advice::after;
        EXPECT_EQ(waits, diagnosis.error_class == ErrorClass::transient) << example.id;
    }
}

bool about_oauth(std::string_view id) {
    return id.starts_with("microsoft.") || id.starts_with("google.") || id.starts_with("rfc.") ||
           id.starts_with("sasl.") || id.starts_with("token.") || id.starts_with("signin.") ||
           id.ends_with("_token");
}

/// The entry of `id` and the words for an example of it, with `renewal` as given.
std::string words_after_renewal(const Example& example, const std::string& renewal) {
    Facts facts = example.facts;
    facts.details.erase("renewal");
    if (!renewal.empty()) facts.details["renewal"] = renewal;
    return diagnose(facts, Language::en).explanation.cause + diagnose(facts, Language::ja).explanation.cause;
}

TEST(RefusedTokens, ClaimARenewalOnlyWhereThereWasOne) {
    const std::set<std::string> told{"auth.token_refused",
                                     "sasl.xoauth2.400",
                                     "sasl.xoauth2.401",
                                     "sasl.oauthbearer.invalid_token",
                                     "sasl.oauthbearer.invalid_request",
                                     "sasl.xoauth2.outlook",
                                     "auth.refused_in_challenge_token"};
    std::set<std::string> seen;
    for (const Example& example : examples()) {
        if (!told.contains(example.id)) continue;
        seen.insert(example.id);
        const std::string done = words_after_renewal(example, "done");
        EXPECT_NE(done.find("tried once more"), std::string::npos) << done;
        EXPECT_NE(done.find("再試行"), std::string::npos) << done;
        const std::string failed = words_after_renewal(example, "failed");
        EXPECT_NE(failed.find("could not get it"), std::string::npos) << failed;
        EXPECT_NE(failed.find("取得も試みましたが"), std::string::npos) << failed;
        for (const char* renewal : {"none", ""}) {
            const std::string none = words_after_renewal(example, renewal);
            EXPECT_EQ(none.find("fresh token"), std::string::npos) << none;
            EXPECT_EQ(none.find("新しいトークン"), std::string::npos) << none;
        }
    }
    EXPECT_EQ(seen, told);
}

TEST(EntriesAboutOAuth, HaveAnExampleEach) {
    std::set<std::string> shown;
    for (const Example& example : examples()) shown.insert(example.id);
    for (const diagnosis::Entry& entry : diagnosis::all_entries()) {
        EXPECT_TRUE(!about_oauth(entry.id) || shown.contains(std::string(entry.id))) << entry.id;
    }
}

TEST(EntriesAboutOAuth, DifferInTheirTitlesAndCauses) {
    for (const std::size_t language : {std::size_t{0}, std::size_t{1}}) {
        std::set<std::string> titles;
        std::set<std::string> causes;
        for (const diagnosis::Entry& entry : diagnosis::all_entries()) {
            // A twin explains the same number under another name of the error.
            if (!entry.id.starts_with("microsoft.") || entry.id.ends_with("_refused")) continue;
            EXPECT_TRUE(titles.emplace(entry.wordings[language].title).second) << entry.id;
            EXPECT_TRUE(causes.emplace(entry.wordings[language].cause).second) << entry.id;
        }
        EXPECT_GE(titles.size(), 108u);
    }
}

}  // namespace
}  // namespace mailsend
