#include "inbox/bearer.hpp"

#include <gtest/gtest.h>

namespace inbox {
namespace {

TEST(Bearer, IsReadFromAMessageOfXoauth2) {
    const auto said = xoauth2_message(
        "user=alice@example.test\x01"
        "auth=Bearer t0ken==\x01\x01");
    ASSERT_TRUE(said);
    EXPECT_EQ(said->user, "alice@example.test");
    EXPECT_EQ(said->token, "t0ken==");
}

TEST(Bearer, IsReadFromAMessageOfOauthbearerWhoseNameIsEncoded) {
    const auto said = oauthbearer_message(
        "n,a=a=2Cb=3Dc@example.test,\x01host=mail.example.test\x01port=587\x01"
        "auth=Bearer t0ken\x01\x01");
    ASSERT_TRUE(said);
    EXPECT_EQ(said->user, "a,b=c@example.test");
    EXPECT_EQ(said->token, "t0ken");
}

TEST(Bearer, IsNotGuessedFromAMessageThatIsWrittenOtherwise) {
    for (const char* const bad : {"", "user=a",
                                  "user=a\x01"
                                  "auth=Bearer t\x01",
                                  "user=a\x01"
                                  "auth=Bearer t\x01\x01\x01",
                                  "name=a\x01"
                                  "auth=Bearer t\x01\x01",
                                  "user=a\x01"
                                  "auth=Basic t\x01\x01",
                                  "user=a\x01\x01"
                                  "auth=Bearer t\x01"}) {
        EXPECT_FALSE(xoauth2_message(bad)) << bad;
    }
    for (const char* const bad : {"", "n,a=a,\x01\x01", "n,a=a,auth=Bearer t\x01\x01",
                                  "n,a=a=2X,\x01"
                                  "auth=Bearer t\x01\x01",
                                  "n,,\x01"
                                  "auth=Bearer t\x01\x01",
                                  "n,a=a,\x01"
                                  "auth=Bearer t\x01",
                                  "n,a=a,\x01"
                                  "auth=Bearer t",
                                  "n,a=a,\x01host\x01"
                                  "auth=Bearer t\x01\x01",
                                  "n,a=a,\x01"
                                  "auth=Bearer t\x01\x01x=y\x01",
                                  "n,a=a,\x01"
                                  "auth=Bearer t\x01"
                                  "auth=Bearer u\x01\x01"}) {
        EXPECT_FALSE(oauthbearer_message(bad)) << bad;
    }
}

}  // namespace
}  // namespace inbox
