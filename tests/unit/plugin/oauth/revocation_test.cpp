#include "oauth/revocation.hpp"

#include <gmock/gmock.h>

#include "answers.hpp"
#include "scripted_server.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Client client_at(const std::string& url, Provider provider = Provider::custom) {
    Client client;
    client.provider = provider;
    client.id = "client";
    client.secret.emplace("h0rse-battery");
    client.endpoints.revoke = url;
    client.endpoints.token = "https://oauth2.example.test/token";
    return client;
}

void ask(const Client& client) {
    revoke(net::HttpTerms(), client, wfc::SecretString("1//refresh-token"), test::now_unix_ms,
           test::Minute().patience());
}

TEST(Revocation, IsPossibleWhereThereIsAPlaceForIt) {
    EXPECT_TRUE(can_revoke(client_at("https://example.test/revoke")));
    EXPECT_TRUE(can_revoke(client_at("https://example.test/revoke", Provider::google)));
    EXPECT_FALSE(can_revoke(client_at("")));
    EXPECT_FALSE(can_revoke(client_at("https://example.test/revoke", Provider::microsoft)));
}

TEST(Revocation, SendsTheTokenAndToOthersThanGoogleTheClient) {
    const test::ScriptedServer server({test::http("200 OK", ""), test::http("200 OK", "{}")});
    ask(client_at(server.url("/revoke"), Provider::google));
    ask(client_at(server.url("/revoke")));
    EXPECT_EQ(server.form(0), "token=1%2F%2Frefresh-token");
    EXPECT_EQ(server.form(1), "token=1%2F%2Frefresh-token&client_id=client&client_secret=h0rse-battery");
    EXPECT_THAT(server.requests().at(0), HasSubstr("POST /revoke HTTP/1.1\r\n"));
}

TEST(Revocation, OfATokenThatTheServerNoLongerKnowsIsDone) {
    const test::ScriptedServer server({test::http(
        "400 Bad Request", R"({"error":"invalid_token","error_description":"Token expired or revoked"})")});
    ask(client_at(server.url("/revoke"), Provider::google));
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Revocation, ThatIsRefusedSaysSo) {
    const test::ScriptedServer server({
        test::http("400 Bad Request",
                   R"({"error":"unsupported_token_type","error_description":"1//refresh-token"})"),
        test::http("401 Unauthorized", R"({"error":"invalid_client"})"),
        test::http("503 Service Unavailable", "", "Retry-After: 7\r\n"),
        test::http("302 Found", "", "Location: https://other.example.test/\r\n"),
        "",
    });
    const Client client = client_at(server.url("/revoke"));
    for (const char* condition :
         {"token.refused", "token.refused", "token.unavailable", "token.redirected", "http.closed"}) {
        const Facts facts = test::facts_of([&] { ask(client); });
        EXPECT_EQ(facts.condition, condition);
        EXPECT_EQ(facts.stage, Stage::token);
        EXPECT_EQ(test::detail(facts, "endpoint"), "revoke");
        EXPECT_THAT(facts.sentence, HasSubstr("the revocation endpoint 127.0.0.1 "));
        EXPECT_THAT(facts.sentence, Not(HasSubstr("refresh-token")));
    }
}

}  // namespace
}  // namespace mailsend::oauth
