// Templates of the settings and of flows: which member of which layer is used, rendered from what, and how
// faults are named. draft_parser_injection_test.cpp has the values that try to be more than values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message/draft.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

Draft drafted(json input, const json& defaults = json(), const json& templates = json::object()) {
    input.emplace("from", "a@example.test");
    input.emplace("to", "b@example.test");
    return parse_draft(input.dump(), defaults, std::nullopt, &templates);
}

wfc::Problem refusal(const json& input, const json& defaults = json(),
                     const json& templates = json::object()) {
    try {
        drafted(input, defaults, templates);
    } catch (const wfc::Problem& problem) {
        EXPECT_THAT(problem.what(), StartsWith(problem.pointer()));
        return problem;
    }
    ADD_FAILURE() << "was accepted: " << input;
    return {WFC_OK, "", ""};
}

template <class Check>
wfc::Problem settings_refusal(const Check& check, const json& document) {
    try {
        check(document);
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_SETTINGS);
        EXPECT_THAT(problem.what(), StartsWith(problem.pointer()));
        return problem;
    }
    ADD_FAILURE() << "was accepted: " << document;
    return {WFC_OK, "", ""};
}

TEST(Layers, GiveEachMemberFromTheInputThenTheTemplateThenTheDefaults) {
    const json defaults = {
        {"subject", "default"}, {"text", "default"}, {"html", "<p>default</p>"}, {"priority", "low"}};
    const json templates = {{"T", {{"text", "template {{x}}"}, {"html", "<p>template</p>"}}}};
    const Draft draft =
        drafted({{"template", "T"}, {"html", "<p>mine</p>"}, {"payload", {{"x", 1}}}}, defaults, templates);
    EXPECT_EQ(draft.subject, "default");
    EXPECT_EQ(draft.text, std::nullopt) << "text and html are one body";
    EXPECT_EQ(draft.html, "<p>mine</p>");
    EXPECT_EQ(draft.priority, Priority::low);
    EXPECT_EQ(drafted({{"template", "T"}, {"payload", {{"x", 1}}}}, defaults, templates).text, "template 1");
}

TEST(Layers, RenderOnlyWhatIsUsed) {
    const json defaults = {{"subject", "{{missing}}"}, {"text", "{{missing}}"}};
    const json templates = {{"T", {{"subject", "{{missing}}"}, {"text", "t"}}},
                            {"Other", {{"text", "{{missing}}"}}}};
    EXPECT_EQ(drafted({{"template", "T"}, {"subject", "mine"}}, defaults, templates).subject, "mine");
}

TEST(Layers, TakeInputLiterallyWithoutTheMark) {
    const json defaults = {{"subject", "{{x}}"}};
    const Draft draft = drafted(
        {{"text", "{{x}} {{> y}} {{"}, {"headers", {{"X-A", "{{{x}}}"}}}, {"payload", {{"x", 1}}}}, defaults);
    EXPECT_EQ(draft.text, "{{x}} {{> y}} {{");
    EXPECT_THAT(draft.headers, ElementsAre(Pair("X-A", "{{{x}}}")));
    EXPECT_EQ(draft.subject, "1") << "settings are templates in any case";
    EXPECT_EQ(drafted({{"text", "{{x}}"}, {"render", false}}).text, "{{x}}");
}

