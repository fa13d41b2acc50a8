#include "oauth/account_name.hpp"

#include <gtest/gtest.h>

#include "crypto/base64url.hpp"

namespace mailsend::oauth {
namespace {

std::string jwt(const std::string& claims) {
    return crypto::base64url_encode(R"({"alg":"none"})") + "." + crypto::base64url_encode(claims) + ".AA";
}

TEST(AccountName, IsTheFirstAddressOfTheClaims) {
    EXPECT_EQ(account_named_in(R"({"preferred_username":"a@b.test","email":"c@d.test"})"), "a@b.test");
    EXPECT_EQ(account_named_in(R"({"preferred_username":"alice","email":"c@d.test"})"), "c@d.test");
    EXPECT_EQ(account_named_in(R"({"upn":"u@d.test","email":"c@d.test"})"), "u@d.test");
    EXPECT_EQ(account_named_in(R"({"upn":"u@d.test","email":7})"), "u@d.test");
    EXPECT_EQ(account_named_in(R"({"unique_name":"live.com#c@d.test","email":"c@d.test"})"), "c@d.test");
}

TEST(AccountName, IsNoNicknameAndNothingThatIsTooLong) {
    EXPECT_EQ(account_named_in(R"({"preferred_username":"alice","upn":"alice"})"), "");
    EXPECT_EQ(account_named_in(R"({"email":"@)" + std::string(320, 'x') + "\"}"), "");
    for (const char* const none : {R"({"sub":"1"})", "", "[1]", "{", "7"})
        EXPECT_EQ(account_named_in(none), "") << none;
}

TEST(AccountName, StandsInTheAccessTokenWhereTheIdTokenHasNone) {
    TokenAnswer answer;
    answer.access_token = wfc::SecretString(jwt(R"({"upn":"access@d.test"})"));
    EXPECT_EQ(account_named_in(answer), "access@d.test");
    answer.id_claims = R"({"preferred_username":"alice"})";
    EXPECT_EQ(account_named_in(answer), "access@d.test");
    answer.id_claims = R"({"email":"id@d.test"})";
    EXPECT_EQ(account_named_in(answer), "id@d.test");
    answer = TokenAnswer();
    answer.access_token = wfc::SecretString("opaque");
    EXPECT_EQ(account_named_in(answer), "");
}

}  // namespace
}  // namespace mailsend::oauth
