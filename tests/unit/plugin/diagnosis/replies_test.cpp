// Real replies of servers, each of which must be explained by its own entry (replies/).
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "diagnosis/diagnosis.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct Example {
    std::string id;
    Facts facts;
};

std::vector<Example> examples() {
    std::vector<Example> out;
    json rows = json::array();
    for (const auto& file : fs::directory_iterator(SOURCE_DIR "/tests/unit/plugin/diagnosis/replies")) {
        for (json& row : json::parse(std::ifstream(file.path()))) rows.push_back(std::move(row));
    }
    for (const json& row : rows) {
        Example example{row["id"], {}};
        const auto lines = row["lines"].get<std::vector<std::string>>();
        example.facts.stage = stage_named(row["stage"].get<std::string>()).value();
        example.facts.reply = Reply{std::stoi(lines.at(0).substr(0, 3)), lines};
        example.facts.provider = row.value("provider", "");
        if (row.contains("details"))
            example.facts.details = row["details"].get<std::map<std::string, std::string>>();
        out.push_back(std::move(example));
    }
    return out;
}

TEST(RepliesOfServers, AreExplainedByTheirOwnEntry) {
    const auto all = examples();
    ASSERT_GE(all.size(), 150u);
    for (const Example& example : all) {
        EXPECT_EQ(diagnose(example.facts, Language::en).id, example.id) << example.facts.reply->words();
    }
}

TEST(RepliesOfServers, ReadWellInBothLanguages) {
    for (const Example& example : examples()) {
        for (const Language language : {Language::en, Language::ja}) {
            const Explanation explanation = diagnose(example.facts, language).explanation;
            std::string all = explanation.title + explanation.cause;
            for (const std::string& step : explanation.steps) all += step;
            EXPECT_EQ(all.find_first_of("{}[]"), std::string::npos) << example.id << ": " << all;
            EXPECT_FALSE(explanation.title.empty());
            EXPECT_FALSE(explanation.steps.empty());
        }
    }
}

/// Entries whose wording could be anybody's count only where the provider is known.
std::set<std::string> bound_to_a_provider() {
    std::set<std::string> ids;
    const json document = json::parse(std::ifstream(BINARY_DIR "/plugin/diagnosis/errors.json"));
    for (const json& entry : document["entries"])
        if (entry["match"].contains("provider")) ids.insert(entry["id"].get<std::string>());
    return ids;
}

/// Wordings that name themselves: the provider is not known beforehand.
TEST(RepliesOfServers, AreRecognisedByTellingWordsWithoutKnowingTheProvider) {
    const std::set<std::string> bound = bound_to_a_provider();
    for (Example& example : examples()) {
        if (bound.contains(example.id)) continue;
        example.facts.provider.clear();
        EXPECT_EQ(diagnose(example.facts, Language::en).id, example.id) << example.facts.reply->words();
    }
}

}  // namespace
}  // namespace mailsend
