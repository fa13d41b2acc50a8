#include "message/standard_headers.hpp"

#include <functional>
#include <gmock/gmock.h>

#include "unit/plugin/message/wire_lines.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Draft draft() {
    Draft out;
    out.from = parse_mailbox("Alice <alice@example.test>");
    out.to = parse_mailbox_list("Bob <bob@example.test>");
    out.subject = "Hello";
    return out;
}

Circumstances circumstances() {
    Circumstances out;
    out.message_id = "0123@example.test";
    out.now_unix_ms = 1795305600000;
    out.utc_offset_minutes = 540;
    return out;
}

std::string pointer_of_refusal(const Draft& bad) {
    try {
        envelope_of(bad);
        standard_headers(bad, circumstances());
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_INPUT);
        return problem.pointer();
    }
    return "accepted";
}

TEST(StandardHeaders, WritesTheUsualFieldsInOrder) {
    Draft full = draft();
    full.sender = parse_mailbox("ops@example.test");
    full.reply_to = parse_mailbox_list("help@example.test");
    full.cc = parse_mailbox_list("carol@example.test");
    full.headers = {{"X-Flow", "daily"}};
    EXPECT_EQ(standard_headers(full, circumstances()).wire(),
              "Date: Sun, 22 Nov 2026 09:00:00 +0900\r\n"
              "From: Alice <alice@example.test>\r\n"
              "Sender: ops@example.test\r\n"
              "Reply-To: help@example.test\r\n"
              "To: Bob <bob@example.test>\r\n"
              "Cc: carol@example.test\r\n"
              "Subject: Hello\r\n"
              "Message-ID: <0123@example.test>\r\n"
              "X-Flow: daily\r\n"
              "MIME-Version: 1.0\r\n");
}

TEST(StandardHeaders, LeavesOutASenderThatSaysWhatFromSays) {
    Draft same = draft();
    same.sender = same.from;
    EXPECT_FALSE(standard_headers(same, circumstances()).has("Sender"));
}

TEST(StandardHeaders, NeverShowsBcc) {
    Draft hidden = draft();
    hidden.to.clear();
    hidden.bcc = parse_mailbox_list("Eve <eve@secret.test>");
    const HeaderBlock header = standard_headers(hidden, circumstances());
    EXPECT_THAT(header.wire(), Not(HasSubstr("secret")));
    EXPECT_THAT(header.wire(), HasSubstr("\r\nTo: undisclosed-recipients:;\r\n"));
    EXPECT_THAT(envelope_of(hidden).forward_paths, ElementsAre(AddrSpec{"eve", "secret.test"}));
}

TEST(StandardHeaders, WritesPriorityForHighAndLowOnly) {
    Draft urgent = draft();
    EXPECT_FALSE(standard_headers(urgent, circumstances()).has("X-Priority"));
    urgent.priority = Priority::high;
    EXPECT_THAT(standard_headers(urgent, circumstances()).wire(),
                HasSubstr("X-Priority: 1\r\nImportance: high\r\n"));
    urgent.priority = Priority::low;
    EXPECT_THAT(standard_headers(urgent, circumstances()).wire(),
                HasSubstr("X-Priority: 5\r\nImportance: low\r\n"));
}

TEST(StandardHeaders, TakesTheDateOfTheDraftFirst) {
    Draft dated = draft();
    dated.date = ZonedTime{0, -300};
    EXPECT_THAT(standard_headers(dated, circumstances()).wire(),
                HasSubstr("Date: Wed, 31 Dec 1969 19:00:00 -0500\r\n"));
}

TEST(StandardHeaders, RefusesFieldsThatAreWrittenHere) {
    for (const char* name : {"Bcc", "bcc", "To", "FROM", "Content-Type", "content-id", "Resent-Bcc",
                             "MIME-Version", "Date", "Return-Path"}) {
        Draft bad = draft();
        bad.headers = {{name, "x"}};
        EXPECT_EQ(pointer_of_refusal(bad), "/headers/" + std::string(name));
    }
    Draft urgent = draft();
    urgent.headers = {{"X-Priority", "1"}};
    EXPECT_EQ(pointer_of_refusal(urgent), "accepted");
    urgent.priority = Priority::high;
    EXPECT_EQ(pointer_of_refusal(urgent), "/headers/X-Priority");
}

