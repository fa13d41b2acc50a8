#include "smtp/command.hpp"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace mailsend::smtp {
namespace {

using namespace std::string_literals;

template <class Say>
std::string said(Say&& say) {
    CommandGroup group;
    say(group);
    return std::string(group.wire());
}

std::string mail(std::string_view path, const MailParameters& parameters) {
    return said([&](CommandGroup& group) { group.mail(path, parameters); });
}

std::string rcpt(std::string_view path) {
    return said([&](CommandGroup& group) { group.rcpt(path); });
}

TEST(Command, EndsInOneCrLf) {
    EXPECT_EQ(ehlo("client.example.test").wire(), "EHLO client.example.test\r\n");
    EXPECT_EQ(said([](CommandGroup& group) { group.quit(); }), "QUIT\r\n");
}

TEST(Command, RefusesWhatWouldBecomeASecondLine) {
    const std::string attacks[] = {"x@y.test>\r\nRCPT TO:<victim@evil.test", "x@y.test\n", "x@y.test\r",
                                   "x\0y"s};
    for (const std::string& attack : attacks) {
        EXPECT_THROW(rcpt(attack), std::invalid_argument);
        EXPECT_THROW(mail(attack, {}), std::invalid_argument);
        EXPECT_THROW(ehlo(attack), std::invalid_argument);
        EXPECT_THROW(auth(attack), std::invalid_argument);
        EXPECT_THROW(auth("PLAIN", wfc::SecretString(attack)), std::invalid_argument);
        EXPECT_THROW(auth_answer(wfc::SecretString(attack)), std::invalid_argument);
    }
}

TEST(Command, HasNoBlankBeforeThePath) {
    EXPECT_EQ(mail("a@example.test", {}), "MAIL FROM:<a@example.test>\r\n");
    EXPECT_EQ(mail("", {}), "MAIL FROM:<>\r\n");
    EXPECT_EQ(rcpt("b@example.test"), "RCPT TO:<b@example.test>\r\n");
}

TEST(Command, NamesTheParametersOfMail) {
    EXPECT_EQ(
        mail("a@example.test", {.size = 1234, .smtputf8 = true, .body_8bitmime = true, .envelope_id = {}}),
        "MAIL FROM:<a@example.test> SIZE=1234 BODY=8BITMIME SMTPUTF8\r\n");
}

TEST(CommandGroup, IsOneLineBehindTheOtherAndKnowsTheLast) {
    CommandGroup group;
    EXPECT_TRUE(group.empty());
    group.rset();
    group.mail("a@example.test", {});
    EXPECT_EQ(group.last(), "MAIL FROM:<a@example.test>");
    group.data();
    EXPECT_EQ(group.wire(), "RSET\r\nMAIL FROM:<a@example.test>\r\nDATA\r\n");
    EXPECT_EQ(group.last(), "DATA");
    group.clear();
    EXPECT_TRUE(group.empty());
}

TEST(CommandGroup, IsLeftAsItWasByALineItRefuses) {
    CommandGroup group;
    group.rset();
    EXPECT_THROW(group.rcpt("b@example.test>\r\nDATA"), std::invalid_argument);
    EXPECT_THROW(group.mail("b@example.test>\r\nDATA", {}), std::invalid_argument);
    EXPECT_EQ(group.wire(), "RSET\r\n");
}

TEST(CommandGroup, SaysHowManyOctetsFollow) {
    EXPECT_EQ(said([](CommandGroup& group) { group.bdat(86400, false); }), "BDAT 86400\r\n");
    EXPECT_EQ(said([](CommandGroup& group) { group.bdat(0, true); }), "BDAT 0 LAST\r\n");
    EXPECT_EQ(said([](CommandGroup& group) { group.bdat(UINT64_MAX, true); }),
              "BDAT 18446744073709551615 LAST\r\n");
}

TEST(Command, HidesCredentialsFromTheLog) {
    const Command first = auth("PLAIN", wfc::SecretString("AGFsaWNlAHNlY3JldA=="));
    EXPECT_EQ(first.wire(), "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
    EXPECT_EQ(first.masked(), "AUTH PLAIN ****");
    EXPECT_EQ(auth_answer(wfc::SecretString("c2VjcmV0")).masked(), "****");
}

}  // namespace
}  // namespace mailsend::smtp
