#include "settings/settings.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <stdexcept>

#include "wfc/json.hpp"

namespace mailsend {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// The settings with a server and `more` members, each with a comma in front.
std::string with(const std::string& more, const std::string& server = "") {
    return R"({"server":{"kind":"custom","host":"mail.example.test")" + server + "}" + more + "}";
}

wfc::Problem refusal(const std::string& document) {
    try {
        parse_settings(document);
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INVALID_SETTINGS);
        return problem;
    }
    ADD_FAILURE() << "was accepted";
    return {WFC_OK, "", ""};
}

TEST(Settings, HaveTheDefaultsOfTheContract) {
    const Settings settings = parse_settings(with(""));
    EXPECT_EQ(settings.server.host, "mail.example.test");
    EXPECT_EQ(settings.server.port, 587);
    EXPECT_EQ(settings.server.security, Security::automatic);
    EXPECT_FALSE(settings.auth);
    EXPECT_FALSE(settings.from);
    ASSERT_TRUE(settings.message);
    EXPECT_EQ(*settings.message, nlohmann::json::object());
    EXPECT_EQ(settings.timeouts.connect, 10s);
    EXPECT_EQ(settings.timeouts.greeting, 30s);
    EXPECT_EQ(settings.timeouts.command, 60s);
    EXPECT_EQ(settings.timeouts.data, 10min);
    EXPECT_EQ(settings.delivery.deadline, 5min);
    EXPECT_EQ(settings.delivery.on_partial, OnPartial::report);
    EXPECT_FALSE(settings.privacy.hide_addresses);
    EXPECT_EQ(settings.language, Language::en);
    EXPECT_FALSE(settings.tls.minimum_1_3);
    EXPECT_EQ(settings.tls.pin_sha256, "");
    EXPECT_FALSE(settings.tls.client_certificate);
    EXPECT_FALSE(settings.oauth);
    ASSERT_TRUE(settings.templates);
    EXPECT_EQ(*settings.templates, nlohmann::json::object());
    EXPECT_FALSE(settings.network.proxy);
    EXPECT_EQ(settings.network.source_address, "");
    EXPECT_FALSE(settings.delivery.max_connections);
    EXPECT_EQ(settings.delivery.messages_per_connection, 100u);
    EXPECT_EQ(settings.delivery.idle_timeout, 10s);
    EXPECT_TRUE(settings.delivery.pipelining);
    EXPECT_TRUE(settings.delivery.chunking);
    EXPECT_EQ(settings.delivery.in_flight, 8u);
    EXPECT_FALSE(settings.delivery.dsn);
    EXPECT_EQ(settings.delivery.attempts, 4u);
    EXPECT_TRUE(settings.delivery.ledger);
    EXPECT_EQ(settings.delivery.ledger_retention, 24h * 30);
    EXPECT_EQ(settings.delivery.on_unknown, OnUnknown::report);
    EXPECT_FALSE(settings.delivery.limits.messages_per_minute);
    EXPECT_FALSE(settings.delivery.limits.messages_per_day);
    EXPECT_FALSE(settings.delivery.limits.recipients_per_day);
    EXPECT_FALSE(settings.delivery.limits.recipients_per_message);
}