TEST(StandardHeaders, NamesTheFieldThatTriesToInject) {
    using namespace std::string_literals;
    const std::vector<std::pair<std::string, std::function<void(Draft&, const std::string&)>>> fields = {
        {"/from", [](Draft& d, const std::string& bad) { d.from->display_name += bad; }},
        {"/from", [](Draft& d, const std::string& bad) { d.from->address.local += bad; }},
        {"/sender",
         [](Draft& d, const std::string& bad) {
             d.sender = Mailbox{bad, {"s", "x.test"}};
         }},
        {"/reply_to",
         [](Draft& d, const std::string& bad) {
             d.reply_to = {{bad, {"s", "x.test"}}};
         }},
        {"/to", [](Draft& d, const std::string& bad) { d.to[0].display_name += bad; }},
        {"/to", [](Draft& d, const std::string& bad) { d.to[0].address.local += bad; }},
        {"/to", [](Draft& d, const std::string& bad) { d.to[0].address.domain += bad; }},
        {"/cc",
         [](Draft& d, const std::string& bad) {
             d.cc = {{bad, {"s", "x.test"}}};
         }},
        {"/bcc",
         [](Draft& d, const std::string& bad) {
             d.bcc = {{"", {"s" + bad, "x.test"}}};
         }},
        {"/subject", [](Draft& d, const std::string& bad) { d.subject += bad; }},
        {"/headers/X-A",
         [](Draft& d, const std::string& bad) {
             d.headers = {{"X-A", bad + "x"}};
         }},
    };
    for (const std::string& bad : {"\r"s, "\n"s, "\r\nBcc: eve@x.test"s, "\0"s}) {
        for (const auto& [pointer, inject] : fields) {
            Draft victim = draft();
            inject(victim, bad);
            EXPECT_EQ(pointer_of_refusal(victim), pointer);
        }
        Draft named = draft();
        named.headers = {{"X" + bad, "x"}};
        EXPECT_NE(pointer_of_refusal(named), "accepted");
        Circumstances odd = circumstances();
        odd.message_id += bad;
        EXPECT_THROW(standard_headers(draft(), odd), std::logic_error);
    }
}

TEST(Envelope, HoldsToCcBccOnceEachInOrder) {
    Draft many = draft();
    many.cc = parse_mailbox_list("carol@x.test, Robert <bob@EXAMPLE.test>");
    many.bcc = parse_mailbox_list("carol@x.test, dave@x.test");
    const Envelope envelope = envelope_of(many);
    EXPECT_EQ(envelope.reverse_path.wire(), "alice@example.test");
    EXPECT_THAT(envelope.forward_paths, ElementsAre(AddrSpec{"bob", "example.test"},
                                                    AddrSpec{"carol", "x.test"}, AddrSpec{"dave", "x.test"}));
    EXPECT_FALSE(envelope.needs_smtputf8);
    many.sender = parse_mailbox("bounces@x.test");
    EXPECT_EQ(envelope_of(many).reverse_path.wire(), "bounces@x.test");
}

TEST(Envelope, NeedsSmtputf8ForAnyAddressThatIsNotAscii) {
    const std::vector<std::function<void(Draft&, Mailbox)>> places = {
        [](Draft& d, Mailbox m) { d.from = std::move(m); },
        [](Draft& d, Mailbox m) { d.sender = std::move(m); },
        [](Draft& d, Mailbox m) { d.to.push_back(std::move(m)); },
        [](Draft& d, Mailbox m) { d.cc.push_back(std::move(m)); },
        [](Draft& d, Mailbox m) { d.bcc.push_back(std::move(m)); },
        [](Draft& d, Mailbox m) { d.reply_to.push_back(std::move(m)); }};
    for (const auto& place : places) {
        Draft international = draft();
        place(international, parse_mailbox("用户@x.test"));
        EXPECT_TRUE(envelope_of(international).needs_smtputf8);
    }
}

TEST(Envelope, IsRefusedWithoutARecipientOrASender) {
    Draft lonely = draft();
    lonely.to.clear();
    EXPECT_EQ(pointer_of_refusal(lonely), "/to");
    Draft anonymous = draft();
    anonymous.from.reset();
    EXPECT_EQ(pointer_of_refusal(anonymous), "/from");
}

}  // namespace
}  // namespace mailsend
