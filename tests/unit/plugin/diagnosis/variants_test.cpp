// Every example of the catalogue, and the same as another server would word it, is explained by its own
// entry.
#include "unit/plugin/diagnosis/variants.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "diagnosis/diagnosis.hpp"
#include "diagnosis/pasted_text.hpp"
#include "outcome/api_refusal.hpp"
#include "outcome/refusal_words.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::string folder = SOURCE_DIR "/tests/unit/plugin/diagnosis/";

/// What was explained by another entry, as a table.
class Failures {
  public:
    void check(const std::string& id, const Facts& facts, const std::string& variant,
               const std::string& said) {
        ++checked_;
        const std::string got = diagnose(facts, Language::en).id;
        if (got == id) return;
        ++failed_;
        table_ << "\n  " << id << " | " << got << " | " << variant << " | " << said;
    }
    void expect_none(std::size_t at_least) const {
        EXPECT_GE(checked_, at_least);
        EXPECT_EQ(failed_, 0u) << "  wanted | got | variant | words" << table_.str();
    }

  private:
    std::size_t checked_ = 0;
    std::size_t failed_ = 0;
    std::ostringstream table_;
};

std::vector<json> rows_below(const std::string& name) {
    std::vector<json> out;
    for (const auto& file : fs::directory_iterator(folder + name)) {
        for (json& row : json::parse(std::ifstream(file.path()))) out.push_back(std::move(row));
    }
    return out;
}

Reply reply_of(const json& lines) {
    const auto texts = lines.get<std::vector<std::string>>();
    return {std::stoi(texts.at(0).substr(0, 3)), texts};
}

Facts facts_of(const json& row, const char* default_stage) {
    Facts facts;
    facts.stage = stage_named(row.value("stage", default_stage)).value();
    facts.condition = row.value("condition", "");
    facts.provider = row.value("provider", "");
    if (row.contains("details")) facts.details = row["details"].get<std::map<std::string, std::string>>();
    return facts;
}

TEST(VariantsOfReplies, AreExplainedByTheEntryOfTheirExample) {
    Failures failures;
    for (const json& row : rows_below("replies")) {
        Facts facts = facts_of(row, "auth");
        for (const variants::Variant& variant : variants::of(reply_of(row["lines"]))) {
            facts.reply = variant.reply;
            failures.check(row["id"], facts, variant.name, variant.reply.words());
        }
    }
    failures.expect_none(2300);
}

/// The words of a refusal as the token endpoint's reader takes them out of a body.
ErrorWords words_of(const json& row) {
    ErrorWords words;
    words.error = row["error"];
    words.description = row["description"].get<std::string>() +
                        "\r\nTrace ID: 1f2e3d4c-0000-4a5b-8c9d-0123456789ab"
                        "\r\nCorrelation ID: 5c0de000-1f2e-4d3c-9b8a-0123456789ab"
                        "\r\nTimestamp: 2026-11-22 03:00:00Z";
    words.aadsts = std::to_string(row["error_codes"].at(0).get<std::int64_t>());
    return words;
}

std::string with_other_breaks(std::string text) {
    for (std::size_t at = text.find(' '); at != text.npos && at + 40 < text.size();
         at = text.find(' ', at + 40))
        text.replace(at, 1, "\r\n");
    return text;
}

const std::vector<std::pair<std::string, std::function<std::string(std::string)>>>& changes() {
    static const std::vector<std::pair<std::string, std::function<std::string(std::string)>>> all{
        {"as it is", [](std::string text) { return text; }},
        {"in capital letters", variants::upper},
        {"in small letters", variants::lower},
        {"with other line breaks", with_other_breaks},
        {"with other ids, dates, hosts and addresses", variants::rewritten},
        {"all of that at once", [](const std::string& text) {
             return with_other_breaks(variants::upper(variants::rewritten(text)));
         }}};
    return all;
}

TEST(VariantsOfTokenRefusals, AreExplainedByTheEntryOfTheirExample) {
    Failures failures;
    for (const json& row : json::parse(std::ifstream(folder + "oauth_refusals.json"))) {
        if (!row.contains("error_codes")) continue;
        for (const auto& [name, change] : changes()) {
            for (const bool numbered : {true, false}) {
                ErrorWords words = words_of(row);
                words.description = change(words.description);
                if (!numbered && name != "in small letters") words.aadsts.clear();  // the sentence has it too
                Facts facts = refusal_facts(words, row.value("http_status", 400), "the server");
                facts.details["endpoint"] = row["endpoint"];
                failures.check(row["id"], facts, name, words.description);
            }
        }
    }
    failures.expect_none(1000);
}

