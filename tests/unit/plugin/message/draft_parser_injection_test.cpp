// Values that try to be more than values: templates, partials, header lines, recipients.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message/draft.hpp"
#include "message/draft_address_values.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const char* const line_breaks[] = {"\r\n", "\n", "\r"};

json marked(const char* member, json value, json payload) {
    json input = {{"render", true},
                  {"from", "a@example.test"},
                  {"to", "b@example.test"},
                  {"text", "x"},
                  {"payload", std::move(payload)}};
    input[member] = std::move(value);
    return input;
}

Draft drafted(const json& input, const json& templates = json::object()) {
    return parse_draft(input.dump(), json(), std::nullopt, &templates);
}

/// Addresses of `to`, or the pointer and the sentence of the refusal.
struct Outcome {
    std::vector<std::string> to;
    std::string pointer, sentence;
};

Outcome outcome_of(const json& input) {
    Outcome out;
    try {
        for (const Mailbox& mailbox : drafted(input).to) out.to.push_back(mailbox.address.wire());
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
        out.pointer = problem.pointer();
        out.sentence = problem.what();
    }
    return out;
}

TEST(Injection, OfTagsIsText) {
    const json hostile = {{"v", "{{secret}}{{> v}}{{{secret}}}{{#v}}x{{/v}}{{=<% %>=}}"},
                          {"secret", "s3cret"}};
    const json templates = {
        {"T", {{"subject", "{{v}}"}, {"text", "{{v}}"}, {"headers", {{"X-V", "{{v}}"}}}}}};
    const Draft draft = drafted(
        {{"from", "a@example.test"}, {"to", "b@example.test"}, {"template", "T"}, {"payload", hostile}},
        templates);
    EXPECT_EQ(draft.subject, hostile["v"]);
    EXPECT_EQ(draft.text, hostile["v"]);
    EXPECT_EQ(draft.headers.at(0).second, hostile["v"]);
    EXPECT_EQ(drafted(marked("subject", "{{v}}", hostile)).subject, hostile["v"]);
}

TEST(Injection, OfMarkupIsEscapedInHtmlOnly) {
    const json payload = {{"v", "<script>alert('1 & \"2\"')</script>"}};
    EXPECT_EQ(drafted(marked("html", "<p>{{v}}</p>", payload)).html,
              "<p>&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt;</p>");
    EXPECT_EQ(drafted(marked("text", "{{v}}", payload)).text, payload["v"]);
    EXPECT_EQ(drafted(marked("subject", "{{v}}", payload)).subject, payload["v"]);
}

TEST(Injection, OfHeaderLinesIsRefusedWhereverAValueMayStand) {
    const std::pair<const char*, json> members[] = {
        {"subject", "Hello {{v}}"},
        {"headers", {{"X-A", "{{v}}"}}},
        {"from", "{{v}} <a@example.test>"},
        {"from", {{"name", "{{v}}"}, {"address", "a@example.test"}}},
        {"from", {{"address", "{{v}}@example.test"}}},
        {"sender", "{{v}}"},
        {"to", "{{v}}"},
        {"to", {"{{v}}"}},
        {"cc", "{{v}} <c@example.test>"},
        {"bcc", {"{{v}}@example.test"}},
        {"reply_to", "\"{{v}}\" <r@example.test>"},
        {"attachments", {{{"path", "{{v}}"}}}},
        {"attachments", {{{"blob", "b"}, {"name", "{{v}}"}}}},
        {"attachments", {{{"blob", "b"}, {"type", "text/plain{{v}}"}}}},
        {"attachments", {{{"blob", "b"}, {"content_id", "{{v}}"}}}},
        {"date", "2026-11-22T09:00:00Z{{v}}"},
        {"priority", "high{{v}}"},
        {"template", "{{v}}"},
    };
    for (const auto& [member, value] : members) {
        for (const char* line_break : line_breaks) {
            const json payload = {{"v", "x" + std::string(line_break) + "Bcc: evil@example.test"}};
            const Outcome outcome = outcome_of(marked(member, value, payload));
            EXPECT_THAT(outcome.pointer, testing::StartsWith("/" + std::string(member))) << value;
        }
    }
    EXPECT_THAT(outcome_of(marked("subject", "{{v}}", {{"v", "a\r\nBcc: e@example.test"}})).sentence,
                HasSubstr("/subject holds a line break (CR or LF)"));
}

