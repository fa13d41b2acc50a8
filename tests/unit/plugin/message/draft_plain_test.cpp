#include "message/draft_plain.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

#include "message/draft.hpp"
#include "wfc/json_reader.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

using nlohmann::json;

std::string shown(const std::vector<Mailbox>& mailboxes) {
    std::string out;
    for (const Mailbox& one : mailboxes) out += one.display_name + "<" + one.address.wire() + ">,";
    return out;
}

std::string shown(const std::optional<Mailbox>& mailbox) {
    return mailbox ? shown(std::vector<Mailbox>{*mailbox}) : "none";
}

/// All that a draft says, in one text.
std::string shown(const Draft& draft) {
    std::string out = shown(draft.from) + "|" + shown(draft.sender) + "|" + shown(draft.to) + "|" +
                      shown(draft.cc) + "|" + shown(draft.bcc) + "|" + shown(draft.reply_to) + "|" +
                      draft.subject + "|" + draft.text.value_or("none") + "|" + draft.html.value_or("none") +
                      "|" + std::to_string(static_cast<int>(draft.priority)) + "|";
    if (draft.date)
        out += std::to_string(draft.date->unix_seconds) + "/" + std::to_string(draft.date->offset_minutes);
    for (const AttachmentSpec& spec : draft.attachments)
        out += "|" + spec.path + "," + spec.blob + "," + spec.name + "," + spec.type + "," + spec.content_id +
               "," + std::to_string(spec.fault) + "," + spec.pointer + "," + spec.rendered_from;
    for (const auto& [name, value] : draft.headers) out += "|" + name + ":" + value;
    return out + "|" + draft.terms.idempotency_key.value_or("none") + "|" +
           (draft.terms.on_unknown ? std::to_string(static_cast<int>(*draft.terms.on_unknown)) : "none");
}

/// The draft, or the refusal with its pointer.
std::string outcome(const std::string& input, const json& defaults) {
    static const json templates = {{"weekly", {{"subject", "Week {{week}}"}, {"text", "{{text}}"}}}};
    static const Mailbox account{"Account", {"account", "example.test"}};
    try {
        return shown(parse_draft(input, defaults, account, &templates));
    } catch (const wfc::Problem& problem) {
        return std::to_string(problem.status()) + " " + problem.pointer() + " " + problem.what();
    }
}

/// The same input with a member that only the parser of trees takes.
std::string by_tree(const std::string& input, const json& defaults) {
    std::string marked = input;
    const std::size_t brace = marked.find('{');
    marked.insert(brace + 1, marked.find_first_not_of(" \n", brace + 1) == marked.find('}')
                                 ? R"("format":1.0)"
                                 : R"("format":1.0,)");
    return outcome(marked, defaults);
}

bool is_plain(const std::string& input) {
    try {
        return plain_input(input).has_value();
    } catch (const wfc::JsonFault&) {
        return false;
    } catch (const wfc::Problem&) {
        return false;
    }
}

TEST(PlainInput, IsWhatNeedsNoTemplate) {
    EXPECT_TRUE(
        is_plain(R"({"to":"b@example.test","text":"t","payload":{"a":[1]},"render":false,"format":1})"));
    EXPECT_TRUE(is_plain(R"({"to":"b@example.test","text":"{{no tag without render}}"})"));
    EXPECT_FALSE(is_plain(R"({"to":"b@example.test","template":"weekly"})"));
    EXPECT_FALSE(is_plain(R"({"to":"b@example.test","text":"{{a}}","render":true})"));
    EXPECT_FALSE(is_plain(R"({"to":"b@example.test","txet":"t"})"));
    EXPECT_FALSE(is_plain(R"({"to":"b@example.test"} x)"));
}

TEST(PlainInput, KnowsTextAndHtmlAsOneBody) {
    const std::optional<PlainInput> input = plain_input(R"({"html":"<p>h</p>","t\u006f":"b@example.test"})");
    ASSERT_TRUE(input);
    EXPECT_TRUE(input->has("text"));
    EXPECT_TRUE(input->has("to"));
    EXPECT_FALSE(input->has("cc"));
}

/// Inputs of `send`, sound ones and such with a fault or two.
class Inputs {
  public:
    explicit Inputs(unsigned seed) : random_(seed) {}

