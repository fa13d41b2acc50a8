#include "message/header.hpp"

#include <gmock/gmock.h>
#include <random>
#include <stdexcept>

#include "message/characters.hpp"
#include "unit/plugin/message/wire_lines.hpp"

namespace mailsend {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string text(std::string_view value) {
    HeaderBlock block;
    block.text("Subject", value);
    return block.wire();
}

std::string custom(std::string_view name, std::string_view value) {
    HeaderBlock block;
    block.custom(name, value);
    return block.wire();
}

TEST(Header, WritesShortAsciiTextAsItIs) {
    EXPECT_EQ(text("Hello,  world"), "Subject: Hello,  world\r\n");
    EXPECT_EQ(text(""), "Subject:\r\n");
}

TEST(Header, EncodesWhatIsNotAsciiByTheShorterEncoding) {
    EXPECT_EQ(text("日報"), "Subject: =?UTF-8?B?5pel5aCx?=\r\n");
    EXPECT_EQ(text("Many greetings from Köln"), "Subject: =?UTF-8?Q?Many_greetings_from_K=C3=B6ln?=\r\n");
}

TEST(Header, EncodesTextThatAReaderWouldDecodeOrTrim) {
    EXPECT_EQ(text("=?x?="), "Subject: =?UTF-8?B?PT94Pz0=?=\r\n");
    EXPECT_EQ(text(" a"), "Subject: =?UTF-8?Q?_a?=\r\n");
    EXPECT_EQ(text("a "), "Subject: =?UTF-8?Q?a_?=\r\n");
    EXPECT_EQ(text("   "), "Subject: =?UTF-8?Q?___?=\r\n");
}

TEST(Header, FoldsAtBlanksAndUnfoldsToTheSameText) {
    std::string value;
    for (int i = 0; i < 60; ++i)
        value += std::string(static_cast<std::size_t>(i % 7 + 1), 'w') + (i % 5 == 0 ? "   " : " ");
    value += "end";
    HeaderBlock block;
    block.text("Subject", value);
    EXPECT_TRUE(test::disciplined(block.wire(), 78));
    EXPECT_EQ(block.fields()[0].second, value);
}

TEST(Header, LeavesUrlsInCustomFieldsAlone) {
    const std::string url = "<https://lists.example.test/?a=?utf-8&b=" + std::string(300, 'x') + ">";
    EXPECT_EQ(custom("List-Unsubscribe", url), "List-Unsubscribe: " + url + "\r\n");
    EXPECT_EQ(custom("X-Empty", "  "), "X-Empty:\r\n");
    EXPECT_EQ(custom("X-Blanks", " a b "), "X-Blanks: a b\r\n");
    EXPECT_TRUE(test::disciplined(custom("X-Long", std::string(5000, 'x')), 78));
    EXPECT_THAT(custom("X-Word", "=?utf-8?q?a?="), HasSubstr("=?UTF-8?"));
}

TEST(Header, RefusesCrLfAndNulInNamesAndValues) {
    using namespace std::string_literals;
    for (const std::string& bad : {"\r"s, "\n"s, "\r\n"s, "\0"s, "\x01"s, "\x7f"s, "\xFF"s}) {
        for (const std::string& value :
             {bad, "a" + bad, bad + "a", "a" + bad + "Bcc: x@y.test", "日" + bad}) {
            HeaderBlock block;
            EXPECT_THROW(block.text("Subject", value), std::invalid_argument);
            EXPECT_THROW(block.custom("X-A", value), std::invalid_argument);
            EXPECT_THROW(block.structured("X-A", value), std::invalid_argument);
            const Parameter parameters[] = {{"name", value}};
            EXPECT_THROW(block.structured("X-A", "a/b", parameters), std::invalid_argument);
            const Mailbox named[] = {{value, {"b", "x.test"}}};
            EXPECT_THROW(block.mailboxes("To", named), std::invalid_argument);
            const Mailbox local[] = {{"", {value, "x.test"}}};
            EXPECT_THROW(block.mailboxes("To", local), std::invalid_argument);
            const Mailbox domain[] = {{"", {"b", value}}};
            EXPECT_THROW(block.mailboxes("To", domain), std::invalid_argument);
            EXPECT_THROW(block.custom("X-" + bad, "a"), std::invalid_argument);
            EXPECT_EQ(block.wire(), "") << "a refused field left something behind";
        }
    }
}

TEST(Header, RefusesNamesThatAreNone) {
    for (const char* name : {"", "a b", "a:", "日", "a\tb", ":"})
        EXPECT_THROW(custom(name, "x"), std::invalid_argument) << name;
    EXPECT_THROW(custom(std::string(101, 'a'), "x"), std::invalid_argument);
    EXPECT_TRUE(test::disciplined(custom(std::string(100, 'a'), std::string(880, 'b')), 998));
}

TEST(Header, QuotesOrEncodesDisplayNames) {
    const auto to = [](const std::string& name) {
        HeaderBlock block;
        const Mailbox list[] = {{name, {"b", "x.test"}}};
        block.mailboxes("To", list);
        return block.wire();
    };
    EXPECT_EQ(to(""), "To: b@x.test\r\n");
    EXPECT_EQ(to("Bob Builder"), "To: Bob Builder <b@x.test>\r\n");
    EXPECT_EQ(to("Doe, \"J\" \\"), "To: \"Doe, \\\"J\\\" \\\\\" <b@x.test>\r\n");
    EXPECT_EQ(to("J. Doe"), "To: \"J. Doe\" <b@x.test>\r\n");
    EXPECT_EQ(to("Bob  B"), "To: \"Bob  B\" <b@x.test>\r\n");
    EXPECT_EQ(to("山田"), "To: =?UTF-8?B?5bGx55Sw?= <b@x.test>\r\n");
    EXPECT_EQ(to("=?a?="), "To: =?UTF-8?B?PT9hPz0=?= <b@x.test>\r\n");
    EXPECT_TRUE(test::disciplined(to(std::string(500, 'n')), 78));
}

TEST(Header, FoldsAddressListsBetweenMailboxes) {
    std::vector<Mailbox> list;
    for (int i = 0; i < 40; ++i)
        list.push_back({i % 2 == 0 ? "" : "Person Nr", {"user" + std::to_string(i), "example.test"}});
    HeaderBlock block;
    block.mailboxes("To", list);
    EXPECT_TRUE(test::disciplined(block.wire(), 78));
    std::string_view rest = block.wire();
    rest.remove_suffix(2);
    for (std::size_t at; (at = rest.find("\r\n")) != std::string_view::npos; rest.remove_prefix(at + 2)) {
        EXPECT_THAT(std::string(rest.substr(0, at)), EndsWith(","));
    }
    EXPECT_EQ(parse_mailbox_list(block.fields()[0].second).size(), 40U);
}

TEST(Header, KeepsANameInOneEncodedWordWhereOneIsEnough) {
    std::vector<Mailbox> list;
    for (int i = 0; i < 30; ++i)
        list.push_back({"受信者" + std::string(static_cast<std::size_t>(i % 12), 'x'), {"u", "x.test"}});
    HeaderBlock block;
    block.mailboxes("To", list);
    EXPECT_TRUE(test::disciplined(block.wire(), 78));
    EXPECT_THAT(block.fields()[0].second, Not(HasSubstr("?= =?")));
}

TEST(Header, KnowsItsFieldsWhateverTheirCase) {
    HeaderBlock block;
    block.text("Subject", std::string(30, 'a') + " x-fake: " + std::string(60, 'b'));
    block.custom("X-One", "1");
    EXPECT_TRUE(block.has("subject"));
    EXPECT_TRUE(block.has("x-oNE"));
    EXPECT_FALSE(block.has("X-On"));
    EXPECT_FALSE(block.has("x-fake"));
}

TEST(Header, KeepsTheLineDisciplineForEveryInput) {
    std::mt19937 random(42);
    const std::vector<std::string> pieces = {" ",
                                             " ",
                                             "  ",
                                             "a",
                                             "word",
                                             "日本語",
                                             "é",
                                             "😀",
                                             "\"",
                                             "\\",
                                             "=?",
                                             "?=",
                                             ",",
                                             "<",
                                             "@",
                                             ".",
                                             "=20",
                                             "(",
                                             "العربية",
                                             std::string(70, 'x'),
                                             std::string(40, 'y'),
                                             "-",
                                             "\t"};
    for (int round = 0; round < 3000; ++round) {
        std::string value;
        const auto count = random() % 40;
        for (std::size_t i = 0; i < count; ++i) value += pieces[random() % pieces.size()];
        HeaderBlock block;
        block.text("Subject", value);
        const Mailbox list[] = {{value, {"b", "x.test"}}, {"", {"c", "x.test"}}, {value, {"d", "x.test"}}};
        block.mailboxes("Reply-To", list);
        const Parameter parameters[] = {{"name", value, ParameterForm::encoded_words}, {"filename", value}};
        block.structured("Content-Type", "application/octet-stream", parameters);
        ASSERT_TRUE(test::disciplined(block.wire(), 78)) << value;
        ASSERT_TRUE(is_ascii(block.wire())) << value;
        ASSERT_THAT(block.wire(), Not(HasSubstr("\r\n\r\n"))) << value;
        block.custom("X-Any", value);
        ASSERT_TRUE(test::disciplined(block.wire(), 998)) << value;
        ASSERT_EQ(block.fields().size(), 4U) << value;
        std::string_view rest = block.wire();
        for (std::size_t at; (at = rest.find("\r\n")) != std::string_view::npos; rest.remove_prefix(at + 2)) {
            ASSERT_NE(rest.substr(0, at).find_first_not_of(" \t"), std::string_view::npos)
                << "a line of blanks: " << value;
        }
    }
}

}  // namespace
}  // namespace mailsend
