#include "message/draft_parser.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message/draft.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Draft drafted(json input, const json& defaults = json(), const std::optional<Mailbox>& from = std::nullopt) {
    return parse_draft(input.dump(), defaults, from);
}

json least() {
    return {{"from", "a@example.test"}, {"to", "b@example.test"}};
}

json least_with(const char* member, json value) {
    json input = least();
    input[member] = std::move(value);
    return input;
}

wfc::Problem refusal(const std::string& input, const json& defaults = json()) {
    try {
        parse_draft(input, defaults, std::nullopt);
    } catch (const wfc::Problem& problem) {
        return problem;
    }
    ADD_FAILURE() << "was accepted";
    return {WFC_OK, "", ""};
}

std::vector<std::string> wires(const std::vector<Mailbox>& mailboxes) {
    std::vector<std::string> out;
    for (const Mailbox& mailbox : mailboxes) out.push_back(mailbox.address.wire());
    return out;
}

TEST(DraftParser, CarriesEveryMember) {
    const Draft draft = parse_draft(
        R"({"from":"Alice <alice@example.test>","sender":{"name":"Office","address":"o@example.test"},
            "to":["Bob <bob@example.test>",{"address":"carol@example.test"}],"cc":"d@example.test, e@example.test",
            "bcc":["f@example.test"],"reply_to":"g@example.test","subject":"日報","text":"t","html":"<p>h</p>","priority":"high",
            "date":"2026-11-22T09:00:00+09:00","attachments":[{"path":"dir/report.pdf"},
            {"blob":"chart","name":"図.png","type":"image/png","content_id":"chart"}],
            "headers":{"X-Flow":"daily"},"payload":{"unused":1},"render":false,"format":1})",
        json(), std::nullopt);
    EXPECT_EQ(draft.from->display_name, "Alice");
    EXPECT_EQ(draft.sender->display_name, "Office");
    EXPECT_EQ(draft.sender->address.wire(), "o@example.test");
    EXPECT_THAT(wires(draft.to), ElementsAre("bob@example.test", "carol@example.test"));
    EXPECT_THAT(wires(draft.cc), ElementsAre("d@example.test", "e@example.test"));
    EXPECT_THAT(wires(draft.bcc), ElementsAre("f@example.test"));
    EXPECT_THAT(wires(draft.reply_to), ElementsAre("g@example.test"));
    EXPECT_EQ(draft.subject, "日報");
    EXPECT_EQ(draft.text, "t");
    EXPECT_EQ(draft.html, "<p>h</p>");
    EXPECT_EQ(draft.priority, Priority::high);
    ASSERT_TRUE(draft.date);
    EXPECT_EQ(draft.date->unix_seconds, 1795305600);
    EXPECT_EQ(draft.date->offset_minutes, 540);
    ASSERT_EQ(draft.attachments.size(), 2u);
    EXPECT_EQ(draft.attachments[0].path, "dir/report.pdf");
    EXPECT_EQ(draft.attachments[0].pointer, "/attachments/0");
    EXPECT_EQ(draft.attachments[1].blob, "chart");
    EXPECT_EQ(draft.attachments[1].name, "図.png");
    EXPECT_EQ(draft.attachments[1].type, "image/png");
    EXPECT_EQ(draft.attachments[1].content_id, "chart");
    EXPECT_THAT(draft.headers, ElementsAre(Pair("X-Flow", "daily")));
}

TEST(DraftParser, TakesMembersThatTheInputLacksFromTheDefaults) {
    const json defaults = {{"from", "d@example.test"},
                           {"to", "default@example.test"},
                           {"subject", "default"},
                           {"text", "default"},
                           {"priority", "low"},
                           {"headers", {{"X-A", "1"}}},
                           {"attachments", {{{"path", "terms.pdf"}}}}};
    const Draft draft = drafted({{"subject", "mine"}, {"headers", {{"X-B", "2"}}}}, defaults);
    EXPECT_EQ(draft.from->address.wire(), "d@example.test");
    EXPECT_THAT(wires(draft.to), ElementsAre("default@example.test"));
    EXPECT_EQ(draft.subject, "mine");
    EXPECT_EQ(draft.text, "default");
    EXPECT_EQ(draft.priority, Priority::low);
    EXPECT_THAT(draft.headers, ElementsAre(Pair("X-B", "2")));
    ASSERT_EQ(draft.attachments.size(), 1u);
    EXPECT_EQ(draft.attachments[0].pointer, "/message/attachments/0");
}