TEST(RenderedInput, RendersEveryStringButThePayload) {
    const json input = {
        {"render", true},
        {"from", "{{p}} <{{p}}@example.test>"},
        {"sender", {{"name", "{{p}}"}, {"address", "{{p}}@example.test"}}},
        {"to", {"{{p}}1@example.test", {{"address", "{{p}}2@example.test"}}}},
        {"cc", "{{p}}3@example.test, x@example.test"},
        {"subject", "s{{p}}"},
        {"text", "t{{p}}"},
        {"html", "h{{p}}"},
        {"priority", "{{urgency}}"},
        {"date", "{{day}}T09:00:00Z"},
        {"attachments", {{{"path", "{{p}}.pdf"}, {"name", "{{p}}.pdf"}}}},
        {"headers", {{"X-P", "{{p}}"}, {"X-{{p}", "name"}}},
        {"payload", {{"p", "v"}, {"urgency", "high"}, {"day", "2026-11-22"}, {"raw", "{{p}}"}}}};
    json named = input;
    named["headers"].erase("X-{{p}");
    const Draft draft = drafted(named);
    EXPECT_EQ(draft.from->display_name, "v");
    EXPECT_EQ(draft.from->address.wire(), "v@example.test");
    EXPECT_EQ(draft.sender->display_name, "v");
    EXPECT_EQ(draft.sender->address.wire(), "v@example.test");
    ASSERT_EQ(draft.to.size(), 2u);
    EXPECT_EQ(draft.to[1].address.wire(), "v2@example.test");
    ASSERT_EQ(draft.cc.size(), 2u);
    EXPECT_EQ(draft.subject, "sv");
    EXPECT_EQ(draft.text, "tv");
    EXPECT_EQ(draft.html, "hv");
    EXPECT_EQ(draft.priority, Priority::high);
    EXPECT_EQ(draft.date->unix_seconds, 1795338000);
    EXPECT_EQ(draft.attachments.at(0).path, "v.pdf");
    EXPECT_THAT(draft.headers, ElementsAre(Pair("X-P", "v")));
    EXPECT_THAT(drafted(input).headers, ElementsAre(Pair("X-P", "v"), Pair("X-{{p}", "name")))
        << "names are no templates";
}

TEST(RenderedInput, StillHasThePayloadForABody) {
    EXPECT_EQ(drafted({{"render", true}, {"subject", "{{payload}}"}, {"payload", "{{x}}"}}).text, "{{x}}");
    const json templates = {{"T", {{"subject", "{{x}}"}}}};
    EXPECT_EQ(drafted({{"template", "T"}, {"payload", {{"x", 1}}}}, {}, templates).text,
              "{\n  \"x\": 1\n}\n");
}

TEST(RenderedInput, MayChooseATemplateByTheData) {
    const json templates = {{"A", {{"text", "a"}}}, {"B", {{"text", "b"}}}};
    const json payload = {{"usage", "B"}};
    EXPECT_EQ(
        drafted({{"render", true}, {"template", "{{usage}}"}, {"payload", payload}}, {}, templates).text,
        "b");
    EXPECT_EQ(drafted({{"payload", payload}}, {{"template", "{{usage}}"}}, templates).text, "b");
    EXPECT_THAT(refusal({{"template", "{{usage}}"}, {"payload", payload}}, {}, templates).what(),
                HasSubstr("none of the settings' templates"));
}

TEST(TemplateNames, FallBackToGenericIfThereIsOne) {
    json templates = {{"SignIn", {{"text", "sign in"}}}};
    const wfc::Problem unknown = refusal({{"template", "Signin"}}, {}, templates);
    EXPECT_EQ(unknown.status(), WFC_INVALID_INPUT);
    EXPECT_EQ(unknown.pointer(), "/template");
    EXPECT_THAT(unknown.what(), HasSubstr("did you mean \"SignIn\"?"));
    templates["Generic"] = {{"text", "generic"}};
    EXPECT_EQ(drafted({{"template", "Signin"}}, {}, templates).text, "generic");
    EXPECT_EQ(drafted({{"template", "SignIn"}}, {}, templates).text, "sign in");
    EXPECT_EQ(drafted({{"text", "x"}}, {}, templates).text, "x");
    EXPECT_THAT(refusal({{"template", "SignIn"}}).what(), HasSubstr("the settings have no templates"));
    EXPECT_THAT(refusal({{"template", ""}}, {}, templates).what(), HasSubstr("is empty"));
    EXPECT_THAT(refusal({{"template", 5}}, {}, templates).what(), HasSubstr("must be a string"));
    EXPECT_EQ(refusal({{"text", "x"}}, {{"template", "X"}}).status(), WFC_INVALID_SETTINGS);
}

