// Every entry explains something: facts made from its own `match` lead to it, past all that stand before it.
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"
#include "unit/plugin/diagnosis/sample_of.hpp"

namespace mailsend::diagnosis {
namespace {

using nlohmann::json;

using Strings = std::vector<std::string>;

Strings list(const json& match, const char* member, const Strings& otherwise) {
    return match.contains(member) ? match[member].get<Strings>() : otherwise;
}

/// "4yz" -> "450", "X.7.8" -> "5.7.8", "5.7.606-5.7.649" -> its lower end.
std::string plain_code(std::string word) {
    return word.ends_with("yz") ? word.substr(0, 1) + "96" : word;
}

/// The status for a code of that class.
std::string plain_status(std::string word, char code_class) {
    word = word.substr(0, word.find('-'));
    if (word.starts_with('X')) word[0] = code_class;
    return word;
}

const json& document() {
    static const json read = json::parse(std::ifstream(BINARY_DIR "/plugin/diagnosis/errors.json"));
    return read;
}

std::string preset_of(const json& match) {
    for (const json& provider : document()["providers"]) {
        if (provider["id"] == match.value("provider", "")) return provider["id"];
    }
    return "";
}

std::string sample_of_detail(const json& expression) {
    return samples_of(expression.get<std::string>()).front();
}

/// Facts that agree with `match` in all it demands, one after the other, until `use` says that it is enough.
template <class Use>
void for_facts_of(const json& match, const Use& use) {
    static const Strings any_stage{"rcpt", "auth",     "mail", "dot",   "data", "greeting",
                                   "ehlo", "starttls", "quit", "token", "api"};
    Facts facts;
    facts.condition = match.value("condition", "");
    facts.provider = preset_of(match);
    const json details = match.value("details", json::object());
    for (const auto& [name, expression] : details.items()) facts.details[name] = sample_of_detail(expression);
    const bool spoken = facts.condition.empty() || match.contains("code") || match.contains("text");
    const Strings texts =
        match.contains("text") ? samples_of(match["text"].get<std::string>()) : Strings{"xyzzy"};
    for (const std::string& stage : list(match, "stage", any_stage)) {
        facts.stage = stage_named(stage).value();
        for (const std::string& code :
             list(match, "code", {"559", "459", "550", "450", "554", "535", "454", "421", "250"})) {
            for (const std::string& status : list(match, "enhanced", {""})) {
                for (const std::string& text : texts) {
                    if (spoken) {
                        const std::string number = plain_code(code);
                        std::string line = number + ' ';
                        if (!status.empty()) line += plain_status(status, number[0]) + ' ';
                        facts.reply = Reply{std::stoi(number), {line + text}};
                    }
                    if (use(facts)) return;
                }
            }
        }
    }
}

TEST(TheCatalogue, HasNoEntryThatAnotherHidesWhole) {
    for (const json& entry : document()["entries"]) {
        const std::string id = entry["id"];
        std::map<std::string, int> winners;
        for_facts_of(entry["match"], [&](const Facts& facts) {
            const std::string won = diagnose(facts, Language::en).id;
            ++winners[won];
            return won == id;
        });
        std::string others;
        for (const auto& [winner, times] : winners) others += ' ' + winner;
        EXPECT_TRUE(winners.contains(id)) << id << " is hidden by" << others;
    }
}

TEST(SamplesOfExpressions, TakeEachAlternative) {
    EXPECT_EQ(samples_of("a|b{2}c?"), (Strings{"a", "bb"}));
    EXPECT_EQ(samples_of("^(x|y)\\.z$"), Strings{"x.z"});
    EXPECT_EQ(samples_of("[^\\]]{1,4}[0-9]+ .*\\bq"), Strings{"x0 q"});
}

}  // namespace
}  // namespace mailsend::diagnosis
