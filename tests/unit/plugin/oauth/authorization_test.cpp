#include "oauth/authorization.hpp"

#include <gmock/gmock.h>

#include "answers.hpp"
#include "crypto/base64url.hpp"
#include "crypto/digest.hpp"
#include "scripted_server.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Client client_of(Provider provider) {
    Client client;
    client.provider = provider;
    client.id = "the client";
    client.endpoints.authorize = "https://accounts.example.test/auth";
    client.endpoints.token = "http://127.0.0.1:1/never-asked";
    return client;
}

AuthorizationTerms terms() {
    return {"http://127.0.0.1:48888/callback", {"mail", "offline_access"}, "mailbox@example.test", true};
}

/// Parameters of a URL's query, as they stand in it.
std::map<std::string, std::string> query_of(const std::string& url) {
    std::map<std::string, std::string> out;
    std::string rest = url.substr(url.find('?') + 1);
    while (!rest.empty()) {
        const std::string pair = rest.substr(0, rest.find('&'));
        rest.erase(0, pair.size() + 1);
        EXPECT_TRUE(out.emplace(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1)).second);
    }
    return out;
}

/// What the query holds besides what is in every one.
std::map<std::string, std::string> special(const Client& client, const AuthorizationTerms& asked) {
    auto query = query_of(Authorization(client, asked).url());
    for (const char* name : {"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge",
                             "code_challenge_method", "login_hint"})
        EXPECT_EQ(query.erase(name), 1U) << name;
    return query;
}

RedirectParameters came(const std::map<std::string, std::string>& parameters) {
    RedirectParameters made;
    for (const auto& [name, value] : parameters) made.emplace(name, wfc::SecretString(value));
    return made;
}

Facts refusal(const Client& client, const Authorization& authorization,
              const std::map<std::string, std::string>& parameters) {
    return test::facts_of([&] {
        (void)authorization.redeem(came(parameters), net::HttpTerms(), client, test::now_unix_ms,
                                   test::Minute().patience());
    });
}

TEST(AuthorizationUrl, AsksForACodeThatOnlyThisObjectCanRedeem) {
    const Authorization authorization(client_of(Provider::custom), terms());
    EXPECT_THAT(authorization.url(), StartsWith("https://accounts.example.test/auth?"));
    const auto query = query_of(authorization.url());
    EXPECT_EQ(query.at("response_type"), "code");
    EXPECT_EQ(query.at("client_id"), "the%20client");
    EXPECT_EQ(query.at("redirect_uri"), "http%3A%2F%2F127.0.0.1%3A48888%2Fcallback");
    EXPECT_EQ(query.at("scope"), "mail%20offline_access");
    EXPECT_EQ(query.at("login_hint"), "mailbox%40example.test");
    EXPECT_EQ(query.at("code_challenge_method"), "S256");
    EXPECT_EQ(query.at("code_challenge").size(), 43U);
    EXPECT_EQ(query.at("state"), authorization.state());
    EXPECT_EQ(authorization.state().size(), 43U);

    const auto other = query_of(Authorization(client_of(Provider::custom), terms()).url());
    EXPECT_NE(other.at("state"), query.at("state"));
    EXPECT_NE(other.at("code_challenge"), query.at("code_challenge"));
}

TEST(AuthorizationUrl, KeepsTheQueryThatTheEndpointHas) {
    Client client = client_of(Provider::custom);
    client.endpoints.authorize += "?policy=b2c";
    EXPECT_THAT(Authorization(client, terms()).url(),
                StartsWith("https://accounts.example.test/auth?policy=b2c&response_type=code&"));
}

