// Servers that know a client by HTTP Basic alone (RFC 6749 section 2.3.1).
#include <gmock/gmock.h>

#include "answers.hpp"
#include "crypto/base64.hpp"
#include "oauth/device.hpp"
#include "oauth/grants.hpp"
#include "oauth/revocation.hpp"
#include "oauth/token_endpoint.hpp"
#include "scripted_server.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* unknown_client = R"({"error":"invalid_client"})";

const std::string good = test::http("200 OK", R"({"access_token":"at","token_type":"Bearer"})");

std::string wants(const std::string& challenge, const std::string& body = unknown_client) {
    return test::http("401 Unauthorized", body, "WWW-Authenticate: " + challenge + "\r\n");
}

Client client_of(const test::ScriptedServer& server, Provider provider = Provider::custom) {
    Client client;
    client.provider = provider;
    client.id = "the client";
    client.secret.emplace("h0rse:battery+");
    client.endpoints.token = client.endpoints.device = client.endpoints.revoke = server.url();
    return client;
}

TokenAnswer ask(const Client& client) {
    return ask_token(net::HttpTerms(), client, refresh_form(wfc::SecretString("r3fresh-me"), {}),
                     test::now_unix_ms, test::Minute().patience());
}

/// Both parts are encoded as in a form before they are joined.
const std::string header =
    "\r\nAuthorization: Basic " + crypto::base64_encode("the%20client:h0rse%3Abattery%2B") + "\r\n";

TEST(ClientBasic, IsTriedOnceWhereTheServerAsksForIt) {
    for (const char* const challenge :
         {"Basic realm=\"x\"", "basic", "Bearer realm=\"x\", BASIC realm=\"y\""}) {
        const test::ScriptedServer server({wants(challenge), good});
        EXPECT_EQ(ask(client_of(server)).access_token.reveal(), "at") << challenge;
        ASSERT_EQ(server.requests().size(), 2U);
        EXPECT_THAT(server.form(0), HasSubstr("client_secret="));
        EXPECT_THAT(server.requests().at(0), Not(HasSubstr("Authorization")));
        EXPECT_THAT(server.requests().at(1), HasSubstr(header));
        EXPECT_EQ(server.form(1), "grant_type=refresh_token&refresh_token=r3fresh-me")
            << "one proof a request";
    }
}

TEST(ClientBasic, IsTriedForTheOtherEndpointsToo) {
    const test::ScriptedServer server({wants("Basic"),
                                       test::http("200 OK", R"({"device_code":"d","user_code":"u",)"
                                                            R"("verification_uri":"https://example.test/"})"),
                                       wants("Basic"), test::http("200 OK", "")});
    const Client client = client_of(server);
    const test::Minute minute;
    EXPECT_EQ(
        ask_device_code(net::HttpTerms(), client, {"smtp"}, test::now_unix_ms, minute.patience()).user_code,
        "u");
    revoke(net::HttpTerms(), client, wfc::SecretString("r3fresh-me"), test::now_unix_ms, minute.patience());
    ASSERT_EQ(server.requests().size(), 4U);
    EXPECT_THAT(server.requests().at(1), HasSubstr(header));
    EXPECT_EQ(server.form(1), "scope=smtp");
    EXPECT_THAT(server.requests().at(3), HasSubstr(header));
}

TEST(ClientBasic, EndsWithTheSecondRefusalAndHidesWhatItHadToKeepSecret) {
    const std::string echo = R"({"error":"invalid_client","error_description":"no )" +
                             crypto::base64_encode("the%20client:h0rse%3Abattery%2B") + " h0rse:battery+\"}";
    const test::ScriptedServer server({wants("Basic"), wants("Basic", echo), good});
    const Client client = client_of(server);
    const Facts facts = test::facts_of([&] { (void)ask(client); });
    EXPECT_EQ(facts.condition, "token.refused");
    EXPECT_EQ(facts.sentence, "the token endpoint 127.0.0.1 refused: invalid_client: no **** ****");
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST(ClientBasic, IsTriedNowhereElse) {
    const auto refused_once = [](const std::string& answer, auto&& change) {
        const test::ScriptedServer server({answer, good});
        Client client = client_of(server);
        change(client);
        const Facts facts = test::facts_of([&] { (void)ask(client); });
        EXPECT_EQ(facts.condition, "token.refused");
        EXPECT_EQ(server.requests().size(), 1U);
    };
    const auto as_it_is = [](Client&) {};
    refused_once(test::http("401 Unauthorized", unknown_client), as_it_is);
    refused_once(wants("Bearer realm=\"not Basic\""), as_it_is);
    refused_once(wants("Basics"), as_it_is);
    refused_once(wants("Basic", R"({"error":"invalid_grant"})"), as_it_is);
    refused_once(test::http("400 Bad Request", unknown_client, "WWW-Authenticate: Basic\r\n"), as_it_is);
    refused_once(wants("Basic"), [](Client& client) { client.secret.reset(); });
    refused_once(wants("Basic"), [](Client& client) { client.provider = Provider::google; });
    refused_once(wants("Basic"), [](Client& client) { client.provider = Provider::microsoft; });
}

}  // namespace
}  // namespace mailsend::oauth
