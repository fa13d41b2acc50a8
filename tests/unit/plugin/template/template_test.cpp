#include "template/template.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

namespace mailsend {
namespace {

using Cause = TemplateFault::Cause;
using nlohmann::json;
using testing::HasSubstr;

std::string rendered(const std::string& source, const json& payload, Escape escape = Escape::none) {
    return Template(source).render(payload, {.escape = escape});
}

TemplateFault refusal(const std::string& source, const json& payload, const Rendering& how = {}) {
    try {
        const std::string out = Template(source).render(payload, how);
        ADD_FAILURE() << "was rendered: " << out.substr(0, 80);
    } catch (const TemplateFault& fault) {
        return fault;
    }
    return {Cause::syntax, 0, {}, {}};
}

TEST(Variables, PrintStringsAsTheyAreAndOthersAsInJson) {
    const json payload = {{"s", "日本 \r\n"}, {"i", -42},   {"f", 1.5}, {"big", 18446744073709551615U},
                          {"t", true},        {"n", false}, {"e", ""}};
    EXPECT_EQ(rendered("{{s}}|{{i}}|{{f}}|{{big}}|{{t}}|{{n}}|{{e}}|", payload),
              "日本 \r\n|-42|1.5|18446744073709551615|true|false||");
    EXPECT_EQ(rendered("{{ s }}{{\n\ti\n}}", {{"s", "a"}, {"i", 1}}), "a1");
}

TEST(Variables, NameMembersAndElementsAtDots) {
    const json payload = {{"a", {{"b", {{"c", "deep"}}}}}, {"list", {{{"id", 7}}, {{"id", 8}}}}};
    EXPECT_EQ(rendered("{{a.b.c}} {{list.1.id}} {{payload.list.0.id}}", payload), "deep 8 7");
    EXPECT_EQ(rendered("{{0}}{{payload.1}}", json{"x", "y"}), "xy");
    EXPECT_EQ(refusal("{{list.2.id}}", payload).pointer(), "/list/2/id");
    EXPECT_EQ(refusal("{{list.01.id}}", payload).cause(), Cause::missing);
    EXPECT_EQ(refusal("{{list.99999999999999999999.id}}", payload).cause(), Cause::missing);
}

TEST(Variables, NameTheSameWithAndWithoutPayloadInFront) {
    EXPECT_EQ(rendered("{{x}}{{payload.x}}", {{"x", 1}}), "11");
    EXPECT_EQ(rendered("{{payload}}{{.}}", "text"), "texttext");
}

TEST(Variables, KeepTheirMeaningWhenThePayloadHasAMemberPayload) {
    const json payload = {
        {"x", "outer"}, {"payload", {{"x", "inner"}}}, {"events", {{{"payload", {{"x", "event"}}}}}}};
    EXPECT_EQ(rendered("{{payload.x}} {{payload.payload.x}}", payload), "outer inner");
    EXPECT_EQ(rendered("{{#events}}{{payload.x}}{{/events}}", payload), "outer") << "in sections too";
    EXPECT_EQ(rendered("{{#events}}{{#payload}}{{x}}{{/payload}}{{/events}}", payload), "outer");
    EXPECT_EQ(refusal("{{#events}}{{payload.y}}{{/events}}", payload).pointer(), "/y");
    EXPECT_EQ(refusal("{{#events}}{{#payload.events}}{{y}}{{/payload.events}}{{/events}}", payload).pointer(),
              "/events/0/y");
}

TEST(Variables, AreStrict) {
    const TemplateFault missing = refusal("Dear {{name}},\nyour {{code}}", {{"name", "x"}});
    EXPECT_EQ(missing.cause(), Cause::missing);
    EXPECT_EQ(missing.name(), "code");
    EXPECT_EQ(missing.pointer(), "/code");
    EXPECT_EQ(missing.offset(), 20u);
    EXPECT_STREQ(missing.what(), "uses {{code}} (line 2, column 6), which the payload does not have");
    EXPECT_THAT(refusal("{{a.b}}", {{"a", {{"b", nullptr}}}}).what(), HasSubstr("is null in the payload"));
    EXPECT_EQ(refusal("{{a.b.c}}", {{"a", 5}}).pointer(), "/a/b/c");
    EXPECT_EQ(refusal("{{a/b.~}}", {{"a/b", 5}}).pointer(), "/a~1b/~0");
    const TemplateFault shape = refusal("{{list}}", {{"list", {1, 2}}});
    EXPECT_EQ(shape.cause(), Cause::shape);
    EXPECT_THAT(shape.what(), HasSubstr("it is an array in the payload"));
    EXPECT_EQ(refusal("{{.}}", {{"a", 1}}).cause(), Cause::shape);
    EXPECT_EQ(refusal("{{x}}", json()).pointer(), "/x");
    EXPECT_EQ(refusal("{{payload.x}}", json::object()).pointer(), "/x");
}

TEST(Variables, AreNamedWhereTheyAreMissingInALoop) {
    const json payload = {{"data", {{"items", {{{"title", "a"}}, {{"other", "b"}}}}}}};
    EXPECT_EQ(refusal("{{#data.items}}{{title}}{{/data.items}}", payload).pointer(), "/data/items/1/title");
    EXPECT_EQ(refusal("{{#data}}{{#items}}{{a.b}}{{/items}}{{/data}}", payload).pointer(),
              "/data/items/0/a/b");
    EXPECT_EQ(refusal("{{#list}}{{title}}{{/list}}", {{"list", {1}}}).pointer(), "/title");
}

TEST(Sections, RepeatForListsAndEnterObjects) {
    const json payload = {{"items", {{{"n", "a"}}, {{"n", "b"}}}},
                          {"user", {{"name", "Bob"}}},
                          {"words", {"x", 2, true}},
                          {"rows", {{1, 2}, {3}}},
                          {"site", "S"}};
    EXPECT_EQ(rendered("{{#items}}{{n}}{{site}};{{/items}}", payload), "aS;bS;");
    EXPECT_EQ(rendered("{{#user}}{{name}} of {{site}}{{/user}}", payload), "Bob of S");
    EXPECT_EQ(rendered("{{#words}}{{.}},{{/words}}", payload), "x,2,true,");
    EXPECT_EQ(rendered("{{#rows}}{{#.}}{{.}}{{/.}}|{{/rows}}", payload), "12|3|");
    EXPECT_EQ(rendered("{{#site}}{{.}}{{/site}}", payload), "S");
    EXPECT_EQ(rendered("{{#items}}{{#user}}{{n}}{{name}} {{/user}}{{/items}}", payload), "aBob bBob ");
}

TEST(Sections, TakeAsFalseWhatTheSpecificationsWordingDoes) {
    const json payload = {
        {"no", false}, {"null", nullptr}, {"none", json::array()},    {"zero", 0},   {"float", 0.0},
        {"empty", ""}, {"yes", true},     {"object", json::object()}, {"list", {0}}, {"one", 1},
        {"text", "0"}};
    for (const char* name :
         {"no", "null", "none", "zero", "float", "empty", "missing", "missing.deep", "yes.deep"}) {
        const std::string tag = name;
        EXPECT_EQ(rendered("{{#" + tag + "}}in{{/" + tag + "}}{{^" + tag + "}}out{{/" + tag + "}}", payload),
                  "out")
            << name;
    }
    for (const char* name : {"yes", "object", "list", "one", "text"}) {
        const std::string tag = name;
        EXPECT_EQ(rendered("{{#" + tag + "}}in{{/" + tag + "}}{{^" + tag + "}}out{{/" + tag + "}}", payload),
                  "in")
            << name;
    }
}

TEST(Sections, DoNotLookFurtherOutwardsOnceTheFirstNameIsFound) {
    const json payload = {{"a", {{"b", "outer"}}}, {"inner", {{"a", {{"c", 1}}}}}};
    EXPECT_EQ(refusal("{{#inner}}{{a.b}}{{/inner}}", payload).pointer(), "/inner/a/b");
}

TEST(Lines, WithOneSectionTagOrCommentAloneLeaveNothing) {
    EXPECT_EQ(rendered("a\n{{#x}}\nb\n{{/x}}\nc\n", {{"x", true}}), "a\nb\nc\n");
    EXPECT_EQ(rendered("a\r\n  {{#x}}  \r\nb\r\n\t{{/x}}\r\nc", {{"x", true}}), "a\r\nb\r\nc");
    EXPECT_EQ(rendered("a\n  {{! one\n two }}\nb", {}), "a\nb");
    EXPECT_EQ(rendered("{{^x}}\nnone\n{{/x}}", {{"x", false}}), "none\n");
    EXPECT_EQ(rendered("{{#l}}\n- {{.}}\n{{/l}}\n", {{"l", {1, 2}}}), "- 1\n- 2\n");
    EXPECT_EQ(rendered("{{#l}}\n{{#m}}\nx\n{{/m}}\n{{/l}}\n", {{"l", {1, 2}}, {"m", true}}), "x\nx\n");
}

TEST(Lines, WithAnythingElseKeepTheirBlanksAndEnds) {
    EXPECT_EQ(rendered("a {{#x}} b {{/x}} c\n", {{"x", true}}), "a  b  c\n");
    EXPECT_EQ(rendered(" {{#x}}y{{/x}}\n", {{"x", true}}), " y\n");
    EXPECT_EQ(rendered("  {{v}}\n", {{"v", 1}}), "  1\n");
    EXPECT_EQ(rendered("a {{! c }}\nb", {}), "a \nb");
    EXPECT_EQ(rendered("{{#x}}\n{{/x}}{{#x}}\n{{/x}}", {{"x", true}}), "\n") << "two tags share the line";
}

TEST(Values, AreEscapedInHtmlAndNowhereElse) {
    const json payload = {{"v", R"(<a href="x" id='y'>&amp;</a>)"}};
    EXPECT_EQ(rendered("<p>{{v}}</p>", payload), "<p>" + payload["v"].get<std::string>() + "</p>");
    EXPECT_EQ(rendered("<p>{{v}}</p>", payload, Escape::html),
              "<p>&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;</p>");
}

TEST(Values, AreNeverTemplates) {
    const json payload = {
        {"v", "{{secret}}{{>v}}{{#v}}{{/v}}{{{v}}}{{=<% %>=}}"}, {"secret", "s3cret"}, {"open", "{"}};
    EXPECT_EQ(rendered("{{v}}", payload), payload["v"]);
    EXPECT_EQ(rendered("{{open}}{{open}}secret}}", payload), "{{secret}}");
    EXPECT_EQ(rendered("{{#v}}{{.}}{{/v}}", payload), payload["v"]);
}

TEST(Values, AreLocatedInTheOutput) {
    std::vector<Span> values;
    Template("<{{a}}{{b}}>").render({{"a", "日"}, {"b", ""}}, {.values = &values});
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].begin, 1u);
    EXPECT_EQ(values[0].end, 4u);
    EXPECT_EQ(values[1].begin, 4u);
    EXPECT_EQ(values[1].end, 4u);
}

