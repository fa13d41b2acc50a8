// The catalogue's compiler: what it refuses, and what it makes of the rest.
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "diagnosis/compiler/exact_words.hpp"
#include "diagnosis/compiler/patterns.hpp"
#include "diagnosis/compiler/places.hpp"
#include "unit/plugin/diagnosis/entries.hpp"
#include "unit/plugin/diagnosis/small_catalogue.hpp"

namespace mailsend::diagnosis {
namespace {

using nlohmann::json;

/// What the compiler says; empty when it takes the files.
std::string refusal(const Files& files) {
    try {
        compiled(files);
    } catch (const std::runtime_error& refused) {
        return refused.what();
    }
    return "";
}

std::string refusal_of_entry(const json& entry) {
    return refusal(files_of({entry_matching({{"code", {"550"}}}, "first.one"), entry}));
}

TEST(CompilingACatalogue, NamesTheFileAndTheEntryAtFault) {
    const json good = entry_matching({{"text", "x"}}, "gmail.auth.x");
    EXPECT_EQ(refusal_of_entry(good), "");
    struct Fault {
        const char* pointer;
        json value;
        const char* says;
    };
    const std::vector<Fault> faults{
        {"/class", "temporary", "/class must be one of"},
        {"/actor", "me", "/actor must be one of"},
        {"/verified", "oficial", "did you mean \"official\""},
        {"/retry", {{"advice", "after-seconds"}}, "/retry/advice must be one of"},
        {"/retry", {{"advice", "backoff"}}, "/retry/delay_ms is missing"},
        {"/retry", {{"advice", "never"}, {"delay_ms", 1000}}, "/retry/delay_ms has no meaning here"},
        {"/retry", {{"advice", "after"}, {"delay_ms", 999}}, "/retry/delay_ms must be a number from 1000"},
        {"/penalty", false, "/penalty must be true or left out"},
        {"/penalty", "yes", "/penalty must be true or false"},
        {"/match/stage", {"final-reply"}, "/match/stage has \"final-reply\""},
        {"/match/code", {"5x"}, "\"5x\" is no reply code"},
        {"/match/enhanced", {"5.7"}, "\"5.7\" is no enhanced status"},
        {"/match/text", "(", "\"(\" does not compile"},
        {"/match/text", "(?!x)y", "does not compile"},
        {"/match/text", "x*", "does not compile"},
        {"/match/text", "é", "/match/text may hold ASCII only"},
        {"/match/text", "", "/match/text must not be empty"},
        {"/match/details", {{"proof", "("}}, "does not compile"},
        {"/match/details", json::object(), "/match/details must not be empty"},
        {"/match/codes", {"550"}, "/match/codes is not a known member; did you mean \"code\"?"},
        {"/match/provider", "nobody", "/match/provider is \"nobody\""},
        {"/titel", "x", "/titel is not a known member"},
        {"/link", "http://x", "/link must begin with https://"},
        {"/source", "", "/source must not be empty"},
        {"/ja", json::object(), "/ja/title is missing"},
        {"/ja/steps", {"a", "b"}, "/ja has another number of steps than /en"},
        {"/en/steps", json::array(), "/en/steps must not be empty"},
        {"/en/title", "{host is away", "/en/title has a place that is not closed"},
        {"/en/cause", "x[ {host}", "/en/cause has a passage that is not closed"},
        {"/en/steps", {"}"}, "/en/steps has a text that has a '}' without a '{'"},
        {"/id", "first.one", "its id stands twice in the catalogue"}};
    for (const Fault& fault : faults) {
        json bad = good;
        bad[json::json_pointer(fault.pointer)] = fault.value;
        const std::string said = refusal_of_entry(bad);
        EXPECT_TRUE(said.starts_with("a.json, the entry '" + bad["id"].get<std::string>() + "': ")) << said;
        EXPECT_NE(said.find(fault.says), std::string::npos) << fault.pointer << fault.value << ": " << said;
    }
    json nameless = good;
    nameless.erase("id");
    EXPECT_EQ(refusal_of_entry(nameless), "a.json, entry 1: /id is missing");
}

TEST(CompilingACatalogue, RefusesFilesThatAreNoCatalogue) {
    const Files good = files_of(json::array({entry_matching({{"code", {"550"}}})}));
    EXPECT_EQ(refusal(good), "");
    const auto with = [&](const char* file, const char* pointer, const json& value) {
        Files files = good;
        json document = json::parse(files[file]);
        document[json::json_pointer(pointer)] = value;
        files[file] = document.dump();
        return refusal(files);
    };
    EXPECT_EQ(with("catalogue.json", "/files", {"a.json", "b.json"}), "b.json: there is no file b.json");
    EXPECT_EQ(with("catalogue.json", "/files", {"a.json", "a.json"}),
              "catalogue.json: names the file a.json twice");
    EXPECT_EQ(with("catalogue.json", "/format", 2), "catalogue.json: /format must be 1");
    EXPECT_EQ(with("catalogue.json", "/more", 2), "catalogue.json: /more is not a known member");
    EXPECT_EQ(with("catalogue.json", "/words/ja/x", "y"),
              "catalogue.json: /words/en has fewer words than /words/ja");
    EXPECT_EQ(with("catalogue.json", "/words/en/x", "{y"),
              "catalogue.json: /words/en/x has a place that is not closed");
    EXPECT_EQ(with("catalogue.json", "/providers", {{{"id", "p"}}, {{"id", "p"}}}),
              "catalogue.json: /providers/1/id is the id of two providers");
    EXPECT_NE(with("catalogue.json", "/providers", json::array({json{{"id", "p"}, {"greeting", "("}}}))
                  .find("catalogue.json, the provider 'p': the expression \"(\" does not compile"),
              std::string::npos);
    EXPECT_EQ(with("a.json", "/format", 2), "a.json: /format must be 1");
    EXPECT_EQ(with("a.json", "/entries", json::array()), "catalogue.json: the catalogue has no entries");
    EXPECT_EQ(refusal({{"catalogue.json", "{"}}),
              "catalogue.json: the file is not valid JSON: syntax error at byte 2");
    EXPECT_EQ(refusal({}), "catalogue.json: there is no file catalogue.json");
}

TEST(CompilingACatalogue, KeepsWhatTheEntriesSay) {
    json entry = entry_matching({{"text", "x"}}, "a.b.C_1");
    entry["link"] = "https://example.test/";
    entry["class"] = "transient";
    entry["actor"] = "tenant-admin";
    entry["retry"] = {{"advice", "after"}, {"delay_ms", 60000}};
    entry["ja"] = {{"title", "題"}, {"cause", "原因"}, {"steps", {"一"}}};
    const std::string bytes = compiled(files_of(json::array({entry})));
    const Catalogue catalogue(bytes);
    ASSERT_EQ(catalogue.size(), 1u);
    const Entry read = catalogue.entry(0);
    EXPECT_EQ(read.id, "a.b.C_1");
    EXPECT_EQ(read.link, "https://example.test/");
    EXPECT_EQ(read.error_class, ErrorClass::transient);
    EXPECT_EQ(read.actor, Actor::tenant_admin);
    EXPECT_EQ(read.advice, Advice::after);
    EXPECT_EQ(read.delay, std::chrono::minutes(1));
    EXPECT_EQ(read.wordings[0].title, "t");
    EXPECT_EQ(read.wordings[1].cause, "原因");
    ASSERT_EQ(read.wordings[1].steps.size(), 1u);
    EXPECT_EQ(read.wordings[1].steps[0], "一");
    EXPECT_EQ(catalogue.words(Language::ja)("host"), "the server");
}

TEST(CompilingACatalogue, GivesTheSameBytesForTheSameFiles) {
    const Files files =
        files_of({entry_matching({{"text", "a|b"}}, "a.a"), entry_matching({{"text", "c"}}, "a.b")});
    EXPECT_EQ(compiled(files), compiled(files));
}

TEST(ReadingACompiledCatalogue, RefusesBytesThatAreNotWhole) {
    const std::string bytes = compiled(files_of(json::array({entry_matching({{"text", "x"}})})));
    for (std::size_t size = 0; size < bytes.size(); size += size < 300 ? 1 : 97) {
        EXPECT_THROW(Catalogue(std::string_view(bytes).substr(0, size)), std::runtime_error) << size;
    }
    EXPECT_THROW(Catalogue(bytes + "x"), std::runtime_error);
    std::string other = bytes;
    other[7] = 'X';
    EXPECT_THROW(Catalogue{other}, std::runtime_error);
}

TEST(Places, MustBeClosedAndHaveNames) {
    for (const char* good : {"", "x", "{host}", "a[ b {seconds} c] d", "[{renewal=done} x]", "[{a=}]"})
        EXPECT_EQ(compiler::fault_of_places(good), "") << good;
    EXPECT_EQ(compiler::fault_of_places("{host"), "has a place that is not closed");
    EXPECT_EQ(compiler::fault_of_places("[{host]}"), "has a place that is not closed");
    EXPECT_EQ(compiler::fault_of_places("host}"), "has a '}' without a '{'");
    EXPECT_EQ(compiler::fault_of_places("[a"), "has a passage that is not closed");
    EXPECT_EQ(compiler::fault_of_places("a]"), "has a ']' without a '['");
    EXPECT_EQ(compiler::fault_of_places("[a[b]]"), "has a passage inside a passage");
    EXPECT_EQ(compiler::fault_of_places("{}"), "has the place {}, which is no name");
    EXPECT_EQ(compiler::fault_of_places("{The host}"), "has the place {The host}, which is no name");
}

TEST(ExactWords, AreExpressionsThatNameWholeValues) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(compiler::exact_words("^invalid_grant$"), Words{"invalid_grant"});
    EXPECT_EQ(compiler::exact_words("^(50126|50053)$"), (Words{"50126", "50053"}));
    EXPECT_EQ(compiler::exact_words("^(?:A b|a\\.c)$"), (Words{"a b", "a.c"}));
    for (const char* expression : {"", "^$", "^()$", "^(a|)$", "a", "^a", "a$", "^a|b$", "^a.c$", "^a+$",
                                   "^[0-9]$", "^(a|b)c$", "^(a)(b)$", "^a\\$", "^a\\b$", "^(a|(b))$"}) {
        EXPECT_EQ(compiler::exact_words(expression), std::nullopt) << expression;
    }
}

TEST(Patterns, AreWordsOfOneForm) {
    for (const char* bad : {"", "53", "5350", "5xz", "yz4", "53a", "150", "650", "6yz"})
        EXPECT_THROW(compiler::code_range(bad), std::runtime_error) << bad;
    for (const char* bad :
         {"", "5.7", "Y.7.1", "5.7.1-5.6.9", "5.7.1-X.7.9", "5.7.1-", "5.7.9-5.7.1", "5.7.1 "})
        EXPECT_THROW(compiler::status_range(bad), std::runtime_error) << bad;
}

}  // namespace
}  // namespace mailsend::diagnosis