TEST(Settings, CarryEveryMember) {
    const Settings settings = parse_settings(with(
        R"(,"auth":{"method":"password","username":"alice","password":{"$secret":"office"},"mechanism":"LOGIN","allow_cleartext":true},
            "from":"Alice <alice@example.test>","message":{"subject":"s"},"tls":{"min_version":"1.3"},
            "templates":{"SignIn":{"text":"Code: {{code}}"}},
            "network":{"ehlo_name":"Host.Example.Test","name_servers":["127.0.0.1:5353"],
                       "proxy":"http://Proxy.Example.Test:8080","source_address":"2001:DB8::1"},
            "timeouts":{"connect":"1s","greeting":"2s","command":"3m","data":"1h"},
            "delivery":{"on_partial":"ignore","deadline":"750ms","max_connections":4,
             "messages_per_connection":20,"idle_timeout":"2m","pipelining":"off","chunking":"off","in_flight":3,"dsn":"on","attempts":7,"ledger":"off","ledger_retention":"90d","on_unknown":"resend",
             "limits":{"messages_per_minute":30,"messages_per_day":500,"recipients_per_day":1000,"recipients_per_message":50}},"privacy":{"hide_addresses":true},"language":"ja")",
        R"(,"port":"2525","security":"none")"));
    EXPECT_EQ(settings.server.port, 2525);
    EXPECT_EQ(settings.server.security, Security::none);
    ASSERT_TRUE(settings.auth);
    EXPECT_EQ(settings.auth->username, "alice");
    EXPECT_EQ(settings.auth->password.name, "office");
    EXPECT_EQ(settings.auth->mechanism, "LOGIN");
    EXPECT_TRUE(settings.auth->allow_cleartext);
    ASSERT_TRUE(settings.from);
    EXPECT_EQ(settings.from->display_name, "Alice");
    EXPECT_EQ(settings.from->address.wire(), "alice@example.test");
    EXPECT_EQ(settings.message->at("subject"), "s");
    EXPECT_EQ(settings.templates->at("SignIn").at("text"), "Code: {{code}}");
    EXPECT_TRUE(settings.tls.minimum_1_3);
    EXPECT_EQ(settings.network.ehlo_name, "host.example.test");
    EXPECT_THAT(settings.network.name_servers, testing::ElementsAre("127.0.0.1:5353"));
    ASSERT_TRUE(settings.network.proxy);
    EXPECT_EQ(settings.network.proxy->host, "proxy.example.test");
    EXPECT_EQ(settings.network.proxy->port, 8080);
    EXPECT_EQ(settings.network.source_address, "2001:db8::1");
    EXPECT_EQ(settings.timeouts.connect, 1s);
    EXPECT_EQ(settings.timeouts.greeting, 2s);
    EXPECT_EQ(settings.timeouts.command, 3min);
    EXPECT_EQ(settings.timeouts.data, 1h);
    EXPECT_EQ(settings.delivery.on_partial, OnPartial::ignore);
    EXPECT_EQ(settings.delivery.deadline, 750ms);
    EXPECT_EQ(settings.delivery.max_connections, 4u);
    EXPECT_EQ(settings.delivery.messages_per_connection, 20u);
    EXPECT_EQ(settings.delivery.idle_timeout, 2min);
    EXPECT_FALSE(settings.delivery.pipelining);
    EXPECT_FALSE(settings.delivery.chunking);
    EXPECT_EQ(settings.delivery.in_flight, 3u);
    EXPECT_TRUE(settings.delivery.dsn);
    EXPECT_EQ(settings.delivery.attempts, 7u);
    EXPECT_FALSE(settings.delivery.ledger);
    EXPECT_EQ(settings.delivery.ledger_retention, 24h * 90);
    EXPECT_EQ(settings.delivery.on_unknown, OnUnknown::resend);
    EXPECT_EQ(settings.delivery.limits.messages_per_minute, 30u);
    EXPECT_EQ(settings.delivery.limits.messages_per_day, 500u);
    EXPECT_EQ(settings.delivery.limits.recipients_per_day, 1000u);
    EXPECT_EQ(settings.delivery.limits.recipients_per_message, 50u);
    EXPECT_TRUE(settings.privacy.hide_addresses);
    EXPECT_EQ(settings.language, Language::ja);
}

TEST(Settings, KnowWhoSignsIn) {
    const auto user = [](const std::string& auth) {
        return parse_settings(with(R"(,"auth":{"method":)" + auth + "}")).user_name();
    };
    EXPECT_EQ(parse_settings(with("")).user_name(), "");
    EXPECT_EQ(user(R"("none")"), "");
    EXPECT_EQ(user(R"("password","username":"alice","password":{"$secret":"office"})"), "alice");
    EXPECT_EQ(user(R"("oauth2","provider":"google","grant":"access-token","username":"mailbox@example.test",
                      "access_token":{"$secret":"access"})"),
              "mailbox@example.test");
}

TEST(TlsSettings, CarryEveryMember) {
    const TlsSettings tls =
        parse_settings(with(R"(,"tls":{"ca_file":"ca.pem","client_certificate":{"$secret":"cert"},
        "pin_sha256":"0A:1b 0A:1B:0a:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B:0A:1B"})"))
            .tls;
    EXPECT_EQ(tls.ca_file, "ca.pem");
    ASSERT_TRUE(tls.client_certificate);
    EXPECT_EQ(tls.client_certificate->name, "cert");
    EXPECT_EQ(tls.pin_sha256, "0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b");
}

TEST(NetworkSettings, TakeTheUsualPortOfAProxyThatNamesNone) {
    const auto proxy = [](const std::string& url) {
        return parse_settings(with(R"(,"network":{"proxy":")" + url + "\"}"))
            .network.proxy.value_or(ProxySettings{{}, 0});
    };
    EXPECT_EQ(proxy("http://proxy.test").port, 3128);
    EXPECT_EQ(proxy("http://proxy.test/").port, 3128);
    EXPECT_EQ(proxy("http://[2001:DB8::1]:80").port, 80);
    EXPECT_EQ(proxy("http://[2001:DB8::1]:80").host, "2001:db8::1");
}

