// Every key of the settings by the table in keys.json: the parser takes and refuses what it says.
// keys_test.py asks the schema and the texts the same, and that the table lacks none of theirs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/settings.hpp"
#include "unit/plugin/settings/cases.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

TEST(TableOfKeys, EveryKeyIsTakenWithItsGoodValue) {
    const json table = table_of_keys();
    for (const json& key : table["keys"]) {
        SCOPED_TRACE(key["key"].get<std::string>());
        EXPECT_NO_THROW(parse_settings(with_key(table, key, "good").dump()));
    }
}

TEST(TableOfKeys, EveryKeyIsRefusedByNameWithItsBadValue) {
    const json table = table_of_keys();
    for (const json& key : table["keys"]) {
        const auto pointer = key["key"].get<std::string>();
        SCOPED_TRACE(pointer);
        try {
            parse_settings(with_key(table, key, "bad").dump());
            ADD_FAILURE() << "was taken";
        } catch (const wfc::Problem& problem) {
            EXPECT_EQ(problem.status(), WFC_INVALID_SETTINGS);
            EXPECT_EQ(problem.pointer(), pointer) << problem.what();
            EXPECT_THAT(problem.what(), testing::StartsWith(pointer));
            EXPECT_THAT(problem.what(), testing::HasSubstr(key["says"].get<std::string>()));
            EXPECT_THAT(problem.what(), testing::Not(testing::HasSubstr("hunter2")));
        }
    }
}

TEST(TableOfKeys, TheBasesAreSettingsThemselves) {
    const json table = table_of_keys();
    for (const auto& [name, base] : table["bases"].items()) {
        SCOPED_TRACE(name);
        EXPECT_NO_THROW(parse_settings(base.dump()));
    }
}

}  // namespace
}  // namespace mailsend
