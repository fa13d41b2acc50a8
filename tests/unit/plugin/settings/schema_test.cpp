// The SDK's checker judges the table of cases as a full validator does in schemas_test.py.
#include "manifest/schema.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "manifest/texts.hpp"
#include "unit/plugin/settings/cases.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

json manifest_file(const std::string& name) {
    std::ifstream file(SOURCE_DIR "/manifests/" + name);
    return json::parse(file);
}

void judge(const std::string& schema_file, const json& cases) {
    const wfc::Schema schema(manifest_file(schema_file));
    for (const json& one : cases) {
        SCOPED_TRACE(one["name"].get<std::string>());
        const auto faults = schema.check(expanded(one["document"]));
        const bool valid = (one["valid"].get<bool>() || one.value("beyond_schema", false)) &&
                           !one.value("schema_refuses", false);
        EXPECT_EQ(faults.empty(), valid)
            << (faults.empty() ? "" : faults[0].pointer + " " + faults[0].sentence);
        for (const wfc::Fault& fault : faults) EXPECT_EQ(fault.sentence.find("hunter2"), std::string::npos);
    }
}

TEST(SchemasOfMailSend, LieInTheSubset) {
    for (const char* name : {"settings", "send.input", "send-batch.input", "send-test.input",
                             "test-connection.input", "action.input", "result"}) {
        // Results may grow; documents of people may not hold what nobody reads.
        const auto objects = std::string(name) == "result" ? wfc::Objects::open : wfc::Objects::closed;
        const json schema = manifest_file(std::string(name) + ".schema.json");
        for (const wfc::Fault& fault : wfc::lint_schema(schema, objects)) {
            ADD_FAILURE() << name << fault.pointer << " " << fault.sentence;
        }
    }
}

TEST(SchemasOfMailSend, JudgeTheTableOfCasesAsItSays) {
    judge("settings.schema.json", table()["settings"]);
    judge("send.input.schema.json", table()["inputs"]);
}

TEST(SchemasOfMailSend, JudgeEveryKeyAsTheTableSays) {
    const wfc::Schema schema(manifest_file("settings.schema.json"));
    const json table = table_of_keys();
    ASSERT_GE(table["keys"].size(), 70u);
    for (const json& key : table["keys"]) {
        SCOPED_TRACE(key["key"].get<std::string>());
        EXPECT_TRUE(schema.check(with_key(table, key, "good")).empty());
        const auto faults = schema.check(with_key(table, key, "bad"));
        EXPECT_EQ(faults.empty(), key.value("beyond_schema", false));
        for (const wfc::Fault& fault : faults) EXPECT_EQ(fault.sentence.find("hunter2"), std::string::npos);
    }
}

TEST(TextsOfMailSend, CoverWhatThePanelShows) {
    for (const char* language : {"en", "ja"}) {
        const auto texts = manifest_file(std::string("text/") + language + ".json").get<wfc::Texts>();
        for (const char* name : {"settings", "send.input", "send-batch.input", "send-test.input",
                                 "test-connection.input", "action.input"}) {
            for (const std::string& key :
                 wfc::text_keys(manifest_file(std::string(name) + ".schema.json"), name)) {
                EXPECT_TRUE(texts.contains(key)) << language << " " << key;
            }
        }
    }
}

}  // namespace
}  // namespace mailsend
