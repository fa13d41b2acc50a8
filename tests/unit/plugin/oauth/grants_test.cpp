#include "oauth/grants.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "answers.hpp"
#include "crypto/base64url.hpp"
#include "crypto/jwt.hpp"
#include "unit/plugin/crypto/keys.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Grants, JoinScopesByBlanks) {
    EXPECT_EQ(joined({}), "");
    EXPECT_EQ(joined({"a"}), "a");
    EXPECT_EQ(joined({"https://mail.google.com/", "openid", "email"}),
              "https://mail.google.com/ openid email");
}

TEST(Grants, RefreshWithAndWithoutScopes) {
    const wfc::SecretString token("1//a b");
    EXPECT_EQ(refresh_form(token, {}).encoded(), "grant_type=refresh_token&refresh_token=1%2F%2Fa%20b");
    EXPECT_EQ(refresh_form(token, {"x", "y"}).encoded(),
              "grant_type=refresh_token&refresh_token=1%2F%2Fa%20b&scope=x%20y");
}

TEST(Grants, AskInTheNameOfTheClientAlone) {
    EXPECT_EQ(client_credentials_form({"https://outlook.office365.com/.default"}).encoded(),
              "grant_type=client_credentials&scope=https%3A%2F%2Foutlook.office365.com%2F.default");
    EXPECT_EQ(client_credentials_form({}).encoded(), "grant_type=client_credentials");
}

TEST(Grants, SpeakForAMailboxWithTheKeyOfAServiceAccount) {
    const Form form = service_account_form(
        "robot@project.example.test", "mailbox@example.test", {"https://mail.google.com/", "openid"},
        "https://oauth2.example.test/token", test::pem_of(test::rsa_key()), test::now_unix_ms);
    constexpr std::string_view begin =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    ASSERT_TRUE(form.encoded().starts_with(begin));
    const std::string assertion(form.encoded().substr(begin.size()));

    const auto header = crypto::base64url_decode(assertion.substr(0, assertion.find('.')));
    ASSERT_TRUE(header);
    EXPECT_EQ(nlohmann::json::parse(*header), nlohmann::json({{"alg", "RS256"}, {"typ", "JWT"}}));
    const auto claims = crypto::jwt_claims(assertion);
    ASSERT_TRUE(claims);
    const nlohmann::json wanted = {{"iss", "robot@project.example.test"},
                                   {"sub", "mailbox@example.test"},
                                   {"scope", "https://mail.google.com/ openid"},
                                   {"aud", "https://oauth2.example.test/token"},
                                   {"iat", 1'800'000'000},
                                   {"exp", 1'800'003'600}};
    EXPECT_EQ(nlohmann::json::parse(*claims), wanted);
}

TEST(Grants, SayThatAServiceAccountsKeyCannotBeUsed) {
    const Facts facts = test::facts_of([] {
        (void)service_account_form("robot@project.example.test", "mailbox@example.test", {},
                                   "https://oauth2.example.test/token", "t0psecret, but no key",
                                   test::now_unix_ms);
    });
    EXPECT_EQ(facts.stage, Stage::token);
    EXPECT_EQ(facts.condition, "token.client");
    EXPECT_EQ(facts.provider, "gmail");
    EXPECT_THAT(facts.sentence, HasSubstr("the private key of the service account "));
    EXPECT_THAT(facts.sentence, Not(HasSubstr("t0psecret")));
    EXPECT_EQ(test::detail(facts, "host"), "oauth2.example.test");
}

TEST(ServiceKey, MayBeAPemOrTheFileThatGoogleHandsOut) {
    const std::string pem = test::pem_of(test::rsa_key());
    EXPECT_EQ(service_key(wfc::SecretString(pem)).reveal(), pem);
    const nlohmann::json file = {
        {"type", "service_account"}, {"private_key", pem}, {"client_email", "r@p.example.test"}};
    EXPECT_EQ(service_key(wfc::SecretString(file.dump())).reveal(), pem);
    EXPECT_EQ(service_key(wfc::SecretString(" \r\n\t" + file.dump(2) + "\n")).reveal(), pem);
}

TEST(ServiceKey, ThatIsAJsonFileWithoutAKeySaysSo) {
    for (const char* stored :
         {"{}", R"({"private_key":""})", R"({"private_key":7})", R"({"client_secret":"t0psecret"})",
          "{ t0psecret", R"({"t0psecret":1,"t0psecret":2})"}) {
        try {
            (void)service_key(wfc::SecretString(stored));
            ADD_FAILURE() << stored;
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), ::testing::StartsWith("is "));
            EXPECT_THAT(error.what(), Not(HasSubstr("t0psecret")));
        }
    }
}

}  // namespace
}  // namespace mailsend::oauth