TEST(Faults, NameTheMissingVariableAndTheTemplateThatNeedsIt) {
    const json templates = {{"SignIn", {{"text", "Your code:\n{{code}}"}}}};
    for (const json& payload : {json({{"other", 1}}), json({{"code", nullptr}}), json(nullptr)}) {
        const wfc::Problem problem = refusal({{"template", "SignIn"}, {"payload", payload}}, {}, templates);
        EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
        EXPECT_EQ(problem.pointer(), "/payload/code");
        EXPECT_THAT(problem.what(), HasSubstr("/templates/SignIn/text uses {{code}} (line 2, column 1)"));
    }
    EXPECT_EQ(refusal({{"template", "SignIn"}}, {}, templates).pointer(), "/payload/code");
    const wfc::Problem list = refusal({{"template", "SignIn"}, {"payload", {{"code", {1}}}}}, {}, templates);
    EXPECT_EQ(list.pointer(), "/payload/code");
    EXPECT_THAT(list.what(), HasSubstr("it is an array"));
    const wfc::Problem inside =
        refusal({{"render", true}, {"to", {"x@example.test", "{{who}}@example.test"}}});
    EXPECT_EQ(inside.pointer(), "/payload/who");
    EXPECT_THAT(inside.what(), HasSubstr("/to/1 uses {{who}}"));
}

TEST(Faults, OfWhatAPayloadMadeAreTheInputsAndNameTheMember) {
    const json templates = {{"T", {{"to", {"{{who}}"}}, {"text", "x"}}}};
    json input = {{"from", "a@example.test"}, {"template", "T"}, {"payload", {{"who", "nobody"}}}};
    try {
        parse_draft(input.dump(), json(), std::nullopt, &templates);
        FAIL() << "was accepted";
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
        EXPECT_EQ(problem.pointer(), "/to/0");
        EXPECT_THAT(problem.what(), HasSubstr("has no @ (rendered from /templates/T/to)"));
    }
    const wfc::Problem own = refusal({{"render", true}, {"priority", "{{p}}"}, {"payload", {{"p", "hihg"}}}});
    EXPECT_EQ(own.pointer(), "/priority");
    EXPECT_THAT(own.what(), HasSubstr("did you mean \"high\"? (after it was rendered)"));
}

TEST(Faults, OfATemplatesSyntaxNameItsPlace) {
    const wfc::Problem problem = refusal({{"render", true}, {"headers", {{"X-A", "{{> p}}"}}}});
    EXPECT_EQ(problem.pointer(), "/headers/X-A");
    EXPECT_THAT(
        problem.what(),
        HasSubstr(
            "is no usable template: it has {{> p}} (line 1, column 1), which includes another template"));
}

TEST(Bounds, HoldAfterRendering) {
    const std::string half(std::size_t{9} << 20, 'x');
    const json halves = {{"half", half}};
    const json payload = {{"long", std::string(1000, 'x')}, {"list", std::vector<int>(4000, 1)}};
    const wfc::Problem text = refusal({{"render", true}, {"text", "{{half}}{{half}}"}, {"payload", halves}});
    EXPECT_EQ(text.pointer(), "/text");
    EXPECT_THAT(text.what(), HasSubstr("longer than 16777216 bytes"));
    EXPECT_EQ(drafted({{"render", true}, {"text", "{{half}}"}, {"payload", halves}}).text->size(),
              half.size());
    const json subject = {{"render", true},
                          {"subject", "{{long}}{{long}}{{long}}{{long}}x"},
                          {"text", "x"},
                          {"payload", payload}};
    EXPECT_THAT(refusal(subject).what(), HasSubstr("/subject is longer than 4000 characters"));
    const json loops = {{"render", true},
                        {"text", "{{#list}}{{#list}}{{#list}}{{/list}}{{/list}}{{/list}}"},
                        {"payload", payload}};
    EXPECT_THAT(refusal(loops).what(), HasSubstr("too much work"));
}

