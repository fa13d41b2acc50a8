#include "smtp/reply_reader.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mailsend::smtp {
namespace {

std::string refusal(std::string_view bytes) {
    ReplyReader reader;
    try {
        reader.push(bytes);
        while (reader.next()) {
        }
    } catch (const BadReply& bad) {
        return bad.condition();
    }
    return "";
}

TEST(ReplyReader, ReadsOneLine) {
    ReplyReader reader;
    reader.push("250 2.1.0 Ok\r\n");
    const auto reply = reader.next();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->code, 250);
    EXPECT_EQ(reply->lines, std::vector<std::string>{"250 2.1.0 Ok"});
    EXPECT_TRUE(reader.empty());
}

TEST(ReplyReader, WaitsForTheLastLineOfAReply) {
    ReplyReader reader;
    reader.push("250-mail.example.test\r\n250-SIZE 1000\r\n");
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.empty());
    reader.push("250 STARTTLS\r\n");
    ASSERT_EQ(reader.next()->lines.size(), 3u);
}

TEST(ReplyReader, TakesBytesOneByOne) {
    ReplyReader reader;
    const std::string bytes = "220-one\r\n220 two\r\n";
    std::optional<Reply> reply;
    for (const char byte : bytes) {
        ASSERT_FALSE(reply);
        reader.push({&byte, 1});
        reply = reader.next();
    }
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->lines.back(), "220 two");
}

TEST(ReplyReader, GivesRepliesOfOnePacketOneAtATime) {
    ReplyReader reader;
    reader.push("250 a\r\n354 b\r\n");
    EXPECT_EQ(reader.next()->code, 250);
    EXPECT_FALSE(reader.empty());
    EXPECT_EQ(reader.next()->code, 354);
    EXPECT_TRUE(reader.empty());
}

TEST(ReplyReader, ForgetsTheLinesOfALongerReplyBefore) {
    ReplyReader reader;
    reader.push("250-a\r\n250-b\r\n250 c\r\n354 d\r\n250-e\r\n250 ");
    EXPECT_EQ(reader.read()->lines.size(), 3u);
    Reply* const second = reader.read();
    EXPECT_EQ(second->lines, std::vector<std::string>{"354 d"});
    second->lines.clear();  // it is the caller's until the next
    EXPECT_EQ(reader.read(), nullptr);
    EXPECT_EQ(reader.rest(), "250 ");
    reader.push("f\r\n");
    EXPECT_EQ(reader.read()->lines, (std::vector<std::string>{"250-e", "250 f"}));
    EXPECT_TRUE(reader.empty());
}

TEST(ReplyReader, AcceptsABareLineFeedAsTheEndOfALine) {
    ReplyReader reader;
    reader.push("250-a\n250 b\n");
    EXPECT_EQ(reader.next()->lines.size(), 2u);
}

TEST(ReplyReader, AcceptsACodeWithoutText) {
    ReplyReader reader;
    reader.push("250\r\n");
    EXPECT_EQ(reader.next()->code, 250);
}

TEST(ReplyReader, KeepsEightBitAndControlCharacters) {
    ReplyReader reader;
    reader.push("550 n\xC3\xA4 \x01\xFF\r\n");
    EXPECT_EQ(reader.next()->lines.front(), "550 n\xC3\xA4 \x01\xFF");
}

TEST(ReplyReader, RefusesCodesThatSmtpDoesNotHave) {
    EXPECT_EQ(refusal("199 early\r\n"), "protocol.garbage");
    EXPECT_EQ(refusal("700 late\r\n"), "protocol.garbage");
    EXPECT_EQ(refusal("25 short\r\n"), "protocol.garbage");
    EXPECT_EQ(refusal("2500 long\r\n"), "protocol.garbage");
    EXPECT_EQ(refusal("HTTP/1.1 400 Bad Request\r\n"), "protocol.garbage");
    EXPECT_EQ(refusal("\r\n"), "protocol.garbage");
}

TEST(ReplyReader, RefusesAReplyWhoseLinesDisagree) {
    EXPECT_EQ(refusal("250-a\r\n251 b\r\n"), "protocol.garbage");
}

TEST(ReplyReader, RefusesALineThatNeverEnds) {
    EXPECT_EQ(refusal("250 " + std::string(1 << 20, 'x')), "protocol.line_too_long");
    EXPECT_EQ(refusal("250 " + std::string(3000, 'x') + "\r\n"), "protocol.line_too_long");
}

TEST(ReplyReader, RefusesAReplyThatNeverEnds) {
    std::string endless;
    for (int i = 0; i < 101; ++i) endless += "250-more\r\n";
    EXPECT_EQ(refusal(endless), "protocol.reply_too_long");
    std::string heavy;
    for (int i = 0; i < 60; ++i) heavy += "250-" + std::string(1900, 'x') + "\r\n";
    EXPECT_EQ(refusal(heavy), "protocol.reply_too_long");
}

}  // namespace
}  // namespace mailsend::smtp
