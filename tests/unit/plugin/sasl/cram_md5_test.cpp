#include "sasl/cram_md5.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>

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

/// Asks OpenSSL for algorithms that FIPS 140 approves alone, as a machine's policy does; MD5 is none.
class UnderAPolicyWithoutMd5 {
  public:
    UnderAPolicyWithoutMd5() { EXPECT_EQ(EVP_default_properties_enable_fips(nullptr, 1), 1); }
    ~UnderAPolicyWithoutMd5() { EVP_default_properties_enable_fips(nullptr, 0); }
    UnderAPolicyWithoutMd5(const UnderAPolicyWithoutMd5&) = delete;
    UnderAPolicyWithoutMd5& operator=(const UnderAPolicyWithoutMd5&) = delete;
};

TEST(CramMd5, IsPassedOverWhereThePolicyForbidsMd5) {
    const UnderAPolicyWithoutMd5 policy;
    const Credentials tim = {"tim", wfc::SecretString("x")};
    EXPECT_EQ(choose({"CRAM-MD5", "LOGIN"}, "", tim, false)->name(), "LOGIN");
    EXPECT_THROW(choose({"CRAM-MD5", "LOGIN"}, "CRAM-MD5", tim, false), std::invalid_argument);
    EXPECT_THROW(choose({"CRAM-MD5"}, "", tim, false), std::invalid_argument);
    EXPECT_EQ(ERR_peek_error(), 0u) << "an error left behind would be taken for the next TLS call's";
}

TEST(CramMd5, BreaksOffWhereThePolicyChangesUnderWay) {
    const auto mechanism = cram_md5({"tim", wfc::SecretString("x")});
    const UnderAPolicyWithoutMd5 policy;
    EXPECT_THROW(mechanism->next("<1@example.test>"), ChallengeRefused);
}

}  // namespace
}  // namespace mailsend::sasl
