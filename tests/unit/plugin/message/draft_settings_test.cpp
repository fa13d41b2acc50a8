// Messages in settings, judged before there is a payload: everything but the strings with a tag in them as in
// any message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message/draft.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Case {
    json members;
    const char* pointer;
    const char* says;
};

void refused(const Case& one) {
    SCOPED_TRACE(one.members.dump());
    try {
        check_message_defaults(one.members);
        ADD_FAILURE() << "was accepted";
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_SETTINGS);
        EXPECT_EQ(problem.pointer(), "/message" + std::string(one.pointer));
        EXPECT_THAT(problem.what(), HasSubstr(one.says));
    }
    try {
        check_templates({{"T", one.members}});
        EXPECT_TRUE(one.members.contains("template")) << "was accepted";
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_SETTINGS);
        if (!one.members.contains("template")) {
            EXPECT_EQ(problem.pointer(), "/templates/T" + std::string(one.pointer));
        }
    }
}

TEST(SettingsWithTags, AreJudgedButForTheStringsWithTheTags) {
    const json person = {{"nme", "{{x}}"}, {"address", "a@example.test"}};
    const Case cases[] = {
        {{{"attachments", {{{"pth", "{{x}}"}}}}}, "/attachments/0/pth", "did you mean \"path\"?"},
        {{{"attachments", {{{"name", "{{x}}"}}}}}, "/attachments/0", "neither path nor blob"},
        {{{"attachments", {{{"path", "{{x}}"}, {"type", "nonsense"}}}}},
         "/attachments/0/type",
         "no media type"},
        {{{"attachments", {{{"path", "{{x}}"}, {"name", 5}}}}}, "/attachments/0/name", "must be a string"},
        {{{"attachments", "{{x}}"}}, "/attachments", "must be a list"},
        {{{"attachments", json(101, {{"path", "{{x}}"}})}}, "/attachments", "more than 100"},
        {{{"headers", {{"Subject", "{{x}}"}}}}, "/headers/Subject", "use the member subject"},
        {{{"headers", {{"a b", "{{x}}"}}}}, "/headers/a b", "is no header name"},
        {{{"headers", {{"X-A", "{{x}}"}, {"X-B", 5}}}}, "/headers/X-B", "must be a string"},
        {{{"headers", "{{x}}"}}, "/headers", "must be an object"},
        {{{"cc", {"nonsense", "{{x}}"}}}, "/cc/0", "has no @"},
        {{{"cc", json::array({json{"{{x}}"}})}}, "/cc/0", "must be a string or an object"},
        {{{"cc", json(1001, "{{x}}")}}, "/cc", "more than 1000"},
        {{{"to", {person}}}, "/to/0/nme", "did you mean \"name\"?"},
        {{{"to", {{{"name", "{{x}}"}, {"address", "nobody"}}}}}, "/to/0/address", "has no @"},
        {{{"to", {{{"name", "{{x}}"}}}}}, "/to/0/address", "is missing"},
        {{{"from", {"{{x}}", "{{y}}"}}}, "/from", "exactly one address"},
        {{{"text", {"{{x}}"}}}, "/text", "must be a string"},
        {{{"date", {{"at", "{{x}}"}}}}, "/date", "must be a string"},
        {{{"template", {"{{x}}"}}}, "/template", "must be a string"},
        {{{"priority", "{{x}}urgent"}}, "/priority", "can never be one of"},
        {{{"priority", "lo{{x}}gh"}}, "/priority", "can never be one of"},
        {{{"subject", "a\n{{x}}"}}, "/subject", "line break"},
        {{{"headers", {{"X-A", "{{x}}\r\nBcc: a"}}}}, "/headers/X-A", "line break"},
    };
    for (const Case& one : cases) refused(one);
}

TEST(SettingsWithTags, AreTakenWhereAPayloadCanMakeThemUsable) {
    const json members = {
        {"from", "{{x}}"},
        {"to", {"{{x}}", "a@example.test", {{"name", "{{x}}"}, {"address", "{{x}}"}}}},
        {"cc", "{{#all}}\n{{.}},\n{{/all}} b@example.test"},
        {"reply_to", {{"address", "{{x}}@example.test"}}},
        {"subject", "{{x}}"},
        {"text", "\n\n{{x}}\n"},
        {"html", "{{x}}"},
        {"priority", "{{#x}}high{{/x}}{{^x}}low{{/x}}"},
        {"date", "{{x}}"},
        {"attachments",
         {{{"path", "{{x}}"}, {"name", "{{x}}"}, {"type", "{{x}}"}, {"content_id", "{{x}}"}},
          {{"blob", "{{x}}"}, {"content_id", "{{x}}"}},
          {{"path", "a"}, {"content_id", "x"}}}},
        {"headers", {{"X-A", "{{x}}"}}}};
    EXPECT_NO_THROW(check_message_defaults(members));
    EXPECT_NO_THROW(check_templates({{"T", members}}));
    EXPECT_NO_THROW(check_message_defaults({{"priority", "{{x}}"}, {"template", "{{x}}"}}));
    EXPECT_NO_THROW(check_message_defaults({{"priority", "hi{{x}}h"}}));
}

}  // namespace
}  // namespace mailsend