TEST(DraftParser, LetsAnEmptyMemberOfTheInputReplaceADefault) {
    const json defaults = {{"cc", "c@example.test"}};
    EXPECT_THAT(wires(drafted(least(), defaults).cc), ElementsAre("c@example.test"));
    EXPECT_TRUE(drafted(least_with("cc", json::array()), defaults).cc.empty());
}

TEST(DraftParser, PrefersFromOfTheInputThenOfTheDefaultsThenOfTheAccount) {
    const Mailbox account = parse_mailbox("account@example.test");
    const json defaults = {{"from", "default@example.test"}};
    EXPECT_EQ(drafted(least(), defaults, account).from->address.local, "a");
    EXPECT_EQ(drafted({{"to", "b@example.test"}}, defaults, account).from->address.local, "default");
    EXPECT_EQ(drafted({{"to", "b@example.test"}}, json(), account).from->address.local, "account");
}

TEST(DraftParser, UsesThePayloadAsBodyWhenThereIsNoOther) {
    EXPECT_EQ(drafted(least_with("payload", "Hello\nthere")).text, "Hello\nthere");
    EXPECT_EQ(drafted(least_with("payload", {{"code", "日"}})).text, "{\n  \"code\": \"日\"\n}\n");
    EXPECT_EQ(drafted(least_with("payload", 5)).text, "5\n");
    json with_html = least_with("payload", "unused");
    with_html["html"] = "<p>";
    EXPECT_EQ(drafted(with_html).text, std::nullopt);
    EXPECT_EQ(drafted(least_with("payload", "unused"), {{"text", "default"}}).text, "default");
}

TEST(DraftParser, SendsAnEmptyTextOnlyWhereThereIsNothingElse) {
    EXPECT_EQ(drafted(least()).text, "");
    EXPECT_EQ(drafted(least_with("payload", nullptr)).text, "");
    EXPECT_EQ(drafted(least_with("attachments", {{{"path", "a"}}})).text, std::nullopt);
}

TEST(DraftParser, PointsAtTheElementAtFault) {
    EXPECT_EQ(refusal(R"({"from":"a@b.test","to":["b@b.test","c@b.test","d@b.test","nobody"]})").pointer(),
              "/to/3");
    EXPECT_EQ(refusal(R"({"from":"a@b.test","cc":[{"address":"x"}]})").pointer(), "/cc/0/address");
    const wfc::Problem nobody = refusal(R"({"from":"a@b.test"})");
    EXPECT_EQ(nobody.pointer(), "/to");
    EXPECT_THAT(nobody.what(), HasSubstr("cc and bcc"));
    EXPECT_EQ(refusal(R"({"to":"a@b.test"})").pointer(), "/from");
}

TEST(DraftParser, NamesFaultyDefaultsAsFaultsOfTheSettings) {
    const wfc::Problem problem = refusal(least().dump(), {{"subject", 5}});
    EXPECT_EQ(problem.status(), WFC_INVALID_SETTINGS);
    EXPECT_EQ(problem.pointer(), "/message/subject");
}