TEST(Injection, OfRecipientsThroughAValueInsideAnAddressIsRefused) {
    const std::pair<const char*, const char*> attacks[] = {
        {"{{v}}, boss@example.test", "a@example.test, evil@example.test"},
        {"{{v}} <boss@example.test>", "evil@example.test, x"},
        {"{{v}} <boss@example.test>", "<evil@example.test>, x"},
        {"{{v}} <boss@example.test>", "evil@example.test ("},
        {"{{v}} <boss@example.test>", "evil@example.test; x"},
        {"{{v}} <boss@example.test>, Other (x) <other@example.test>", "<evil@example.test> (("},
        {"\"{{v}}\" <boss@example.test>", "x\" <evil@example.test>, \"y"},
        {"\"{{v}}\" <boss@example.test>", "x\" <evil@example.test> (\""},
        {"\"{{v}}\" <boss@example.test>", "x\\"},
        {"Boss <{{v}}>", "evil@example.test>, <boss@example.test"},
        {"Boss <{{v}}>", "boss@example.test>, evil@example.test <evil@example.test"},
        {"Boss ({{v}}) <boss@example.test>", "x) <evil@example.test>, y (z"},
        {"boss@example.test{{v}}", ",evil@example.test"},
        {"{{v}}@example.test", "boss@example.test,evil"},
        {" {{v}}", "a@example.test,evil@example.test"},
        {"{{v}}{{v}}", "a@example.test,"},
        {"{{#v}}{{.}}{{/v}}", "a@example.test,evil@example.test"},
    };
    for (const auto& [source, value] : attacks) {
        const Outcome outcome = outcome_of(marked("to", source, {{"v", value}}));
        EXPECT_THAT(outcome.to, testing::IsEmpty()) << source << " with " << value;
        EXPECT_EQ(outcome.pointer, "/to");
        EXPECT_THAT(outcome.sentence, HasSubstr("may not change what is around it"))
            << source << " with " << value;
        const json list = {std::string(source)};
        EXPECT_THAT(outcome_of(marked("to", list, {{"v", value}})).pointer, "/to/0") << source;
    }
}

TEST(Injection, OfARecipientInsteadOfTheTemplatesIsRefused) {
    const std::pair<const char*, const char*> attacks[] = {
        {"{{v}}@example.test", "evil@evil.test"},        {"{{v}}@example.test", "<evil@evil.test>"},
        {"{{v}}@example.test", "evil@evil.test (x)"},    {"{{v}} <boss@example.test>", "<evil@evil.test>"},
        {"{{v}} <boss@example.test>", "evil@evil.test"}, {"<{{v}}@example.test>", "evil@evil.test"},
    };
    for (const auto& [source, value] : attacks) {
        EXPECT_THAT(outcome_of(marked("to", source, {{"v", value}})).to, testing::IsEmpty())
            << source << " with " << value;
    }
    const json object = {{"address", "{{v}}@example.test"}};
    for (const char* value : {"evil@evil.test", "evil@evil.test(", "evil@evil.test,a", "a@x.test <evil"})
        EXPECT_THAT(outcome_of(marked("to", object, {{"v", value}})).to, testing::IsEmpty()) << value;
}

TEST(Recipients, MayHaveNamesAndCommentsOfTheirOwnFromValues) {
    const json payload = {{"name", "Smith, John \"Joe\""},
                          {"plain", "Müller & Söhne"},
                          {"quoted", "\"Smith, John\""},
                          {"mail", "b@example.test"},
                          {"full", "Carol (sales) <c@example.test>"},
                          {"none", ""},
                          {"people", {{{"mail", "d@example.test"}}, {{"mail", "e@example.test"}}}}};
    EXPECT_THAT(outcome_of(marked("to", "{{plain}} <{{mail}}>", payload)).to, ElementsAre("b@example.test"));
    EXPECT_THAT(outcome_of(marked("to", "{{quoted}} <{{mail}}>", payload)).to, ElementsAre("b@example.test"));
    EXPECT_THAT(outcome_of(marked("to", "{{none}} <{{mail}}>", payload)).to, ElementsAre("b@example.test"));
    EXPECT_THAT(outcome_of(marked("to", "{{full}}, {{mail}}", payload)).to,
                ElementsAre("c@example.test", "b@example.test"));
    EXPECT_THAT(outcome_of(marked("to", "x@example.test{{#people}}, <{{mail}}>{{/people}}", payload)).to,
                ElementsAre("x@example.test", "d@example.test", "e@example.test"))
        << "the template's own commas are the template's";
    const json object = {{"name", "{{name}}"}, {"address", "{{mail}}"}};
    const Draft draft = drafted(marked("to", object, payload));
    ASSERT_EQ(draft.to.size(), 1u);
    EXPECT_EQ(draft.to[0].display_name, "Smith, John \"Joe\"");
}

TEST(ValuesInAddresses, EndWhereTheyStand) {
    const auto fault = [](std::string_view before, std::string_view value, std::string_view after) {
        const std::string text = std::string(before).append(value).append(after);
        return value_out_of_place(text, {{before.size(), before.size() + value.size()}}).value_or("");
    };
    EXPECT_EQ(fault("\"", "a, b (c) <d>", "\" <e@f>"), "");
    EXPECT_EQ(fault("(", "a, (nested) <", ")"), "");
    EXPECT_EQ(fault("", "a@[192.0.2.1]", ""), "");
    EXPECT_EQ(fault("\"\\\"", "x", "\""), "");
    EXPECT_THAT(fault("\"\\", "", "\""), HasSubstr("after a backslash"));
    EXPECT_THAT(fault("[", "1]", ""), HasSubstr("ends the quotes"));
    EXPECT_THAT(fault("\"", "\"\"", "\""), HasSubstr("ends the quotes")) << "also where it opens others";
    EXPECT_THAT(fault("", "\"", "\""), HasSubstr("leaves a quote"));
    EXPECT_THAT(fault("<", "a,b", ">"), HasSubstr("begins another address"));
}

}  // namespace
}  // namespace mailsend
