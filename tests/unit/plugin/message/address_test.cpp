#include "message/address.hpp"

#include <gmock/gmock.h>
#include <stdexcept>

namespace mailsend {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view text) {
    try {
        parse_mailbox_list(text);
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
    return "accepted";
}

TEST(Address, ReadsABareAddress) {
    const Mailbox mailbox = parse_mailbox(" bob@Example.TEST ");
    EXPECT_EQ(mailbox.display_name, "");
    EXPECT_EQ(mailbox.address.local, "bob");
    EXPECT_EQ(mailbox.address.domain, "example.test");
    EXPECT_EQ(mailbox.address.wire(), "bob@example.test");
}

TEST(Address, ReadsDisplayNamesOfEveryKind) {
    EXPECT_EQ(parse_mailbox("Bob B. Builder <bob@x.test>").display_name, "Bob B. Builder");
    EXPECT_EQ(parse_mailbox("\"Builder, Bob\" <bob@x.test>").display_name, "Builder, Bob");
    EXPECT_EQ(parse_mailbox("\"a \\\"b\\\" \\\\c\" <bob@x.test>").display_name, "a \"b\" \\c");
    EXPECT_EQ(parse_mailbox("山田 太郎 <taro@x.test>").display_name, "山田 太郎");
    EXPECT_EQ(parse_mailbox("山田<taro@x.test>").display_name, "山田");
    EXPECT_EQ(parse_mailbox("\"\" <taro@x.test>").display_name, "");
    EXPECT_EQ(parse_mailbox("<taro@x.test>").display_name, "");
    EXPECT_EQ(parse_mailbox("Dr. \"Who\"   Else <who@x.test>").display_name, "Dr. Who Else");
}

TEST(Address, DropsCommentsEvenNestedOnes) {
    const Mailbox mailbox = parse_mailbox("Bob (the \\) (real) one) <bob@x.test> (home)");
    EXPECT_EQ(mailbox.display_name, "Bob");
    EXPECT_EQ(mailbox.address.wire(), "bob@x.test");
    EXPECT_EQ(parse_mailbox("(c)bob(c)@(c)x.test(c)").address.wire(), "bob@x.test");
    EXPECT_THAT(refusal("bob@x.test (never closed"), HasSubstr("comment without an end"));
    EXPECT_THAT(refusal("bob@x.test (never closed \\"), HasSubstr("comment without an end"));
    EXPECT_EQ(parse_mailbox(std::string(20000, '(') + std::string(20000, ')') + "bob@x.test").address.local,
              "bob");
}

TEST(Address, ReadsListsWithCommasInsideQuotationMarks) {
    const auto list = parse_mailbox_list("\"Doe, Jane\" <jane@x.test>, bob@x.test,鈴木 <suzuki@x.test>");
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[0].display_name, "Doe, Jane");
    EXPECT_EQ(list[1].address.local, "bob");
    EXPECT_EQ(list[2].display_name, "鈴木");
    EXPECT_TRUE(parse_mailbox_list("  ").empty());
    EXPECT_THAT(refusal("a@x.test,"), HasSubstr("empty address"));
    EXPECT_THAT(refusal("a@x.test,,b@x.test"), HasSubstr("empty address"));
}

TEST(Address, QuotesLocalPartsOnTheWireWhereTheyNeedIt) {
    EXPECT_EQ(parse_mailbox("\"john doe\"@x.test").address.local, "john doe");
    EXPECT_EQ(parse_mailbox("\"john doe\"@x.test").address.wire(), "\"john doe\"@x.test");
    EXPECT_EQ(parse_mailbox("\"a..b\"@x.test").address.wire(), "\"a..b\"@x.test");
    EXPECT_EQ(parse_mailbox("\"a\\\"\\\\b\"@x.test").address.wire(), "\"a\\\"\\\\b\"@x.test");
    EXPECT_EQ(parse_mailbox("\"plain\"@x.test").address.wire(), "plain@x.test");
    EXPECT_EQ(parse_mailbox("<\"a@b\"@x.test>").address.wire(), "\"a@b\"@x.test");
    EXPECT_EQ(parse_mailbox("!#$%&'*+-/=?^_`{|}~@x.test").address.wire(), "!#$%&'*+-/=?^_`{|}~@x.test");
}

TEST(Address, NeedsSmtputf8ForALocalPartThatIsNotAscii) {
    EXPECT_TRUE(parse_addr_spec("用户@例え.テスト").needs_smtputf8());
    EXPECT_EQ(parse_addr_spec("用户@例え.テスト").domain, "xn--r8jz45g.xn--zckzah");
    EXPECT_FALSE(parse_addr_spec("user@例え.テスト").needs_smtputf8());
}

