#include "outcome/reply.hpp"

#include <gtest/gtest.h>

namespace mailsend {
namespace {

TEST(EnhancedStatusParsing, ReadsClassSubjectAndDetail) {
    const auto status = EnhancedStatus::parse("5.7.139 Authentication unsuccessful");
    ASSERT_TRUE(status);
    EXPECT_EQ(*status, (EnhancedStatus{5, 7, 139}));
    EXPECT_EQ(status->to_string(), "5.7.139");
    EXPECT_EQ(EnhancedStatus::parse("2.0.0"), (EnhancedStatus{2, 0, 0}));
}

TEST(EnhancedStatusParsing, RefusesWhatOnlyLooksLikeOne) {
    for (const char* text : {"", "5", "5.7", "5.7.", "5.7.1x", "3.7.1 x", "1.2.3.4", "5.1234.1", "5.7.1234",
                             "5.07.1", "5.7.01", "55.7.1", " 5.7.1", "5.-1.1", "5.7.1.2", "4.16.55.1"}) {
        EXPECT_EQ(EnhancedStatus::parse(text), std::nullopt) << text;
    }
}

TEST(ReplyText, JoinsLinesByOneBlankWithoutRepeatedCodes) {
    const Reply reply{534,
                      {"534-5.7.9 Application-specific password required. For more information, go to",
                       "534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor"}};
    EXPECT_EQ(reply.text(),
              "Application-specific password required. For more information, go to "
              "https://support.google.com/mail/?p=InvalidSecondFactor");
    EXPECT_EQ(reply.words(),
              "534 5.7.9 Application-specific password required. For more information, go to "
              "https://support.google.com/mail/?p=InvalidSecondFactor");
    EXPECT_EQ(reply.enhanced()->to_string(), "5.7.9");
}

TEST(ReplyText, KeepsTheServersWordsWhole) {
    const Reply reply{
        535,
        {"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. "
         "Visit https://aka.ms/smtp_auth_disabled for more information."}};
    EXPECT_EQ(reply.words(), reply.lines[0]);
}

TEST(ReplyText, WorksWithoutEnhancedStatus) {
    const Reply reply{550, {"550-No such", "550 user here"}};
    EXPECT_EQ(reply.enhanced(), std::nullopt);
    EXPECT_EQ(reply.text(), "No such user here");
    EXPECT_EQ(reply.words(), "550 No such user here");
}

TEST(ReplyText, KeepsAStatusThatDiffersFromTheFirst) {
    const Reply reply{550, {"550-5.1.1 unknown", "550 5.7.1 and unwanted"}};
    EXPECT_EQ(reply.words(), "550 5.1.1 unknown 5.7.1 and unwanted");
    EXPECT_EQ(reply.text(), "unknown 5.7.1 and unwanted");
}

TEST(ReplyText, KeepsTheOrderWhenTheStatusComesLate) {
    const Reply reply{550, {"550-Sorry", "550 5.1.1 unknown"}};
    EXPECT_EQ(reply.enhanced()->to_string(), "5.1.1");
    EXPECT_EQ(reply.words(), "550 Sorry 5.1.1 unknown");
}

TEST(ReplyText, SkipsEmptyLinesAndBareCodes) {
    EXPECT_EQ((Reply{421, {"421"}}).words(), "421");
    EXPECT_EQ((Reply{421, {"421-", "421 4.3.2", "421 bye "}}).words(), "421 4.3.2 bye");
    EXPECT_EQ((Reply{421, {"421-", "421 4.3.2", "421 bye "}}).text(), "bye");
    EXPECT_EQ((Reply{421, {}}).words(), "421");
}

TEST(ReplyClass, IsDecidedByTheFirstDigit) {
    EXPECT_TRUE((Reply{299, {}}).positive_completion());
    EXPECT_TRUE((Reply{354, {}}).positive_intermediate());
    EXPECT_TRUE((Reply{499, {}}).transient_negative());
    EXPECT_TRUE((Reply{599, {}}).permanent_negative());
    EXPECT_FALSE((Reply{499, {}}).permanent_negative());
}

}  // namespace
}  // namespace mailsend