    std::string next() {
        static const std::vector<std::string> members{"from",       "sender",   "to",      "cc",
                                                      "bcc",        "reply_to", "subject", "text",
                                                      "html",       "date",     "to",      "attachments",
                                                      "headers",    "render",   "payload", "idempotency_key",
                                                      "on_unknown", "priority", "to",      "text"};
        json input = json::object();
        for (std::size_t left = below(8); left > 0; --left) {
            const std::string member = pick(members);
            input[member] = value_of(member);
        }
        if (below(3) != 0) input["to"] = "b@example.test";
        if (below(12) == 0) input[pick({"template", "txt", "planned"})] = pick({"weekly", "none", ""});
        std::string text = input.dump(below(3) == 0 ? 1 : -1, ' ', below(2) == 0);
        if (below(10) == 0)
            text.insert(1 + below(text.size() - 1), pick({",", "\"", "\\", "}", "\x01", "\xFF", "1"}));
        return text;
    }
    json defaults() {
        static const std::vector<json> all{json(),
                                           json::object(),
                                           {{"subject", "default"},
                                            {"cc", {"c@example.test"}},
                                            {"text", "default"},
                                            {"html", "<p>default</p>"}},
                                           {{"subject", "Week {{week}}"}, {"html", "h"}},
                                           {{"attachments", {{{"path", "a.pdf"}}, {{"blob", "b"}}}},
                                            {"headers", {{"X-A", "1"}}},
                                            {"priority", "high"}},
                                           {{"template", "weekly"}},
                                           {{"from", "d@example.test"}, {"reply_to", "r@example.test"}}};
        return all[below(all.size())];
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }
    json address() {
        static const std::vector<json> all{"b@example.test",
                                           "Bob <b@example.test>",
                                           "\"B, C\" <b@example.test>",
                                           "日本 <x@例え.test>",
                                           {{"address", "o@example.test"}},
                                           {{"address", "o@example.test"}, {"name", "Öffice"}},
                                           "",
                                           " ",
                                           "no address",
                                           {{"name", "nobody"}},
                                           {{"address", "o@example.test"}, {"nmae", "x"}},
                                           {{"address", "o@example.test"}, {"name", "a\nb"}},
                                           7,
                                           nullptr,
                                           "a\n@example.test"};
        return all[below(below(3) == 0 ? all.size() : 6)];
    }
    json addresses() {
        switch (below(6)) {
            case 0:
                return "a@example.test, b@example.test; c@example.test";
            case 1:
                return json::array({address()});
            case 2:
                return json::array({address(), address(), address()});
            case 3:
                return below(20) == 0 ? json(std::vector<std::string>(1001, "b@example.test"))
                                      : json::array();
            default:
                return address();
        }
    }
    json text() {
        static const std::vector<json> all{"words",
                                           "行\n\n{{tag}}",
                                           "",
                                           "tab\there",
                                           "nul\u0001",
                                           std::string("a\0b", 3),
                                           std::string(5000, 'x'),
                                           nullptr,
                                           1,
                                           json::array({"x"})};
        return all[below(below(3) == 0 ? all.size() : 3)];
    }
    json value_of(const std::string& member) {
        if (member == "from" || member == "sender") return addresses();
        if (member == "to" || member == "cc" || member == "bcc" || member == "reply_to") return addresses();
        if (member == "subject" || member == "text" || member == "html") return text();
        if (member == "date")
            return pick(
                {"2026-11-22T09:00:00+09:00", "2026-02-30T09:00:00Z", "yesterday", "1999-12-31T23:59:60.5z"});
        if (member == "priority") return pick({"normal", "high", "low", "High", ""});
        if (member == "render") return below(4) == 0;
        if (member == "payload")
            return below(2) == 0 ? text() : json{{"week", 7}, {"text", "t"}, {"z", {1, nullptr}}};
        if (member == "idempotency_key") return pick({"key", "", "a\nb", std::string(300, 'k')});
        if (member == "on_unknown") return pick({"report", "resend", "retry"});
        if (member == "headers") {
            json out = json::object();
            for (std::size_t left = below(4); left > 0; --left)
                out[pick({"X-Z", "X-A", "x-a", "List-Id", below(4) == 0 ? "Subject" : "X-B"})] =
                    below(5) == 0 ? text() : "v";
            return out;
        }
        json out = json::array();
        for (std::size_t left = below(3); left > 0; --left)
            out.push_back(below(4) == 0 ? json{{"path", ""}}
                                        : json{{"path", "dir/a.pdf"}, {"name", pick({"b.pdf", "a/b"})}});
        return out;
    }

    std::mt19937 random_;
};

TEST(PlainInput, BecomesTheDraftOrTheRefusalThatATreeGives) {
    std::size_t plain = 0, drafts = 0;
    for (unsigned seed = 0; seed < 3'000; ++seed) {
        Inputs inputs(seed);
        const std::string input = inputs.next();
        const json defaults = inputs.defaults();
        const std::string expected = by_tree(input, defaults);
        // A syntax error is told by its byte, which the mark moves.
        if (expected.find("syntax error") != expected.npos) continue;
        ASSERT_EQ(outcome(input, defaults), expected)
            << "seed " << seed << ": " << input << " over " << defaults;
        plain += is_plain(input) ? 1 : 0;
        drafts += expected.find('|') != expected.npos ? 1 : 0;
    }
    EXPECT_GT(plain, 400u);
    EXPECT_GT(drafts, 400u);
}

}  // namespace
}  // namespace mailsend
