// The parsers judge the table of cases as it says; schema_test.cpp and schemas_test.py ask the schemas the
// same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "message/draft.hpp"
#include "settings/settings.hpp"
#include "unit/plugin/settings/cases.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

template <class Parse>
void judge(const json& cases, wfc_status status, const Parse& parse) {
    ASSERT_GE(cases.size(), 80u);
    for (const json& one : cases) {
        SCOPED_TRACE(one["name"].get<std::string>());
        try {
            parse(expanded(one["document"]).dump());
            EXPECT_TRUE(one["valid"].get<bool>());
        } catch (const wfc::Problem& problem) {
            ASSERT_FALSE(one["valid"].get<bool>()) << problem.what();
            EXPECT_EQ(problem.status(), status);
            EXPECT_EQ(problem.pointer(), one["pointer"].get<std::string>()) << problem.what();
            const std::string sentence = problem.what();
            EXPECT_NE(sentence.find(one["says"].get<std::string>()), std::string::npos) << sentence;
            EXPECT_EQ(sentence.find("hunter2"), std::string::npos) << sentence;
            EXPECT_THAT(sentence, testing::StartsWith(problem.pointer()));
        }
    }
}

TEST(TableOfCases, SettingsAreJudgedAsItSays) {
    judge(table()["settings"], WFC_INVALID_SETTINGS, [](const std::string& text) { parse_settings(text); });
}

TEST(TableOfCases, InputsAreJudgedAsItSays) {
    judge(table()["inputs"], WFC_INVALID_INPUT,
          [](const std::string& text) { parse_draft(text, json(), std::nullopt); });
}

TEST(TableOfCases, InputsWithoutPayloadAreJudgedAlikeAsDefaults) {
    const json cases = table();
    for (const json& one : cases["inputs"]) {
        SCOPED_TRACE(one["name"].get<std::string>());
        json document = expanded(one["document"]);
        // What belongs to one message alone, or needs all of it, is judged otherwise in defaults.
        const std::string pointer = one.value("pointer", "");
        const std::string says = one.value("says", "");
        const bool whole = says.find("cc and bcc") != std::string::npos || says == "names no recipient" ||
                           says == "1200 recipients" || (pointer == "/from" && says == "is missing") ||
                           says.find("have no templates") != std::string::npos;
        const bool of_one_message =
            document.is_object() &&
            (document.contains("payload") || document.contains("format") || document.contains("render") ||
             document.contains("idempotency_key") || document.contains("on_unknown"));
        if (!document.is_object() || whole || of_one_message) {
            continue;
        }
        try {
            check_message_defaults(document);
            EXPECT_TRUE(one["valid"].get<bool>());
        } catch (const wfc::Problem& problem) {
            EXPECT_EQ(problem.status(), WFC_INVALID_SETTINGS);
            EXPECT_EQ(problem.pointer(), "/message" + pointer);
            EXPECT_NE(std::string(problem.what()).find(says), std::string::npos) << problem.what();
        }
    }
}

TEST(TableOfCases, NamesEachCaseOnce) {
    const json cases = table();
    for (const char* part : {"settings", "inputs"}) {
        std::set<std::string> names;
        for (const json& one : cases[part]) EXPECT_TRUE(names.insert(one["name"].get<std::string>()).second);
    }
}

}  // namespace
}  // namespace mailsend