TEST(Bounds, EndARenderingThatPrintsTooMuch) {
    EXPECT_EQ(Template("{{a}}").render({{"a", "12345"}}, {.limit = 5}), "12345");
    const TemplateFault fault = refusal("{{a}}", {{"a", "123456"}}, {.limit = 5});
    EXPECT_EQ(fault.cause(), Cause::size);
    EXPECT_THAT(fault.what(), HasSubstr("longer than 5 bytes"));
    EXPECT_EQ(refusal("123456", {}, {.limit = 5}).cause(), Cause::size);
    EXPECT_EQ(refusal("{{a}}", {{"a", "<<"}}, {.escape = Escape::html, .limit = 7}).cause(), Cause::size);
}

TEST(Bounds, EndARenderingThatWorksTooMuchAndPrintsNothing) {
    const json payload = {{"list", std::vector<int>(2'000, 1)}};
    std::string source;
    for (int i = 0; i < 30; ++i) source += "{{#list}}";
    for (int i = 0; i < 30; ++i) source += "{{/list}}";
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(refusal(source, payload).what(), HasSubstr("too much work"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(Bounds, AreSharedByRenderingsThatShareTheirSteps) {
    std::size_t steps = 7;
    const Template parsed("{{a}}");
    const Rendering how{.steps = &steps};
    EXPECT_EQ(parsed.render({{"a", 1}}, how), "1");
    EXPECT_EQ(parsed.render({{"a", 1}}, how), "1");
    EXPECT_THROW(parsed.render({{"a", 1}}, how), TemplateFault);
}

TEST(Bounds, CountTheSourceAsWork) {
    std::size_t steps = 3;
    const Template nothing("{{!}}");
    EXPECT_EQ(nothing.render({}, {.steps = &steps}), "");
    EXPECT_EQ(steps, 2u);
    const Template comment("{{!" + std::string(124, 'x') + "}}");
    EXPECT_THROW(comment.render({}, {.steps = &steps}), TemplateFault) << "1 and 2 for 129 bytes";
}

TEST(Bounds, AreSharedByRenderingsThatShareTheirRoom) {
    std::size_t room = 5;
    const Template parsed("{{a}}!");
    const Rendering how{.room = &room};
    EXPECT_EQ(parsed.render({{"a", "1"}}, how), "1!");
    EXPECT_EQ(room, 3u);
    const TemplateFault fault = refusal("{{a}}", {{"a", "1234"}}, how);
    EXPECT_EQ(fault.cause(), Cause::size);
    EXPECT_THAT(fault.what(), HasSubstr("all that is rendered for one message"));
}

TEST(Template, RendersOnManyThreadsAtOnce) {
    const Template parsed("{{#l}}{{.}}{{/l}}");
    const json payload = {{"l", {1, 2, 3}}};
    std::vector<std::string> out(4);
    std::vector<std::thread> threads;
    for (std::string& one : out) threads.emplace_back([&] { one = parsed.render(payload, {}); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(out, testing::Each("123"));
}

}  // namespace
}  // namespace mailsend