TEST(AuthorizationUrl, AsksEachProviderForARefreshTokenInItsOwnWay) {
    using Query = std::map<std::string, std::string>;
    AuthorizationTerms asked = terms();
    EXPECT_EQ(special(client_of(Provider::google), asked),
              (Query{{"access_type", "offline"}, {"prompt", "consent"}}));
    EXPECT_EQ(special(client_of(Provider::microsoft), asked), (Query{{"response_mode", "query"}}));
    EXPECT_EQ(special(client_of(Provider::custom), asked), (Query{{"prompt", "consent"}}));
    asked.ask_consent = false;
    EXPECT_EQ(special(client_of(Provider::google), asked), (Query{{"access_type", "offline"}}));
    EXPECT_EQ(special(client_of(Provider::custom), asked), Query{});
    asked.ask_consent = true;
    asked.scopes = {"mail"};
    EXPECT_EQ(special(client_of(Provider::custom), asked), Query{});
}

TEST(Authorization, TradesTheCodeWithItsVerifier) {
    const test::ScriptedServer server({test::http(
        "200 OK", R"({"access_token":"at","token_type":"Bearer","refresh_token":"rt","scope":"mail"})")});
    Client client = client_of(Provider::custom);
    client.endpoints.token = server.url();
    client.secret.emplace("h0rse");
    const Authorization authorization(client, terms());
    const TokenAnswer tokens = authorization.redeem(
        came({{"code", "4/0a b"}, {"state", authorization.state()}, {"session_state", "x"}}),
        net::HttpTerms(), client, test::now_unix_ms, test::Minute().patience());
    EXPECT_EQ(tokens.access_token.reveal(), "at");
    EXPECT_EQ(tokens.refresh_token.reveal(), "rt");
    ASSERT_TRUE(tokens.scopes);
    EXPECT_THAT(*tokens.scopes, ::testing::ElementsAre("mail"))
        << "whether that is enough is for others to say";

    auto form = query_of("?" + server.form());
    const std::string verifier = form["code_verifier"];
    EXPECT_EQ(verifier.size(), 43U);
    const auto digest = crypto::sha256(verifier);
    EXPECT_EQ(query_of(authorization.url()).at("code_challenge"),
              crypto::base64url_encode({reinterpret_cast<const char*>(digest.data()), digest.size()}));
    form.erase("code_verifier");
    EXPECT_EQ(form, (std::map<std::string, std::string>{
                        {"grant_type", "authorization_code"},
                        {"code", "4%2F0a%20b"},
                        {"redirect_uri", "http%3A%2F%2F127.0.0.1%3A48888%2Fcallback"},
                        {"client_id", "the%20client"},
                        {"client_secret", "h0rse"}}));
}

TEST(Authorization, TellsWhatTheSignInPageRefused) {
    const Client client = client_of(Provider::microsoft);
    const Authorization authorization(client, terms());
    for (const char* error :
         {"invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type",
          "invalid_scope", "login_required", "consent_required", "interaction_required",
          "admin_policy_enforced", "org_internal"}) {
        const Facts facts = refusal(
            client, authorization,
            {{"error", error},
             {"error_description", "AADSTS65004: User declined.\r\nTrace ID: t-1\r\nCorrelation ID: c-1"},
             {"error_uri", "https://login.example.test/error?code=65004"},
             {"state", authorization.state()}});
        EXPECT_EQ(facts.condition, "token.refused");
        EXPECT_EQ(facts.sentence, "the sign-in at accounts.example.test refused: " + std::string(error) +
                                      ": AADSTS65004: User declined");
        EXPECT_EQ(test::detail(facts, "endpoint"), "authorize");
        EXPECT_EQ(test::detail(facts, "oauth_error"), error);
        EXPECT_EQ(test::detail(facts, "aadsts"), "65004");
        EXPECT_EQ(test::detail(facts, "trace_id"), "t-1");
        EXPECT_EQ(test::detail(facts, "correlation_id"), "c-1");
        EXPECT_EQ(test::detail(facts, "oauth_uri"), "https://login.example.test/error?code=65004");
        EXPECT_EQ(test::detail(facts, "http_status"), "(none)");
    }
    for (const char* error : {"server_error", "temporarily_unavailable"})
        EXPECT_EQ(refusal(client, authorization, {{"error", error}}).condition, "token.unavailable")
            << "some servers leave the state out of an error";
}

