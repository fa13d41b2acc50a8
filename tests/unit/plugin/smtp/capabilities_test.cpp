#include "smtp/capabilities.hpp"

#include <gtest/gtest.h>

namespace mailsend::smtp {
namespace {

Capabilities offered(std::vector<std::string> lines) {
    lines.insert(lines.begin(), "250-mail.example.test STARTTLS");
    return Capabilities::from(Reply{250, lines});
}

TEST(Capabilities, AreComparedWithoutRegardToCase) {
    const Capabilities it = offered({"250-starttls", "250-Pipelining", "250 8BitMime"});
    EXPECT_TRUE(it.starttls);
    EXPECT_TRUE(it.pipelining);
    EXPECT_TRUE(it.eight_bit_mime);
}

TEST(Capabilities, AreComparedAsWholeWords) {
    EXPECT_FALSE(offered({"250 STARTTLSX"}).starttls);
    EXPECT_FALSE(offered({"250 XSTARTTLS"}).starttls);
}

TEST(Capabilities, AreNotReadFromTheGreetingLine) {
    EXPECT_FALSE(offered({"250 HELP"}).starttls);
}

TEST(Capabilities, ListMechanismsInTheServersOrderOnce) {
    const Capabilities it = offered({"250-AUTH login PLAIN", "250-AUTH=PLAIN LOGIN", "250 AUTH XOAUTH2"});
    EXPECT_EQ(it.auth_mechanisms, (std::vector<std::string>{"LOGIN", "PLAIN", "XOAUTH2"}));
}

TEST(Capabilities, ReadTheSizeLimit) {
    EXPECT_EQ(offered({"250 SIZE 35882577"}).size, 35882577u);
    EXPECT_EQ(offered({"250 SIZE"}).size, 0u) << "offered without a number means no fixed limit";
    EXPECT_EQ(offered({"250 HELP"}).size, std::nullopt);
}

TEST(Capabilities, ReadTheLimitOfRecipients) {
    EXPECT_EQ(offered({"250 LIMITS MAILMAX=5 rcptmax=100"}).recipients_max, 100u);
    for (const char* line :
         {"250 LIMITS", "250 LIMITS RCPTMAX=", "250 LIMITS RCPTMAX=0", "250 LIMITS RCPTMAX=1O",
          "250 LIMITS RCPTMAX=99999999999999999999", "250 RCPTMAX=7"}) {
        EXPECT_EQ(offered({line}).recipients_max, std::nullopt) << line;
    }
}

}  // namespace
}  // namespace mailsend::smtp