TEST(VariantsOfTokenRefusals, OfAnyOtherKindAreExplainedByTheEntryOfTheirExample) {
    Failures failures;
    for (const json& row : json::parse(std::ifstream(folder + "oauth_refusals.json"))) {
        if (row.contains("error_codes")) continue;
        Facts facts = facts_of(row, "token");
        const std::string said =
            facts.details.contains("oauth_description") ? "oauth_description" : "api_message";
        if (row.contains("reply")) {
            for (const variants::Variant& variant : variants::of(reply_of(row["reply"]))) {
                facts.reply = variant.reply;
                failures.check(row["id"], facts, variant.name, variant.reply.words());
            }
            continue;
        }
        for (const auto& [name, change] : changes()) {
            Facts other = facts;
            // Whoever reads the answer puts it on one line.
            if (other.details.contains(said)) other.details[said] = on_one_line(change(other.details[said]));
            failures.check(row["id"], other, name, other.details[said]);
        }
    }
    failures.expect_none(500);
}

/// Changes the sentences of a body; codes and reasons are words of the protocol.
void change_messages(json& value, const std::function<std::string(std::string)>& change) {
    if (!value.is_structured()) return;
    for (auto& [name, inner] : value.items()) {
        const bool sentence = name == "message" || name == "date" || name.ends_with("request-id");
        if (sentence && inner.is_string()) inner = change(inner.get<std::string>());
        change_messages(inner, change);
    }
}

TEST(VariantsOfApiRefusals, AreExplainedByTheEntryOfTheirExample) {
    Failures failures;
    for (const json& row : rows_below("api_bodies")) {
        const int status = row.value("http_status", 0);
        for (const auto& [name, change] : changes()) {
            json body = row["body"];
            change_messages(body, change);
            const auto facts = api_refusal(body, status);
            ASSERT_TRUE(facts) << row["id"];
            failures.check(row["id"], *facts, name, body.dump());
            for (const int indent : {-1, 2}) {
                const std::string pasted =
                    "HTTP/1.1 " + std::to_string(status) + " No\n\n" + body.dump(indent);
                failures.check(row["id"], read_pasted(pasted, std::nullopt, "").facts, name + ", pasted",
                               pasted);
            }
        }
    }
    failures.expect_none(900);
}

TEST(RulesOfRewriting, LeaveWhatCarriesTheMeaning) {
    for (const char* kept :
         {"[TSS04] 5.7.1 RFC 5322 section 3.6.2", "see https://a.example.com/b?x=2026-01-02", "#AUTH005",
          "- gsmtp", "STOREDRV.Submission.Exception:SubmissionQuotaExceededException"}) {
        EXPECT_EQ(variants::rewritten(kept), kept);
    }
}

TEST(RulesOfRewriting, ChangeWhatDiffersFromOneReplyToTheNext) {
    EXPECT_EQ(variants::rewritten("<a@example.com> from 192.0.2.1"),
              "<o'neil.x+7@post.other-place.example> from 203.0.113.177");
    EXPECT_EQ(variants::rewritten("[X.prod.outlook.com 2026-11-22T01:02:03.456Z 08DE2A1B3C4D5E6F]"),
              "[OS2PR22CA3300.APCPRD99.PROD.OUTLOOK.COM 2031-03-04T05:06:07.890Z 31DE5A4B6C7D8E9F]");
    EXPECT_EQ(variants::rewritten("wait 15 seconds"), "wait 4711 seconds");
}

TEST(RulesOfRewriting, FoldAReplyAsAServerWould) {
    const Reply reply{550, {"550-5.7.1 One two three", "550 5.7.1 four"}};
    EXPECT_EQ(variants::unfolded(reply).lines, (std::vector<std::string>{"550 5.7.1 One two three four"}));
    EXPECT_EQ(variants::folded(reply, 2).lines,
              (std::vector<std::string>{"550-5.7.1 One two three", "550 5.7.1 four"}));
    EXPECT_EQ(variants::folded({421, {"421 Bye"}}, 3).lines, (std::vector<std::string>{"421 Bye"}));
    EXPECT_EQ(variants::folded(reply, 3).text(), reply.text());
}

}  // namespace
}  // namespace mailsend
