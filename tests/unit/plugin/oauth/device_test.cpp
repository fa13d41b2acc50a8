#include "oauth/device.hpp"

#include <gmock/gmock.h>

#include "answers.hpp"
#include "scripted_server.hpp"

namespace mailsend::oauth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error(const std::string& name, const std::string& status = "400 Bad Request") {
    return test::http(status, R"({"error":")" + name + "\"}");
}
const std::string good = test::http("200 OK", R"({"access_token":"at","token_type":"Bearer"})");

Client client_at(const test::ScriptedServer& server) {
    Client client;
    client.provider = Provider::microsoft;
    client.id = "client";
    client.endpoints.device = server.url("/devicecode");
    client.endpoints.token = server.url("/token");
    return client;
}

DeviceCode ask(const test::ScriptedServer& server) {
    return ask_device_code(net::HttpTerms(), client_at(server), {"a", "offline_access"}, test::now_unix_ms,
                           test::Minute().patience());
}

std::string device_answer(const std::string& more) {
    return test::http("200 OK", R"({"device_code":"d-1","user_code":"ABCD-EFGH",)" + more + "}");
}

TEST(DeviceCode, IsAskedForWithTheClientAndItsScopes) {
    const test::ScriptedServer server({device_answer(
        R"("verification_uri":"https://example.test/device","verification_uri_complete":"https://example.test/device?c=ABCD",
        "expires_in":600,"interval":7,"message":"open the page")")});
    const DeviceCode code = ask(server);
    EXPECT_EQ(code.user_code, "ABCD-EFGH");
    EXPECT_EQ(code.device_code.reveal(), "d-1");
    EXPECT_EQ(code.verification_uri, "https://example.test/device");
    EXPECT_EQ(code.verification_uri_complete, "https://example.test/device?c=ABCD");
    EXPECT_EQ(code.expires_in_s, 600);
    EXPECT_EQ(code.interval_s, 7);
    EXPECT_EQ(server.form(), "scope=a%20offline_access&client_id=client");
    EXPECT_THAT(server.requests().at(0), HasSubstr("POST /devicecode "));
}

TEST(DeviceCode, HasTimesWhereTheServerNamesNoneOrAbsurdOnes) {
    const test::ScriptedServer server({
        device_answer(R"("verification_url":"https://example.test/device")"),
        device_answer(R"("verification_uri":"https://example.test/device","expires_in":"1e9","interval":0)"),
        device_answer(
            R"("verification_uri":"https://example.test/device","expires_in":999999999,"interval":999999)"),
    });
    const auto times = [&] {
        const DeviceCode code = ask(server);
        return std::pair(code.expires_in_s, code.interval_s);
    };
    EXPECT_EQ(times(), std::pair(std::int64_t{900}, std::int64_t{5}));
    EXPECT_EQ(times(), std::pair(std::int64_t{900}, std::int64_t{1}));
    EXPECT_EQ(times(), std::pair(std::int64_t{86'400}, std::int64_t{300}));
}

TEST(DeviceCode, ThatCannotBeShownToAPersonIsGarbage) {
    const std::vector<std::string> bodies = {
        "{}",
        "no JSON",
        R"({"user_code":"A","verification_uri":"https://example.test/"})",
        R"({"device_code":"d","verification_uri":"https://example.test/"})",
        R"({"device_code":"d","user_code":"A\u001b[2J","verification_uri":"https://example.test/"})",
        R"({"device_code":"d","user_code":"A"})",
        R"({"device_code":"d","user_code":"A","verification_uri":"javascript:alert"})",
        R"({"device_code":"d","user_code":"A","verification_uri":"https://example.test/ --flag"})",
        R"({"device_code":")" + std::string(5000, 'd') +
            R"(","user_code":"A","verification_uri":"https://example.test/"})",
    };
    std::vector<std::string> answers;
    for (const std::string& body : bodies) answers.push_back(test::http("200 OK", body));
    answers.push_back(test::http("204 No Content", ""));
    const test::ScriptedServer server(answers);
    for (std::size_t at = 0; at < answers.size(); ++at) {
        const Facts facts = test::facts_of([&] { (void)ask(server); });
        EXPECT_EQ(facts.condition, "token.garbage") << answers[at];
        EXPECT_EQ(test::detail(facts, "endpoint"), "device");
    }
}

TEST(DeviceCode, MayBeRefused) {
    const test::ScriptedServer server({test::http(
        "400 Bad Request", R"({"error":"invalid_client","error_description":"AADSTS7000218: no secret."})")});
    const Facts facts = test::facts_of([&] { (void)ask(server); });
    EXPECT_EQ(facts.condition, "token.refused");
    EXPECT_EQ(facts.sentence,
              "the device sign-in at 127.0.0.1 refused: invalid_client: AADSTS7000218: no secret");
    EXPECT_EQ(test::detail(facts, "aadsts"), "7000218");
    EXPECT_EQ(test::detail(facts, "endpoint"), "device");
}

/// Polling on a clock that runs with every look at it, so that waits are exact and over at once.
class Polling {
  public:
    explicit Polling(std::vector<std::string> answers)
        : server_(std::move(answers), [this] {
              const std::lock_guard lock(mutex_);
              asked_ms_.push_back(host_.now_ms());
          }) {
        host_.tick_per_reading(100);
    }

    TokenAnswer run(std::int64_t interval_s = 1, std::int64_t expires_in_s = 900,
                    std::function<bool()> cancelled = {}) {
        DeviceCode code;
        code.device_code.append("dev1ce-code");
        code.interval_s = interval_s;
        code.expires_in_s = expires_in_s;
        // The patience's clock stands five milliseconds before the deadline: no wait is longer.
        const net::Patience patience(wfc::Host(standing_.table()).clock(), std::move(cancelled),
                                     standing_.now_ms() + 5);
        return await_device(net::HttpTerms(), client_at(server_), code, wfc::Host(host_.table()).clock(),
                            patience);
    }
    Facts failure(std::int64_t interval_s = 1, std::int64_t expires_in_s = 900) {
        return test::facts_of([&] { (void)run(interval_s, expires_in_s); });
    }
    /// Whole seconds between the polls, the first counted from the beginning.
    std::vector<std::uint64_t> waits_s() const {
        const std::lock_guard lock(mutex_);
        std::vector<std::uint64_t> waits;
        std::uint64_t before = start_ms_;
        for (const std::uint64_t at : asked_ms_) {
            waits.push_back((at - before) / 1000);
            before = at;
        }
        return waits;
    }
    const test::ScriptedServer& server() const { return server_; }

  private:
    wfc::testhost::TestHost host_;
    wfc::testhost::TestHost standing_;
    std::uint64_t start_ms_ = host_.now_ms();
    mutable std::mutex mutex_;
    std::vector<std::uint64_t> asked_ms_;
    test::ScriptedServer server_;
};

TEST(DevicePolling, WaitsUntilThePersonHasAnswered) {
    Polling polling({error("authorization_pending"), error("authorization_pending"), good});
    EXPECT_EQ(polling.run().access_token.reveal(), "at");
    ASSERT_EQ(polling.server().requests().size(), 3U);
    for (std::size_t at = 0; at < 3; ++at) {
        EXPECT_EQ(polling.server().form(at),
                  "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=dev1ce-code"
                  "&client_id=client");
    }
    EXPECT_THAT(polling.waits_s(), ElementsAre(1, 1, 1));
}

TEST(DevicePolling, KnowsMicrosoftsWayOfSayingThatItIsPending) {
    Polling polling(
        {test::http(
             "400 Bad Request",
             R"({"error":"authorization_pending","error_description":"AADSTS70016: pending.","error_codes":[70016]})"),
         good});
    EXPECT_EQ(polling.run().access_token.reveal(), "at");
}

TEST(DevicePolling, SlowsDownForGoodWhenTold) {
    Polling polling({error("slow_down"), error("authorization_pending"), error("slow_down"), good});
    (void)polling.run();
    EXPECT_THAT(polling.waits_s(), ElementsAre(1, 6, 6, 11));
}

TEST(DevicePolling, DoublesItsIntervalWhereTheServerIsOutOfOrder) {
    Polling polling({test::http("503 Service Unavailable", ""), "", good});
    (void)polling.run();
    EXPECT_THAT(polling.waits_s(), ElementsAre(1, 2, 4));
}

TEST(DevicePolling, WaitsOnceAsLongAsAServerAsksFor) {
    Polling polling({test::http("429 Too Many Requests", "", "Retry-After: 9\r\n"),
                     error("authorization_pending"), good});
    (void)polling.run();
    EXPECT_THAT(polling.waits_s(), ElementsAre(1, 9, 2));
}

TEST(DevicePolling, EndsWithTheServersAnswer) {
    for (const char* name : {"access_denied", "authorization_declined", "expired_token",
                             "bad_verification_code", "invalid_client", "invalid_grant"}) {
        Polling polling({error(name)});
        const Facts facts = polling.failure();
        EXPECT_EQ(facts.condition, "token.refused") << name;
        EXPECT_EQ(test::detail(facts, "oauth_error"), name);
        EXPECT_EQ(test::detail(facts, "endpoint"), "device");
        EXPECT_EQ(polling.server().requests().size(), 1U);
    }
    EXPECT_EQ(Polling({test::http("200 OK", "{}")}).failure().condition, "token.garbage");
    EXPECT_EQ(Polling({test::http("302 Found", "")}).failure().condition, "token.redirected");
}

TEST(DevicePolling, EndsWhenTheCodeHasExpired) {
    Polling polling({error("authorization_pending"), error("authorization_pending"),
                     error("authorization_pending"), error("authorization_pending"),
                     error("authorization_pending")});
    const Facts facts = polling.failure(1, 5);
    EXPECT_EQ(facts.condition, "token.refused");
    EXPECT_EQ(test::detail(facts, "oauth_error"), "expired_token");
    EXPECT_EQ(facts.sentence, "nobody entered the code of the device sign-in at 127.0.0.1 within 5 s");
    EXPECT_LE(polling.server().requests().size(), 4U);

    Polling never({});
    EXPECT_EQ(test::detail(never.failure(5, 2), "oauth_error"), "expired_token");
    EXPECT_TRUE(never.server().requests().empty()) << "the code had expired before the first poll";
}

TEST(DevicePolling, EndsWhenTheHostCancels) {
    Polling polling({});
    int looks = 0;
    EXPECT_THROW((void)polling.run(300, 900, [&] { return ++looks > 2; }), Cancelled);
    EXPECT_TRUE(polling.server().requests().empty());
}

}  // namespace
}  // namespace mailsend::oauth
