// What is a template and what is refused as one, with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "template/template.hpp"

namespace mailsend {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

TemplateFault refusal(const std::string& source) {
    try {
        const Template parsed(source);
    } catch (const TemplateFault& fault) {
        EXPECT_EQ(fault.cause(), TemplateFault::Cause::syntax);
        return fault;
    }
    ADD_FAILURE() << "was accepted: " << source.substr(0, 80);
    return {TemplateFault::Cause::size, 0, {}, {}};
}

TEST(TemplateSyntax, RefusesWhatItDoesNotSupportByNameAndPlace) {
    struct Case {
        const char* source;
        const char* says;
    };
    const Case cases[] = {
        {"{{> footer}}", "includes another template"},
        {"{{<parent}}{{/parent}}", "includes another template"},
        {"{{$block}}{{/block}}", "includes another template"},
        {"{{{name}}}", "without escaping"},
        {"{{ {name} }}", "without escaping"},
        {"{{& name}}", "without escaping"},
        {"{{=<% %>=}}", "changes the delimiters"},
        {"{{}}", "without a name"},
        {"{{ \t\n }}", "without a name"},
        {"{{#}}x{{/}}", "without a name"},
        {"{{name", "no }} ends"},
        {"{{! comment", "no }} ends"},
        {"{{#a}}x", "never closes it: write {{/a}}"},
        {"{{^a}}x", "never closes it"},
        {"x{{/a}}", "no section is open"},
        {"{{#a}}{{#b}}{{/a}}{{/b}}",
         "closes with {{/a}} (line 1, column 13) what {{#b}} (line 1, column 7) opened"},
        {"{{#if x}}y{{/if}}", "names hold no blanks"},
        {"{{name | upper}}", "names hold no blanks"},
        {"{{a {{b}}", "names hold no blanks and no braces"},
        {"{{a..b}}", "between dots"},
        {"{{.a}}", "between dots"},
        {"{{a.}}", "ends with a dot"},
        {"{{..}}", "between dots"},
    };
    for (const Case& one : cases) EXPECT_THAT(refusal(one.source).what(), HasSubstr(one.says)) << one.source;
}

TEST(TemplateSyntax, CountsLinesAndCharactersOfThePlace) {
    const TemplateFault fault = refusal("first\n日本 {{>x}}");
    EXPECT_THAT(fault.what(), HasSubstr("{{>x}} (line 2, column 4)"));
    EXPECT_EQ(fault.offset(), 13u);
}

TEST(TemplateSyntax, NestsUpTo32Deep) {
    EXPECT_NO_THROW(Template(repeated("{{#a}}", 32) + repeated("{{/a}}", 32)));
    EXPECT_THAT(refusal(repeated("{{#a}}", 33) + repeated("{{/a}}", 33)).what(), HasSubstr("deeper than 32"));
    EXPECT_THAT(refusal(repeated("{{^a}}", 100'000)).what(), HasSubstr("deeper than 32"));
}

TEST(TemplateSyntax, HasBounds) {
    EXPECT_NO_THROW(Template(repeated("{{a}}", 10'000)));
    EXPECT_THAT(refusal(repeated("{{a}}", 10'001)).what(), HasSubstr("more than 10000 tags"));
    EXPECT_THAT(refusal("{{a}}" + std::string(1 << 20, 'x')).what(), HasSubstr("larger than 1 MiB"));
    EXPECT_NO_THROW(Template("{{" + std::string(255, 'a') + "}}"));
    EXPECT_THAT(refusal("{{" + std::string(256, 'a') + "}}").what(), HasSubstr("longer than 255"));
    EXPECT_LT(std::string(refusal("{{#" + std::string(255, 'a') + "}}").what()).size(), 700u);
}

TEST(TemplateSyntax, TellsWhatIsLiteralAndWhatIsOneVariable) {
    EXPECT_TRUE(Template("").literal());
    EXPECT_TRUE(Template("{ x } }} {").literal());
    EXPECT_FALSE(Template("{{! nothing }}").literal());
    EXPECT_FALSE(Template("{{x}}").literal());
    EXPECT_TRUE(Template("{{ x }}").one_variable());
    for (const char* more :
         {"{{x}} ", " {{x}}", "{{x}}{{! }}", "{{! }}{{x}}", "{{x}}{{y}}", "{{#x}}{{/x}}", "x", ""})
        EXPECT_FALSE(Template(more).one_variable()) << more;
}

TEST(TemplateSyntax, TellsWhatTheOneVariableNames) {
    const nlohmann::json payload = {{"a", {{"b", {1, 2}}}}, {"payload", 3}};
    EXPECT_EQ(*Template("{{a.b}}").sole_value(payload), payload["a"]["b"]);
    EXPECT_EQ(*Template("{{payload.a.b.1}}").sole_value(payload), 2);
    EXPECT_EQ(*Template("{{payload}}").sole_value(payload), payload);
    EXPECT_EQ(*Template("{{.}}").sole_value(payload), payload);
    EXPECT_EQ(*Template("{{payload.payload}}").sole_value(payload), 3);
    for (const char* none : {"{{c}}", "{{a.b.2}}", "{{payload.payload.x}}", "{{a.b}} ", "a", ""})
        EXPECT_EQ(Template(none).sole_value(payload), nullptr) << none;
}

TEST(TemplateSyntax, TellsWhatIsPrintedInAnyCase) {
    EXPECT_THAT(Template("a{{x}}b{{#s}}c{{#t}}{{/t}}d{{/s}}{{^s}}e{{/s}}f{{! g}}").fixed_texts(),
                testing::ElementsAre("a", "b", "f"));
    EXPECT_THAT(Template("{{x}}").fixed_texts(), testing::IsEmpty());
}

}  // namespace
}  // namespace mailsend