TEST(ServerSettings, ResolveAutomaticSecurityByThePort) {
    const auto security = [](const std::string& server) {
        return parse_settings(with("", server)).server.effective_security();
    };
    EXPECT_EQ(security(R"(,"port":465)"), Security::implicit_tls);
    EXPECT_EQ(security(R"(,"port":587)"), Security::starttls);
    EXPECT_EQ(security(R"(,"port":25)"), Security::starttls);
    EXPECT_EQ(security(R"(,"port":465,"security":"starttls")"), Security::starttls);
    EXPECT_EQ(security(R"(,"security":"none")"), Security::none);
}

TEST(ServerSettings, DefaultToThePortOfTheirSecurity) {
    EXPECT_EQ(parse_settings(with("", R"(,"security":"implicit-tls")")).server.port, 465);
    EXPECT_EQ(parse_settings(with("", R"(,"security":"starttls")")).server.port, 587);
    EXPECT_EQ(parse_settings(with("", R"(,"security":"implicit-tls","port":4650)")).server.port, 4650);
}

TEST(ServerSettings, GiveTheHostAsALabelsOrLiteral) {
    const auto host = [](const std::string& text) {
        return parse_settings(R"({"server":{"kind":"custom","host":")" + text + R"("}})").server.host;
    };
    EXPECT_EQ(host("Mail.Example.Test"), "mail.example.test");
    EXPECT_EQ(host("mail.example.test."), "mail.example.test");
    EXPECT_EQ(host("bücher.example"), "xn--bcher-kva.example");
    EXPECT_EQ(host("[2001:DB8::1]"), "2001:db8::1");
    EXPECT_EQ(host("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(host("Mail_Relay"), "mail_relay");
}

TEST(Settings, NeverRepeatAPasswordThatStandsInThem) {
    const auto auth = [](const std::string& members) {
        return with(R"(,"auth":{"method":"password","username":"alice",)" + members + "}");
    };
    for (const std::string& members :
         {std::string(R"("password":"hunter2")"), std::string(R"("password":["hunter2"])"),
          std::string(R"("password":{"$secret":"hunter2 "})"), std::string(R"("password":{"hunter2":1})"),
          std::string(R"("password":"hunter2)"), std::string(R"("password":hunter2)"),
          std::string(R"("pasword":"hunter2")")}) {
        const wfc::Problem problem = refusal(auth(members));
        EXPECT_THAT(problem.what(), Not(HasSubstr("hunter2")));
    }
    const wfc::Problem bare = refusal(auth(R"("password":"hunter2")"));
    EXPECT_THAT(bare.what(), HasSubstr("WFC_SECRET_<NAME>"));
    EXPECT_THAT(bare.what(), HasSubstr(R"({"$secret": "name"})"));
}

TEST(Settings, RefuseWhatIsNoJsonDocument) {
    EXPECT_THAT(refusal("").what(), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal("{").what(), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal(with("") + "x").what(), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal(with(",\"from\":\"\xff\"")).what(), HasSubstr("not valid JSON"));
    EXPECT_EQ(refusal(with(R"(,"language":"en","language":"ja")")).pointer(), "/language");
}

TEST(Settings, RefuseHugeAndDeepDocumentsAtOnce) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(refusal(std::string(100 << 20, ' ')).what(), HasSubstr("larger than 1 MiB"));
    EXPECT_THAT(refusal(std::string(10'000, '[')).what(), HasSubstr("deeper than 32"));
    EXPECT_THAT(refusal(with(R"(,"message":)" + std::string(40, '[') + std::string(40, ']'))).what(),
                HasSubstr("deeper than 32"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(Durations, AreBoundedAndNameTheirMember) {
    for (const char* text : {"0ms", "25h", "10", "1.5s"}) {
        const wfc::Problem problem =
            refusal(with(R"(,"timeouts":{"connect":")" + std::string(text) + R"("})"));
        EXPECT_EQ(problem.pointer(), "/timeouts/connect") << text;
    }
    EXPECT_EQ(parse_settings(with(R"(,"timeouts":{"connect":"24h"})")).timeouts.connect, 24h);
}

TEST(Examples, AreValidSettings) {
    std::ifstream file(SOURCE_DIR "/examples/settings/office.json");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    const Settings settings = parse_settings(document);
    EXPECT_EQ(settings.server.effective_security(), Security::starttls);
    ASSERT_TRUE(settings.auth);
    EXPECT_EQ(settings.auth->password.name, "office");
}

}  // namespace
}  // namespace mailsend