TEST(Address, RefusesGroupsAndWhatIsNoAddressWithASentence) {
    EXPECT_THAT(refusal("friends: a@x.test, b@x.test;"), HasSubstr("group"));
    EXPECT_THAT(refusal("undisclosed-recipients:;"), HasSubstr("group"));
    EXPECT_THAT(refusal("bob.example.test"), HasSubstr("has no @"));
    EXPECT_THAT(refusal("Bob <bob>"), HasSubstr("has no @"));
    EXPECT_THAT(refusal("@x.test"), HasSubstr("nothing before the @"));
    EXPECT_THAT(refusal("\"\"@x.test"), HasSubstr("nothing before the @"));
    EXPECT_THAT(refusal("<@x.test>"), HasSubstr("nothing before the @"));
    EXPECT_THAT(refusal("bob@"), HasSubstr("no domain"));
    EXPECT_THAT(refusal("bob@a@b.test"), HasSubstr("more than one @"));
    EXPECT_THAT(refusal("Bob <>"), HasSubstr("nothing between"));
    EXPECT_THAT(refusal("Bob <bob@x.test"), HasSubstr("closing >"));
    EXPECT_THAT(refusal("Bob <"), HasSubstr("ends in the middle"));
    EXPECT_THAT(refusal("bob@x.test> "), HasSubstr("goes on"));
    EXPECT_THAT(refusal("bob@x.test carol"), HasSubstr("goes on"));
    EXPECT_THAT(refusal("bob smith@x.test"), HasSubstr("more than one word"));
    EXPECT_THAT(refusal(".bob@x.test"), HasSubstr("a dot too many"));
    EXPECT_THAT(refusal("a..b@x.test"), HasSubstr("a dot too many"));
    EXPECT_THAT(refusal("\"bob@x.test"), HasSubstr("quotation mark"));
    EXPECT_THAT(refusal("\"bob\\"), HasSubstr("quotation mark"));
    EXPECT_THAT(refusal("bob@x.test;carol@x.test"), HasSubstr("goes on"));
    EXPECT_THROW(parse_mailbox(""), std::invalid_argument);
    EXPECT_THROW(parse_mailbox("a@x.test, b@x.test"), std::invalid_argument);
    EXPECT_THROW(parse_addr_spec("Bob <bob@x.test>"), std::invalid_argument);
}

TEST(Address, RefusesControlCharactersWhereverTheyStand) {
    using namespace std::string_literals;
    for (const std::string& bad :
         {"\r"s, "\n"s, "\r\n"s, "\0"s, "\t"s, "\x1b"s, "\x7f"s, "\xC2\x85"s, "\xC2\x9B"s}) {
        for (const std::string& text :
             {bad + "b@x.test", "b@x.test" + bad, "b" + bad + "@x.test", "b@x" + bad + ".test",
              "N" + bad + " <b@x.test>", "\"N" + bad + "\" <b@x.test>", "\"b" + bad + "\"@x.test",
              "(c" + bad + ") b@x.test", "b@[192.0.2.1" + bad + "]"}) {
            const std::string why = refusal(text);
            EXPECT_NE(why, "accepted");
            for (const char c : why)
                EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << "a sentence with a control character";
        }
    }
}

TEST(Address, RefusesMalformedUtf8) {
    for (const char* bad : {"\xFF", "\xC0\xAF", "\xE3\x81", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) {
        EXPECT_THAT(refusal("\"" + std::string(bad) + "\" <b@x.test>"), HasSubstr("UTF-8"));
        EXPECT_THAT(refusal("b@" + std::string(bad) + ".test"), HasSubstr("UTF-8"));
    }
}

TEST(Address, HoldsToTheLengthsOfRfc5321) {
    EXPECT_EQ(refusal(std::string(64, 'a') + "@x.test"), "accepted");
    EXPECT_THAT(refusal(std::string(65, 'a') + "@x.test"), HasSubstr("64 octets"));
    EXPECT_THAT(refusal("a@" + std::string(64, 'a') + ".test"), HasSubstr("63 octets"));
    std::string domain;
    for (int i = 0; i < 126; ++i) domain += "a.";
    EXPECT_EQ(refusal("a@" + domain + "b"), "accepted");
    EXPECT_THAT(refusal("a@" + domain + "bc"), HasSubstr("253 octets"));
    EXPECT_THAT(refusal("a@" + std::string(100000, 'a')), HasSubstr("253 octets"));
}

TEST(Address, KeepsSentencesShort) {
    EXPECT_LT(refusal(std::string(100000, 'a')).size(), 200U);
}

}  // namespace
}  // namespace mailsend
