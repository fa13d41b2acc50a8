// What rendering may cost, and which addresses and files values may name.
#include "unit/plugin/message/rendered_input.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using test::drafted;
using test::marked;
using test::refusal;
using test::wires;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string long_text(60'000, 'x');

TEST(RenderedBounds, RefuseListsThatAreTooLongBeforeTheyAreRendered) {
    const json payload = {{"x", long_text}};
    const json many(1001, "{{x}}");
    for (const char* member : {"to", "cc", "bcc", "reply_to"}) {
        const wfc::Problem problem = refusal(marked(member, many, payload));
        EXPECT_EQ(problem.pointer(), "/" + std::string(member));
        EXPECT_THAT(problem.what(), HasSubstr("names more than"));
        EXPECT_THAT(problem.what(), Not(HasSubstr("rendered")));
    }
    json headers, attachments;
    for (int i = 0; i < 101; ++i) {
        headers["X-" + std::to_string(i)] = "{{x}}";
        attachments.push_back({{"path", "{{x}}"}});
    }
    EXPECT_THAT(refusal(marked("headers", headers, payload)).what(),
                StartsWith("/headers holds more than 100"));
    EXPECT_THAT(refusal(marked("attachments", attachments, payload)).what(),
                StartsWith("/attachments holds more than 100"));
    const json nested = json::array({json(1001, "{{x}}")});
    EXPECT_EQ(refusal(marked("cc", nested, payload)).pointer(), "/cc/0");
    EXPECT_THAT(refusal(marked("cc", json(200'000, "{{!}}"), payload)).what(),
                StartsWith("/cc names more than 1000 addresses"));
}

TEST(RenderedBounds, RefuseWrongShapesBeforeTheyAreRendered) {
    const json payload = {{"x", "x"}};
    EXPECT_EQ(refusal(marked("attachments", {{{"pth", "{{x}}"}}}, payload)).pointer(), "/attachments/0/pth");
    EXPECT_EQ(refusal(marked("headers", {{"Subject", "{{x}}"}}, payload)).pointer(), "/headers/Subject");
    EXPECT_EQ(refusal(marked("cc", {"nonsense", "{{x}}"}, payload)).pointer(), "/cc/0");
    EXPECT_EQ(refusal(marked("template", json{"{{x}}"}, payload)).pointer(), "/template");
}

TEST(RenderedBounds, HoldForAllThatOneMessageRenders) {
    const json payload = {{"x", long_text}};
    const wfc::Problem problem = refusal(marked("cc", json(1000, "{{x}}"), payload));
    EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
    EXPECT_THAT(problem.pointer(), StartsWith("/cc/"));
    EXPECT_THAT(problem.what(), HasSubstr("all that is rendered for one message"));
    json input = marked("cc", json(1000, "{{e}}"), {{"e", {long_text, long_text}}});
    EXPECT_THAT(refusal(input).what(), HasSubstr("all that is rendered for one message"));
}

TEST(RenderedRecipients, MayBeSeveralWhereTheValueIsAList) {
    const json payload = {
        {"all", {"Bob <b@example.test>", {{"name", "C, D"}, {"address", "c@example.test"}}}},
        {"one", "d@example.test"},
        {"person", {{"name", "E"}, {"address", "e@example.test"}}},
        {"none", json::array()},
        {"blank", ""},
        {"deep", {{"all", {"f@example.test"}}}}};
    const auto to = [&](const json& value) { return wires(drafted(marked("to", value, payload)).to); };
    EXPECT_THAT(to("{{ all }}"), ElementsAre("b@example.test", "c@example.test"));
    EXPECT_THAT(to("{{payload.deep.all}}"), ElementsAre("f@example.test"));
    EXPECT_THAT(to("{{deep.all.0}}"), ElementsAre("f@example.test"));
    EXPECT_THAT(to("{{one}}"), ElementsAre("d@example.test"));
    EXPECT_THAT(to("{{person}}"), ElementsAre("e@example.test"));
    EXPECT_THAT(to(json{"{{one}}", "{{all}}", "{{none}}", "{{person}}", "x@example.test"}),
                ElementsAre("d@example.test", "b@example.test", "c@example.test", "e@example.test",
                            "x@example.test"));
    EXPECT_THAT(wires(drafted(marked("cc", "{{none}}", payload)).cc), IsEmpty());
    EXPECT_THAT(wires(drafted(marked("cc", "{{blank}}", payload)).cc), IsEmpty());
    EXPECT_EQ(drafted(marked("from", "{{person}}", payload)).from->display_name, "E");
    EXPECT_EQ(drafted(marked("from", "{{deep.all}}", payload)).from->address.wire(), "f@example.test");
    EXPECT_THAT(refusal(marked("from", "{{all}}", payload)).what(), HasSubstr("exactly one address"));
    EXPECT_EQ(wires(drafted(marked("to", "{{payload}}", json{"g@example.test"})).to).at(0), "g@example.test");
}

TEST(RenderedRecipients, AreOneAddressWhereTheValueIsAString) {
    const json payload = {{"e", "me@example.test, victim@example.test"},
                          {"named", "\"Smith, John\" <me@example.test>"},
                          {"list", {"me@example.test, victim@example.test"}},
                          {"lists", {{"me@example.test"}}}};
    for (const auto& [value, pointer] : {std::pair<json, const char*>{"{{e}}", "/to"},
                                         {json{"{{e}}"}, "/to/0"},
                                         {json{"{{list}}"}, "/to/0"},
                                         {json{"x@example.test", {{"address", "{{e}}"}}}, "/to/1/address"}}) {
        const wfc::Problem problem = refusal(marked("to", value, payload));
        EXPECT_EQ(problem.pointer(), pointer);
        EXPECT_THAT(problem.what(), HasSubstr("more than one address")) << value;
    }
    EXPECT_THAT(refusal(marked("to", "{{e}}", payload)).what(),
                HasSubstr("for several, make the value a list"));
    EXPECT_EQ(refusal(marked("from", "{{e}}", payload)).pointer(), "/from");
    EXPECT_EQ(refusal(marked("to", "{{list}}", payload)).pointer(), "/to/0");
    EXPECT_EQ(refusal(marked("to", "{{lists}}", payload)).pointer(), "/to/0");
    EXPECT_THAT(wires(drafted(marked("to", "{{named}}", payload)).to), ElementsAre("me@example.test"));
    EXPECT_EQ(refusal(marked("to", "{{list}} <x@example.test>", payload)).pointer(), "/payload/list")
        << "only a string that is one variable";
    const json object = {{"address", "{{list}}"}};
    EXPECT_EQ(refusal(marked("to", object, payload)).pointer(), "/payload/list");
}

TEST(RenderedRecipients, OfAPayloadAreNoTemplates) {
    const json payload = {{"all", {{{"name", "{{x}}"}, {"address", "b@example.test"}}}}, {"x", "y"}};
    EXPECT_EQ(drafted(marked("to", "{{all}}", payload)).to.at(0).display_name, "{{x}}");
    EXPECT_EQ(drafted(marked("to", json{"{{all}}"}, payload)).to.at(0).display_name, "{{x}}");
}

TEST(RenderedPaths, StayWhereTheTemplateHasThem) {
    const auto attached = [](const char* member, const char* source, const char* value) {
        json input = marked("attachments", {{{member, source}, {"name", "n"}}}, {{"n", value}});
        return input;
    };
    EXPECT_EQ(drafted(attached("path", "invoices/{{n}}.txt", "7..8 ü")).attachments.at(0).path,
              "invoices/7..8 ü.txt");
    EXPECT_EQ(drafted(attached("path", "./a/../b/{{n}}", "7")).attachments.at(0).path, "./a/../b/7")
        << "dots that the template wrote";
    EXPECT_EQ(drafted(attached("path", "{{ n }}", "../salaries/all")).attachments.at(0).path,
              "../salaries/all")
        << "the whole path is the payload's to choose where the template says so";
    EXPECT_EQ(drafted(attached("blob", "{{n}}", "a/b")).attachments.at(0).blob, "a/b");
    const std::pair<const char*, const char*> attacks[] = {
        {"invoices/{{n}}.txt", "../salaries/all"},
        {"invoices/{{n}}.txt", "a\\b"},
        {"invoices/{{n}}/all.txt", ".."},
        {"invoices/{{n}}/all.txt", "."},
        {"invoices/{{n}}/all.txt", ""},
        {"invoices/.{{n}}/all.txt", "."},
        {"invoices/{{n}}{{n}}/all.txt", "."},
        {"{{n}}/all.txt", ""},
        {"{{n}}/all.txt", ".."},
        {"invoices/{{n}}", ".."},
        {" {{n}}", "/etc/passwd"},
        {"{{#n}}{{.}}{{/n}}", "/etc/passwd"},
    };
    for (const char* member : {"path", "blob"}) {
        for (const auto& [source, value] : attacks) {
            const wfc::Problem problem = refusal(attached(member, source, value));
            EXPECT_EQ(problem.pointer(), "/attachments/0/" + std::string(member));
            EXPECT_THAT(problem.what(), HasSubstr("inside a larger path")) << source << " with " << value;
        }
    }
    json input = attached("path", "invoices/{{n}}.txt", "x");
    input["payload"]["n"] = std::string("a\0b", 3);
    EXPECT_EQ(refusal(input).pointer(), "/attachments/0/path");
}

TEST(RenderedMediaTypes, TakeNoParametersFromValues) {
    const auto typed = [](const char* source, const char* value) {
        return marked("attachments", {{{"blob", "b"}, {"type", source}}}, {{"v", value}});
    };
    EXPECT_EQ(drafted(typed("image/{{v}}", "svg+xml")).attachments.at(0).type, "image/svg+xml");
    EXPECT_EQ(drafted(typed("text/plain; charset={{v}}", "utf-8")).attachments.at(0).type,
              "text/plain; charset=utf-8");
    EXPECT_EQ(drafted(typed("{{v}}", "text/plain; charset=utf-8")).attachments.at(0).type,
              "text/plain; charset=utf-8");
    for (const char* value : {"png; name=evil.exe", "png;x", "a/b", "p\"", "p q"}) {
        const wfc::Problem problem = refusal(typed("image/{{v}}", value));
        EXPECT_EQ(problem.pointer(), "/attachments/0/type");
        EXPECT_THAT(problem.what(), HasSubstr("inside a larger media type")) << value;
    }
}

TEST(Bodies, ComeFromOneLayerTogether) {
    const json defaults = {{"text", "default"}, {"subject", "s"}};
    const json templates = {{"T", {{"text", "t"}, {"html", "<p>t</p>"}}}, {"Empty", {{"subject", "e"}}}};
    const json least = {{"from", "a@example.test"}, {"to", "b@example.test"}};
    const auto with = [&](const json& more) {
        json input = least;
        input.update(more);
        return drafted(input, defaults, templates);
    };
    const Draft text = with({{"template", "T"}, {"text", "mine"}});
    EXPECT_EQ(text.text, "mine");
    EXPECT_EQ(text.html, std::nullopt) << "the template's is not an alternative to another text";
    EXPECT_EQ(with({{"html", "mine"}}).text, std::nullopt);
    const Draft both = with({{"template", "T"}});
    EXPECT_EQ(both.text, "t");
    EXPECT_EQ(both.html, "<p>t</p>");
    EXPECT_EQ(with({{"template", "Empty"}}).text, "default");
}

TEST(RenderedAttachments, SayWhereTheyWereWritten) {
    const json templates = {{"T",
                             {{"attachments",
                               {{{"path", "terms.pdf"}, {"name", "{{n}}.pdf"}},
                                {{"path", "{{n}}.pdf"}},
                                {{"blob", "b{{n}}"}}}}}}};
    const auto attachments = drafted({{"from", "a@example.test"},
                                      {"to", "b@example.test"},
                                      {"template", "T"},
                                      {"payload", {{"n", 1}}}},
                                     json(), templates)
                                 .attachments;
    ASSERT_EQ(attachments.size(), 3u);
    EXPECT_EQ(attachments[0].fault, WFC_INVALID_SETTINGS) << "no value chose the file";
    EXPECT_EQ(attachments[0].pointer, "/templates/T/attachments/0");
    EXPECT_EQ(attachments[1].fault, WFC_INVALID_INPUT);
    EXPECT_EQ(attachments[1].pointer, "/attachments/1");
    EXPECT_EQ(attachments[1].rendered_from, "/templates/T/attachments/1");
    EXPECT_EQ(attachments[2].rendered_from, "/templates/T/attachments/2");
    const auto own = drafted(marked("attachments", {{{"path", "{{n}}"}}}, {{"n", "x"}})).attachments;
    EXPECT_EQ(own.at(0).pointer, "/attachments/0");
    EXPECT_EQ(own.at(0).rendered_from, "");
    const json defaults = {{"attachments", {{{"path", "logo.png"}}}}};
    const auto literal = drafted(marked("subject", "s", nullptr), defaults).attachments;
    EXPECT_EQ(literal.at(0).fault, WFC_INVALID_SETTINGS);
    EXPECT_EQ(literal.at(0).pointer, "/message/attachments/0");
}

}  // namespace
}  // namespace mailsend
