#include "sasl/cram_md5.hpp"

#include <gtest/gtest.h>

namespace mailsend::sasl {
namespace {

TEST(CramMd5, AnswersTheChallengeOfRfc2195) {
    const auto mechanism = cram_md5({"tim", wfc::SecretString("tanstaaftanstaaf")});
    EXPECT_FALSE(mechanism->initial_response());
    EXPECT_EQ(mechanism->next("<1896.697170952@postoffice.reston.mci.net>")->reveal(),
              "tim b913a602c7eda7a495b4e6e7334d3890");
}

TEST(CramMd5, TakesPasswordsLongerThanABlockOfTheHash) {
    const auto mechanism = cram_md5({"tim", wfc::SecretString(std::string(200, 'x'))});
    EXPECT_EQ(mechanism->next("<1@example.test>")->size(), 3u + 1 + 32);
}

TEST(CramMd5, AnswersOnce) {
    const auto mechanism = cram_md5({"tim", wfc::SecretString("x")});
    ASSERT_TRUE(mechanism->next("<1@example.test>"));
    EXPECT_FALSE(mechanism->next("<2@example.test>"));
}

TEST(CramMd5, DoesNotAnswerAnEmptyChallengeWhichWouldMakeTheAnswerReusable) {
    const auto mechanism = cram_md5({"tim", wfc::SecretString("x")});
    EXPECT_THROW(mechanism->next(""), ChallengeRefused);
}

}  // namespace
}  // namespace mailsend::sasl