TEST(Authorization, TakesNoAnswerToAnotherSignIn) {
    const Client client = client_of(Provider::custom);
    const Authorization authorization(client, terms());
    const std::string state = authorization.state();
    const std::map<std::string, std::string> cases[] = {
        {{"code", "t0psecret-code"}},
        {{"code", "t0psecret-code"}, {"state", ""}},
        {{"code", "t0psecret-code"}, {"state", state + "x"}},
        {{"code", "t0psecret-code"}, {"state", state.substr(1)}},
        {{"error", "access_denied"}, {"state", "another"}},
        {},
    };
    for (const auto& parameters : cases) {
        const Facts facts = refusal(client, authorization, parameters);
        EXPECT_EQ(facts.condition, "token.state");
        EXPECT_THAT(facts.sentence, Not(HasSubstr("t0psecret")));
        EXPECT_THAT(facts.sentence, Not(HasSubstr(state)));
    }
}

TEST(Authorization, NeedsACode) {
    const Client client = client_of(Provider::custom);
    const Authorization authorization(client, terms());
    for (const auto& parameters : {std::map<std::string, std::string>{{"state", authorization.state()}},
                                   {{"state", authorization.state()}, {"code", ""}}}) {
        const Facts facts = refusal(client, authorization, parameters);
        EXPECT_EQ(facts.condition, "token.no_code");
        EXPECT_EQ(facts.sentence, "the sign-in at accounts.example.test came back without a code");
    }
}

/// The condition with which a redirect that names `issuer` ends; token.no_code where the issuer is no matter.
std::string condition_with(Provider provider, const std::string& expected, const std::string& issuer) {
    Client client = client_of(provider);
    client.endpoints.issuer = expected;
    const Authorization authorization(client, terms());
    std::map<std::string, std::string> parameters = {{"state", authorization.state()}};
    if (!issuer.empty()) parameters["iss"] = issuer;
    return refusal(client, authorization, parameters).condition;
}

TEST(Authorization, ComparesTheIssuerWhereItKnowsOne) {
    const char* const ours = "https://issuer.example.test";
    const char* const evil = "https://evil.example.test";
    EXPECT_EQ(condition_with(Provider::custom, ours, ours), "token.no_code");
    EXPECT_EQ(condition_with(Provider::custom, ours, evil), "token.issuer");
    EXPECT_EQ(condition_with(Provider::custom, ours, std::string(ours) + "/"), "token.issuer");
    EXPECT_EQ(condition_with(Provider::custom, ours, ""), "token.issuer");
    EXPECT_EQ(condition_with(Provider::custom, "", evil), "token.no_code");

    EXPECT_EQ(condition_with(Provider::google, "", "https://accounts.google.com"), "token.no_code");
    EXPECT_EQ(condition_with(Provider::google, "", ""), "token.no_code");
    EXPECT_EQ(condition_with(Provider::google, "", evil), "token.issuer");

    EXPECT_EQ(condition_with(Provider::microsoft, "", "https://login.microsoftonline.com/0000/v2.0"),
              "token.no_code");
    EXPECT_EQ(condition_with(Provider::microsoft, ours, ""), "token.no_code");
    EXPECT_EQ(condition_with(Provider::microsoft, ours, evil), "token.issuer");
}

TEST(Authorization, SendsNoCodeToAnybodyWhenTheIssuerIsAnother) {
    const test::ScriptedServer server({});
    Client client = client_of(Provider::google);
    client.endpoints.token = server.url();
    const Authorization authorization(client, terms());
    const Facts facts = refusal(
        client, authorization,
        {{"state", authorization.state()}, {"code", "4/0c0de"}, {"iss", "https://evil.example.test"}});
    EXPECT_EQ(facts.sentence,
              "the answer of the sign-in at accounts.example.test names the issuer https://evil.example.test "
              "instead of "
              "https://accounts.google.com");
    EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace mailsend::oauth
