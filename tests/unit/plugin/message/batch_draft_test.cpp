#include "message/batch_draft.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "template/parsed_templates.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

const std::optional<Mailbox> alice = Mailbox{"Alice", {"alice", "example.test"}};

struct Batch {
    json message = {{"subject", "Hello {{name}}"}, {"text", "Dear {{name}}"}};
    json defaults = json::object();
    json templates = json::object();

    Draft row(const json& row) const {
        ParsedTemplates parsed;
        for (const json* document : {&message, &defaults, &templates}) parsed.add(*document);
        return parse_row(row, {message, defaults, alice, &templates, &parsed});
    }
    wfc::Problem refusal(const json& wrong) const {
        try {
            row(wrong);
        } catch (const wfc::Problem& problem) {
            return problem;
        }
        return {WFC_OK, "", "was accepted"};
    }
};

TEST(RowOfABatch, FillsInTheTemplatesOfItsMessage) {
    const Draft draft = Batch().row({{"to", "bob@example.test"}, {"payload", {{"name", "Bob"}}}});
    EXPECT_EQ(draft.subject, "Hello Bob");
    EXPECT_EQ(draft.text, "Dear Bob");
    EXPECT_EQ(draft.to.at(0).address.wire(), "bob@example.test");
    EXPECT_EQ(draft.from->address.wire(), "alice@example.test");
}

TEST(RowOfABatch, IsDataAndNoTemplateItself) {
    const Draft draft = Batch().row(
        {{"to", "bob@example.test"}, {"subject", "{{name}}"}, {"payload", {{"name", "{{name}}"}}}});
    EXPECT_EQ(draft.subject, "{{name}}");
    EXPECT_EQ(draft.text, "Dear {{name}}");
}

TEST(RowOfABatch, ComesBeforeTheMessageAndThatBeforeTheTemplateAndTheDefaults) {
    Batch batch;
    batch.message = {{"template", "Invoice"}, {"subject", "of the batch"}};
    batch.templates = {{"Invoice", {{"subject", "of the template"}, {"text", "Sum: {{sum}}"}}},
                       {"Reminder", {{"text", "Still: {{sum}}"}}}};
    batch.defaults = {{"reply_to", "help@example.test"}, {"text", "of the defaults"}};
    const json payload = {{"sum", 7}};
    Draft draft = batch.row({{"to", "bob@example.test"}, {"payload", payload}});
    EXPECT_EQ(draft.subject, "of the batch");
    EXPECT_EQ(draft.text, "Sum: 7");
    EXPECT_EQ(draft.reply_to.at(0).address.wire(), "help@example.test");
    draft = batch.row(
        {{"to", "bob@example.test"}, {"payload", payload}, {"subject", "own"}, {"template", "Reminder"}});
    EXPECT_EQ(draft.subject, "own");
    EXPECT_EQ(draft.text, "Still: 7");
}

TEST(RowOfABatch, NamesTheMemberThatIsWrong) {
    const Batch batch;
    const json payload = {{"name", "Bob"}};
    EXPECT_EQ(batch.refusal({{"to", "nobody"}, {"payload", payload}}).pointer(), "/to");
    EXPECT_EQ(batch.refusal({{"payload", payload}}).pointer(), "/to");
    EXPECT_EQ(batch.refusal({{"to", "b@example.test"}, {"payload", payload}, {"too", 1}}).pointer(), "/too");
    const wfc::Problem missing = batch.refusal({{"to", "b@example.test"}});
    EXPECT_EQ(missing.pointer(), "/payload/name");
    EXPECT_THAT(missing.what(), HasSubstr("/message/subject"));
}

TEST(RowOfABatch, CannotSayWhatBelongsToTheBatch) {
    for (const char* member : {"render", "on_unknown", "format"}) {
        const wfc::Problem problem = Batch().refusal({{"to", "b@example.test"}, {member, 1}});
        EXPECT_EQ(problem.pointer(), std::string("/") + member);
    }
}

TEST(MessageOfABatch, IsJudgedBeforeThereIsARow) {
    const auto refusal = [](const json& message) {
        try {
            check_batch_message(message);
        } catch (const wfc::Problem& problem) {
            EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
            return std::string(problem.what());
        }
        return std::string();
    };
    EXPECT_EQ(refusal({{"subject", "Hello {{name}}"}, {"to", "{{mail}}"}}), "");
    EXPECT_THAT(refusal({{"subject", "Hello {{name"}}), StartsWith("/message/subject"));
    EXPECT_THAT(refusal({{"cc", "nobody"}}), StartsWith("/message/cc"));
    EXPECT_THAT(refusal({{"payload", 1}}), StartsWith("/message/payload"));
    EXPECT_THAT(refusal(json("text")), StartsWith("/message"));
}

}  // namespace
}  // namespace mailsend
