// ask_token() against servers on loopback: what is sent, and the failures of the way.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "answers.hpp"
#include "crypto/base64url.hpp"
#include "crypto/jwt.hpp"
#include "oauth/grants.hpp"
#include "oauth/token_endpoint.hpp"
#include "scripted_server.hpp"
#include "unit/plugin/crypto/keys.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string good =
    test::http("200 OK", R"({"access_token":"at","token_type":"Bearer","expires_in":3600})");

Client client_of(const test::ScriptedServer& server) {
    Client client;
    client.id = "the client";
    client.endpoints.token = server.url();
    return client;
}

TokenAnswer ask(const Client& client) {
    return ask_token(net::HttpTerms(), client, refresh_form(wfc::SecretString("r3fresh-me-please"), {}),
                     test::now_unix_ms, test::Minute().patience());
}

constexpr const char* grant = "grant_type=refresh_token&refresh_token=r3fresh-me-please";

TEST(TokenRequest, IsOneFormWithTheClientAndItsSecretInTheBody) {
    const test::ScriptedServer server({good});
    Client client = client_of(server);
    client.secret.emplace("a+b/c~ é");
    EXPECT_EQ(ask(client).access_token.reveal(), "at");

    ASSERT_EQ(server.requests().size(), 1U);
    const std::string request = server.requests().front();
    EXPECT_THAT(request, StartsWith("POST /token HTTP/1.1\r\n"));
    EXPECT_THAT(request, HasSubstr("\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    EXPECT_THAT(request, HasSubstr("\r\nAccept: application/json\r\n"));
    EXPECT_THAT(request, Not(HasSubstr("Authorization")));
    EXPECT_EQ(server.form(),
              std::string(grant) + "&client_id=the%20client&client_secret=a%2Bb%2Fc~%20%C3%A9");
}

TEST(TokenRequest, OfAPublicClientNamesTheClientAlone) {
    const test::ScriptedServer server({good});
    (void)ask(client_of(server));
    EXPECT_EQ(server.form(), std::string(grant) + "&client_id=the%20client");
}

TEST(TokenRequest, OfAServiceAccountNamesNoClient) {
    const test::ScriptedServer server({good});
    Client client = client_of(server);
    client.id.clear();
    (void)ask(client);
    EXPECT_EQ(server.form(), grant);
}

TEST(TokenRequest, MayProveTheClientWithACertificate) {
    const test::Key key = test::rsa_key();
    const std::string pem =
        test::pem_of(key) + test::certificate_of(key, "client", test::now_unix_ms / 1000 + 86'400);
    const test::ScriptedServer server({good, good});
    Client client = client_of(server);
    client.certificate.emplace(pem);
    std::vector<std::string> ids;
    for (std::size_t at = 0; at < 2; ++at) {
        (void)ask(client);
        const std::string form = server.form(at);
        const std::string begin =
            std::string(grant) +
            "&client_id=the%20client&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
            "client-assertion-type%3Ajwt-bearer&client_assertion=";
        ASSERT_THAT(form, StartsWith(begin));
        EXPECT_THAT(form, Not(HasSubstr("client_secret")));
        const std::string assertion = form.substr(begin.size());

        const auto header = nlohmann::json::parse(
            crypto::base64url_decode(assertion.substr(0, assertion.find('.'))).value_or("{}"));
        const nlohmann::json wanted = {
            {"alg", "PS256"}, {"typ", "JWT"}, {"x5t#S256", crypto::read_assertion_certificate(pem).x5t_s256}};
        EXPECT_EQ(header, wanted);
        auto claims = nlohmann::json::parse(crypto::jwt_claims(assertion).value_or("{}"));
        ids.push_back(claims.value("jti", ""));
        EXPECT_GE(ids.back().size(), 22U);
        claims.erase("jti");
        const nlohmann::json said = {{"aud", server.url()},  {"iss", "the client"},  {"sub", "the client"},
                                     {"nbf", 1'800'000'000}, {"iat", 1'800'000'000}, {"exp", 1'800'000'300}};
        EXPECT_EQ(claims, said);
    }
    EXPECT_NE(ids.at(0), ids.at(1)) << "an assertion is used once";
}

TEST(TokenRequest, IsNotSentWhereTheCertificateCannotBeUsed) {
    const test::ScriptedServer server({good});
    Client client = client_of(server);
    client.certificate.emplace("t0psecret, but no key");
    const Facts facts = test::facts_of([&] { (void)ask(client); });
    EXPECT_EQ(facts.condition, "token.client");
    EXPECT_EQ(facts.stage, Stage::token);
    EXPECT_THAT(facts.sentence, StartsWith("the client's certificate "));
    EXPECT_THAT(facts.sentence, Not(HasSubstr("t0psecret")));
    EXPECT_TRUE(server.requests().empty());
}

TEST(TokenRequest, EndsWithTheServersRefusalAndNeverRepeatsASecret) {
    const test::ScriptedServer server({test::http(
        "400 Bad Request",
        R"({"error":"invalid_grant","error_description":"no r3fresh-me-please for h0rse-battery"})")});
    Client client = client_of(server);
    client.secret.emplace("h0rse-battery");
    const Facts facts = test::facts_of([&] { (void)ask(client); });
    EXPECT_EQ(facts.condition, "token.refused");
    EXPECT_EQ(facts.sentence, "the token endpoint 127.0.0.1 refused: invalid_grant: no **** for ****");
    EXPECT_TRUE(grant_is_dead(facts));
}

TEST(TokenRequest, IsNeverRepeatedAndFollowsNoRedirect) {
    const test::ScriptedServer elsewhere({good});
    const test::ScriptedServer server(
        {test::http("307 Temporary Redirect", "",
                    "Location: " + elsewhere.url("/token?x=t0psecret") + "\r\n"),
         test::http("503 Service Unavailable", "busy", "Retry-After: 120\r\n"), good});
    const Client client = client_of(server);
    const Facts redirected = test::facts_of([&] { (void)ask(client); });
    EXPECT_EQ(redirected.condition, "token.redirected");
    EXPECT_THAT(redirected.sentence, Not(HasSubstr("t0psecret")));
    const Facts busy = test::facts_of([&] { (void)ask(client); });
    EXPECT_EQ(busy.condition, "token.unavailable");
    EXPECT_EQ(test::detail(busy, "retry_after_s"), "120");
    EXPECT_EQ(server.requests().size(), 2U);
    EXPECT_TRUE(elsewhere.requests().empty());
}

TEST(TokenRequest, GivesUpOnTenMegabytes) {
    const std::string huge(10U << 20, 'x');
    const test::ScriptedServer server({test::http("200 OK", huge), test::http("400 Bad Request", huge)});
    const Client client = client_of(server);
    for (int i = 0; i < 2; ++i) {
        const Facts facts = test::facts_of([&] { (void)ask(client); });
        EXPECT_EQ(facts.stage, Stage::token);
        EXPECT_EQ(facts.condition, "token.too_large");
        EXPECT_EQ(facts.sentence, "the token endpoint 127.0.0.1 answered with more than is ever needed");
        EXPECT_FALSE(grant_is_dead(facts));
    }
}

TEST(TokenRequest, TellsAFailureOfTheWayAsOneOfTheTokenEndpoint) {
    const test::ScriptedServer server({"", "SSH-2.0-OpenSSH_9.2\r\n\r\n"});
    Client client = client_of(server);
    client.provider = Provider::microsoft;
    for (const char* condition : {"http.closed", "http.garbage"}) {
        const Facts facts = test::facts_of([&] { (void)ask(client); });
        EXPECT_EQ(facts.condition, condition);
        EXPECT_EQ(facts.stage, Stage::token);
        EXPECT_EQ(facts.provider, "microsoft365");
        EXPECT_THAT(facts.sentence, StartsWith("the token endpoint 127.0.0.1 could not be asked: "));
        EXPECT_EQ(test::detail(facts, "endpoint"), "token");
        EXPECT_EQ(test::detail(facts, "host"), "127.0.0.1");
        EXPECT_NE(test::detail(facts, "port"), "(none)");
    }
    client.endpoints.token = "http://127.0.0.1:1/token";
    EXPECT_EQ(test::facts_of([&] { (void)ask(client); }).condition, "conn.refused");
    client.endpoints.token = "http://oauth2.example.test/token";
    const Facts unprotected = test::facts_of([&] { (void)ask(client); });
    EXPECT_EQ(unprotected.condition, "token.client");
    EXPECT_THAT(unprotected.sentence, StartsWith("the token endpoint oauth2.example.test is not asked: "));
}

TEST(TokenRequest, EndsWhenTheHostCancels) {
    const test::ScriptedServer server({good});
    EXPECT_THROW((void)ask_token(net::HttpTerms(), client_of(server), Form(), test::now_unix_ms,
                                 test::Minute().patience([] { return true; })),
                 Cancelled);
}

}  // namespace
}  // namespace mailsend::oauth
