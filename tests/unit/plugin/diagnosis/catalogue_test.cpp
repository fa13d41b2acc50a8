#include "diagnosis/catalogue.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "unit/plugin/diagnosis/entries.hpp"

namespace mailsend::diagnosis {
namespace {

using nlohmann::json;

const json& document() {
    static const json read = json::parse(std::ifstream(BINARY_DIR "/plugin/diagnosis/errors.json"));
    return read;
}

std::set<std::string> words(const std::string& separated_by_blanks) {
    std::istringstream in(separated_by_blanks);
    return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

/// Values that a passage may depend on without showing them.
bool is_condition(const std::string& place) {
    static const std::set<std::string> known{"renewal=done", "renewal=failed", "request_sent=no",
                                             "chain_length=1"};
    return known.contains(place);
}

/// Complains about places that nothing can fill and passages that are not closed.
std::string fault_of(std::string_view text) {
    static const std::set<std::string> always{"host", "stage"};
    static const std::set<std::string> sometimes = words(
        "port address names user seconds consent_age_days pointer sentence issuer not_before not_after now "
        "oauth_error oauth_description oauth_uri oauth_timestamp aadsts trace_id correlation_id "
        "limit recipients wait message_id at http_status endpoint retry_after_s challenge token_bytes "
        "missing "
        "token_fault token_audience token_scopes needed_scope token_user token_tenant token_time");
    bool passage = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[' || text[i] == ']') {
            if (passage == (text[i] == '[')) return "brackets";
            passage = !passage;
        } else if (text[i] == '}') {
            return "a brace that was not opened";
        } else if (text[i] == '{') {
            const std::size_t end = text.find('}', i);
            if (end == std::string::npos) return "a brace that is not closed";
            const std::string name(text.substr(i + 1, end - i - 1));
            if (!always.contains(name) && !sometimes.contains(name) && !is_condition(name))
                return "{" + name + "} is no place";
            if (!always.contains(name) && !passage) return "{" + name + "} must stand in brackets";
            i = end;
        }
    }
    return passage ? "brackets" : "";
}

TEST(TheCatalogue, IsTheFileOfTheManifestsAndCanBeRead) {
    const auto entries = all_entries();
    ASSERT_EQ(entries.size(), document()["entries"].size());
    EXPECT_GE(entries.size(), 500u);
    for (std::size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(entries[i].id, document()["entries"][i]["id"]);
}

TEST(TheCatalogue, HasEveryIdOnce) {
    std::set<std::string_view> ids;
    for (const Entry& entry : all_entries()) EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
}

TEST(TheCatalogue, SaysTheSameInBothLanguagesAndLeavesNothingEmpty) {
    for (const Entry& entry : all_entries()) {
        EXPECT_EQ(entry.wordings[0].steps.size(), entry.wordings[1].steps.size()) << entry.id;
        for (const Wording& wording : entry.wordings) {
            EXPECT_FALSE(wording.title.empty()) << entry.id;
            EXPECT_FALSE(wording.cause.empty()) << entry.id;
            EXPECT_FALSE(wording.steps.empty()) << entry.id;
            for (std::size_t i = 0; i < wording.steps.size(); ++i)
                EXPECT_FALSE(wording.steps[i].empty()) << entry.id;
        }
        bool japanese = false;
        for (const char c : entry.wordings[1].title)
            japanese = japanese || (static_cast<unsigned char>(c) == 0xE3);
        EXPECT_TRUE(japanese) << entry.id << " has no Japanese title";
    }
}

TEST(TheCatalogue, HasOnlyPlacesThatCanBeFilled) {
    for (const Entry& entry : all_entries()) {
        for (const Wording& wording : entry.wordings) {
            EXPECT_EQ(fault_of(wording.title), "") << entry.id;
            EXPECT_EQ(fault_of(wording.cause), "") << entry.id;
            for (std::size_t i = 0; i < wording.steps.size(); ++i)
                EXPECT_EQ(fault_of(wording.steps[i]), "") << entry.id << ": " << wording.steps[i];
        }
    }
}

TEST(TheCatalogue, HasDelaysExactlyWhereTheyMeanSomething) {
    for (const Entry& entry : all_entries()) {
        const bool waits = entry.advice == Advice::backoff || entry.advice == Advice::after;
        EXPECT_EQ(entry.delay.has_value(), waits) << entry.id;
        EXPECT_TRUE(!waits || entry.error_class == ErrorClass::transient) << entry.id;
    }
}

TEST(TheCatalogue, HasAWordForEveryStageInBothLanguages) {
    for (const Language language : {Language::en, Language::ja}) {
        const Words known = Catalogue::embedded().words(language);
        EXPECT_FALSE(known("host").empty());
        for (int i = 0; i <= static_cast<int>(Stage::host); ++i) {
            const std::string name = "stage." + std::string(to_string(static_cast<Stage>(i)));
            EXPECT_FALSE(known(name).empty()) << name;
        }
        EXPECT_EQ(known("no such word"), "");
    }
}

TEST(TheCatalogue, PutsConditionsFirstAndTheUnexplainedLast) {
    const auto entries = all_entries();
    bool replies = false;
    std::set<std::string_view> named;
    for (const Entry& entry : entries) {
        if (entry.condition.empty()) replies = true;
        EXPECT_FALSE(replies && !entry.condition.empty()) << entry.id;
        // A condition has one entry of its own name; others explain it more closely, and stand before it.
        const bool close = entry.looks_closer;
        EXPECT_TRUE(entry.condition.empty() || close || entry.id == entry.condition) << entry.id;
        EXPECT_TRUE(!close || !named.contains(entry.condition)) << entry.id;
        if (entry.id == entry.condition) named.insert(entry.id);
    }
    EXPECT_EQ(entries.back().id, "generic.unexplained");
}

TEST(TheCatalogue, HoldsPatternsAndNoWholeReplies) {
    for (const json& entry : document()["entries"]) {
        EXPECT_FALSE(entry.contains("example_reply")) << entry["id"];
        const std::string text = entry["match"].value("text", "");
        EXPECT_EQ(text.find("- gsmtp"), std::string::npos) << entry["id"];
        EXPECT_EQ(text.find("PROD.OUTLOOK"), std::string::npos) << entry["id"];
        EXPECT_LE(text.size(), 420u) << entry["id"];
    }
}

}  // namespace
}  // namespace mailsend::diagnosis