TEST(CheckedDefaults, JudgeTemplatesByTheirSyntaxAndOthersAsTheyAre) {
    check_message_defaults({{"subject", "{{x}}"},
                            {"to", {"{{who}}"}},
                            {"template", "{{usage}}"},
                            {"render", false},
                            {"priority", "{{p}}"}});
    const auto refused = [](const json& document) {
        return settings_refusal(check_message_defaults, document);
    };
    EXPECT_EQ(refused({{"to", {"a@example.test", "{{who"}}}).pointer(), "/message/to/1");
    EXPECT_EQ(refused({{"headers", {{"X-A", "{{{x}}}"}}}}).pointer(), "/message/headers/X-A");
    EXPECT_EQ(refused({{"template", "{{#x}}"}}).pointer(), "/message/template");
    EXPECT_EQ(refused({{"template", ""}}).pointer(), "/message/template");
    EXPECT_EQ(refused({{"to", "nobody"}}).pointer(), "/message/to");
    EXPECT_THAT(refused({{"render", true}}).what(), HasSubstr("/message/render cannot be true here"));
    EXPECT_THAT(refused({{"sbject", "x"}}).what(), HasSubstr("did you mean \"subject\"?"));
}

TEST(Layers, MakeTheIdempotencyKeyOfAFlowFromThePayload) {
    const auto input = [](const json& key, const json& payload = {{"order", 4711}}) {
        return json{{"render", true}, {"idempotency_key", key}, {"text", "t"}, {"payload", payload}};
    };
    EXPECT_EQ(drafted(input("order {{payload.order}}")).terms.idempotency_key, "order 4711");
    EXPECT_EQ(drafted(input("order 1")).terms.idempotency_key, "order 1");
    json plain = input("{{payload.order}}");
    plain["render"] = false;
    EXPECT_EQ(drafted(plain).terms.idempotency_key, "{{payload.order}}");
    EXPECT_EQ(refusal(input("order {{payload.number}}")).pointer(), "/payload/number");
    for (const json& value : {json(""), json(std::string(257, 'x')), json("two\nlines")}) {
        const wfc::Problem problem = refusal(input("{{payload.order}}", {{"order", value}}));
        EXPECT_EQ(problem.pointer(), "/idempotency_key") << value;
        EXPECT_THAT(problem.what(), HasSubstr("(after it was rendered)"));
    }
}

TEST(CheckedTemplates, HoldMembersOfAMessageAndNothingElse) {
    check_templates(json::object());
    check_templates({{"SignIn",
                      {{"subject", "{{x}}"},
                       {"text", "t"},
                       {"html", "h"},
                       {"from", "a@example.test"},
                       {"reply_to", json::array()},
                       {"headers", {{"X-A", "{{x}}"}}},
                       {"attachments", {{{"path", "terms.pdf"}}}},
                       {"priority", "low"}}},
                     {"a {{name}}", json::object()}});
    const auto refused = [](const json& document) { return settings_refusal(check_templates, document); };
    EXPECT_EQ(refused(json::array()).pointer(), "/templates");
    EXPECT_EQ(refused({{"A", "text"}}).pointer(), "/templates/A");
    EXPECT_EQ(refused({{"A/B", {{"text", "{{x"}}}}).pointer(), "/templates/A~1B/text");
    EXPECT_EQ(refused({{"A", {{"text", 5}}}}).pointer(), "/templates/A/text");
    EXPECT_EQ(refused({{"A", {{"to", {"nobody"}}}}}).pointer(), "/templates/A/to/0");
    EXPECT_THAT(refused({{"A", {{"subjct", "x"}}}}).what(), HasSubstr("did you mean \"subject\"?"));
    for (const char* member : {"template", "render", "payload", "idempotency_key", "on_unknown"})
        EXPECT_THAT(refused({{"A", {{member, true}}}}).what(), HasSubstr("is not a known member"));
    EXPECT_EQ(refused({{"", json::object()}}).pointer(), "/templates/");
    EXPECT_THAT(refused({{"a\nb", json::object()}}).pointer(), "/templates/a\nb");
}

}  // namespace
}  // namespace mailsend