TEST(DraftParser, RefusesHugeAndDeepDocumentsAtOnce) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(refusal(std::string(100 << 20, ' ')).what(), HasSubstr("larger than 48 MiB"));
    const std::string deep = R"({"payload":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}";
    EXPECT_THAT(refusal(deep).what(), HasSubstr("deeper than 32"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(DraftParser, RefusesBodiesOver16MiB) {
    const std::string huge((16 << 20) + 1, 'x');
    const auto refused = [](const json& defaults) {
        try {
            check_message_defaults(defaults);
        } catch (const wfc::Problem& problem) {
            return std::string(problem.what());
        }
        return std::string("accepted");
    };
    EXPECT_THAT(refused({{"text", huge}}), HasSubstr("/message/text is larger than 16 MiB"));
    EXPECT_THAT(refused({{"html", huge}}), HasSubstr("/message/html is larger than 16 MiB"));
    EXPECT_EQ(refused({{"text", huge.substr(1)}}), "accepted");
    const wfc::Problem payload = refusal(least_with("payload", huge).dump());
    EXPECT_EQ(payload.pointer(), "/payload");
    EXPECT_THAT(payload.what(), HasSubstr("larger than 16 MiB"));
}

TEST(DraftParser, RefusesMembersThatStandTwice) {
    EXPECT_THAT(refusal(R"({"from":"a@b.test","to":"a@b.test","to":"c@b.test"})").what(), HasSubstr("twice"));
}

TEST(DraftParser, ReadsALongListOfAddressesInReasonableTime) {
    std::string list;
    for (int i = 0; i < 1000; ++i)
        list += (i == 0 ? "" : ",") + ("user" + std::to_string(i)) + "@example.test";
    EXPECT_EQ(drafted(least_with("to", list)).to.size(), 1000u);
    EXPECT_THAT(refusal(least_with("to", list + ",x@example.test").dump()).what(),
                HasSubstr("more than 1000"));
    const auto start = std::chrono::steady_clock::now();
    std::string hostile;
    while (hostile.size() < (1u << 20) - 8) hostile += "a@b.cd,";
    EXPECT_EQ(refusal(least_with("to", hostile + "a@b.cd").dump()).pointer(), "/to");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Dates, AreSecondsSince1970AndAnOffset) {
    const auto at = [](const char* text) { return zoned_time_of(json(text), {}); };
    EXPECT_EQ(at("1970-01-01T00:00:00Z").unix_seconds, 0);
    EXPECT_EQ(at("1969-12-31T23:59:59Z").unix_seconds, -1);
    EXPECT_EQ(at("2026-11-22T09:00:00-03:30").offset_minutes, -210);
    EXPECT_EQ(at("2026-11-22T09:00:00-03:30").unix_seconds, at("2026-11-22T12:30:00Z").unix_seconds);
    EXPECT_EQ(at("2016-12-31T23:59:60Z").unix_seconds, at("2017-01-01T00:00:00Z").unix_seconds);
    EXPECT_EQ(at("2026-11-22T09:00:00.999Z").unix_seconds, at("2026-11-22T09:00:00Z").unix_seconds);
}

TEST(Attachments, HaveNoNameThatMisleadsItsReader) {
    for (const char* name : {"a\xE2\x80\xAE"
                             "fdp.exe",
                             "\xE2\x81\xA6x", "a\xC2\x85"}) {
        const json attachments = {{{"blob", "b"}, {"name", name}}};
        const wfc::Problem problem = refusal(least_with("attachments", attachments).dump());
        EXPECT_EQ(problem.pointer(), "/attachments/0/name");
    }
    const json arabic = {{{"blob", "b"}, {"name", "تقرير.pdf"}}};
    EXPECT_EQ(drafted(least_with("attachments", arabic)).attachments.at(0).name, "تقرير.pdf");
}

TEST(DraftParser, KeepsWhatAnInputSaysOfItsSending) {
    EXPECT_FALSE(drafted(least()).terms.idempotency_key);
    EXPECT_FALSE(drafted(least()).terms.on_unknown);
    EXPECT_EQ(drafted(least_with("idempotency_key", "order 4711")).terms.idempotency_key, "order 4711");
    EXPECT_EQ(drafted(least_with("on_unknown", "resend")).terms.on_unknown, OnUnknown::resend);
    EXPECT_EQ(drafted(least_with("on_unknown", "report")).terms.on_unknown, OnUnknown::report);
}

}  // namespace
}  // namespace mailsend
