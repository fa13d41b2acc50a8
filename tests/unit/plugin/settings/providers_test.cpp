#include "settings/providers.hpp"

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <set>

#include "settings/host_names.hpp"
#include "settings/settings.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;

json document() {
    std::ifstream file(SOURCE_DIR "/manifests/providers.json");
    return json::parse(file);
}

ServerSettings server(const json& members) {
    return parse_settings(json{{"server", members}}.dump()).server;
}

/// What the settings name for a provider when nothing but what is needed is written.
json least(const Provider& provider) {
    json out{{"kind", "preset"}, {"provider", provider.id}};
    if (!provider.account_suffix().empty()) out["account_host"] = provider.account_example;
    return out;
}

std::string refusal(const std::string& text) {
    try {
        parse_providers(text);
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.status(), WFC_INTERNAL);
        return problem.what();
    }
    return "accepted";
}

TEST(Providers, AreManyAndNamedOnce) {
    EXPECT_GE(providers().size(), 45u);
    std::set<std::string> ids;
    for (const Provider& provider : providers()) EXPECT_TRUE(ids.insert(provider.id).second) << provider.id;
    for (const char* id : {"gmail", "gmail-relay", "microsoft365", "outlook", "sendgrid", "aliyun-directmail",
                           "ses", "yahoo", "yahoo-jp", "icloud", "sakura", "xserver"}) {
        ASSERT_NE(find_provider(id), nullptr) << id;
        EXPECT_EQ(find_provider(id)->id, id);
    }
    EXPECT_EQ(find_provider("gmial"), nullptr);
    EXPECT_EQ(find_provider(""), nullptr);
}

TEST(Providers, KnowWhatAnAccountMaySend) {
    const ProviderLimits& microsoft = find_provider("microsoft365")->limits;
    EXPECT_EQ(microsoft.messages_per_minute, 30u);
    EXPECT_EQ(microsoft.connections, 3u);
    EXPECT_EQ(microsoft.recipients_per_day, 10'000u);
    EXPECT_EQ(microsoft.recipients_per_message, 500u);
    EXPECT_FALSE(microsoft.messages_per_day);
    EXPECT_EQ(find_provider("gmail")->limits.messages_per_day, 500u);
    EXPECT_EQ(find_provider("gmail")->limits.recipients_per_message, 100u);
    EXPECT_EQ(find_provider("gmail")->limits.message_bytes, 35'882'577u);
    EXPECT_EQ(find_provider("ses")->limits.recipients_per_message, 50u);
    EXPECT_FALSE(find_provider("gmail-relay")->limits.messages_per_day);
}

TEST(Providers, RefuseLimitsThatAreNone) {
    for (const json& limit : {json(0), json(-1), json(1.5), json("30"), json(4'294'967'296)}) {
        json changed = document();
        changed["providers"][0]["limits"] = {{"messages_per_minute", limit}};
        EXPECT_EQ(refusal(changed.dump()),
                  "/providers/0/limits/messages_per_minute must be a whole number of at least 1");
    }
    json changed = document();
    changed["providers"][0]["limits"] = {{"messages_per_hour", 1}};
    EXPECT_NE(refusal(changed.dump()).find("is not a known member"), std::string::npos);
}

TEST(Providers, LeadToAHostWithEveryRegionAndSubmission) {
    for (const Provider& provider : providers()) {
        SCOPED_TRACE(provider.id);
        const ServerSettings usual = server(least(provider));
        EXPECT_EQ(usual.provider, provider.id);
        EXPECT_EQ(usual.port, provider.submissions.front().port);
        std::set<std::string> regions{""};
        for (const auto& each : provider.regions) regions.insert(each.first);
        for (const std::string& region : regions) {
            for (const Submission& submission : provider.submissions) {
                json members = least(provider);
                if (!region.empty()) members["region"] = region;
                members["submission"] = std::to_string(submission.port);
                const ServerSettings chosen = server(members);
                members["submission"] = submission.port;
                EXPECT_EQ(server(members).port, submission.port);
                EXPECT_EQ(chosen.port, submission.port);
                EXPECT_EQ(chosen.effective_security(), submission.security);
                EXPECT_NE(chosen.security, Security::none);
                EXPECT_NE(chosen.security, Security::automatic);
                EXPECT_EQ(host_name(chosen.host), chosen.host);
                EXPECT_THAT(chosen.host, HasSubstr("."));
                EXPECT_EQ(chosen.host.find_first_of("{}"), std::string::npos) << chosen.host;
                EXPECT_EQ(provider_of_host(chosen.host), &provider) << chosen.host;
            }
        }
    }
}

TEST(Providers, SayInTheirFileWhatAChoiceWritesAndLocks) {
    const json all = document()["providers"];
    ASSERT_EQ(all.size(), providers().size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Provider& provider = providers()[i];
        SCOPED_TRACE(provider.id);
        json writes = json::object();
        if (provider.auth.size() == 1) writes["/auth/method"] = provider.auth.front();
        const json user_name = all[i]["user_name"];
        if (user_name.contains("value")) writes["/auth/username"] = user_name["value"];
        const std::string page = all[i].value("/oauth/authorize"_json_pointer, "");
        if (page.find("//accounts.google.com/") != std::string::npos) writes["/auth/provider"] = "google";
        if (page.find("//login.microsoftonline.com/") != std::string::npos)
            writes["/auth/provider"] = "microsoft";
        const bool signs_in =
            std::find(provider.auth.begin(), provider.auth.end(), "oauth2") != provider.auth.end();
        if (signs_in && !writes.contains("/auth/provider")) writes["/auth/provider"] = "custom";
        EXPECT_EQ(all[i].value("writes", json::object()), writes);
        const bool literal = provider.user_name == UserNameForm::literal;
        EXPECT_EQ(all[i].value("locks", json::array()),
                  literal ? json::array({"/auth/username"}) : json::array());
    }
}

TEST(Providers, SayInTheirFileWhatPanelsShowAndNoSettingsHold) {
    const json shows = document()["shows"];
    EXPECT_EQ(shows, (json{{"/server/host", "host"},
                           {"/server/port", "submissions/port"},
                           {"/server/security", "submissions/security"}}));
    for (const auto& [pointer, source] : shows.items()) {
        json settings{{"server", {{"kind", "preset"}, {"provider", "ses"}}}};
        settings[json::json_pointer(pointer)] = "x";
        try {
            parse_settings(settings.dump());
            ADD_FAILURE() << pointer << " was taken";
        } catch (const wfc::Problem& problem) {
            EXPECT_EQ(problem.pointer(), pointer);
            EXPECT_THAT(problem.what(), HasSubstr("what a preset fills in"));
        }
    }
}

TEST(Providers, SayInTheirFileWhatMayBeChosenOnceAPresetIs) {
    const json offers = document()["offers"];
    EXPECT_EQ(offers, (json{{"/server/region", "regions"},
                            {"/server/account_host", "account_host"},
                            {"/server/submission", "submissions/port"},
                            {"/auth/method", "auth"}}));
    const json hints = document()["hints"];
    for (const auto& [pointer, member] : hints.items()) {
        const json::json_pointer place("/" + member.get<std::string>());
        const json rows = document()["providers"];
        EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [&](const json& row) {
            return row.contains(place);
        })) << pointer;
    }
}

TEST(Providers, OfTheTableAreReadAsTheyStand) {
    const Provider& gmail = *find_provider("gmail");
    EXPECT_TRUE(gmail.app_password);
    EXPECT_TRUE(gmail.spaces_in_app_password);
    EXPECT_EQ(gmail.user_name, UserNameForm::full_address);
    EXPECT_THAT(gmail.auth, Contains("oauth2"));
    EXPECT_EQ(find_provider("sendgrid")->user_name_literal, "apikey");
    EXPECT_EQ(find_provider("yahoo-jp")->user_name, UserNameForm::local_part);
    EXPECT_EQ(find_provider("sparkpost")->user_name, UserNameForm::any);  // options may follow the word
    EXPECT_EQ(find_provider("mailtrap")->user_name, UserNameForm::any);
    EXPECT_GE(find_provider("ses")->regions.size(), 19u);
    EXPECT_EQ(server({{"kind", "preset"}, {"provider", "ses"}, {"region", "ap-northeast-1"}}).host,
              "email-smtp.ap-northeast-1.amazonaws.com");
    EXPECT_EQ(server({{"kind", "preset"}, {"provider", "mailgun"}, {"region", "eu"}}).host,
              "smtp.eu.mailgun.org");
    EXPECT_EQ(server({{"kind", "preset"}, {"provider", "zoho"}, {"region", "jp"}}).host, "smtp.zoho.jp");
}

// Amazon's own guide names these as without a server for SMTP; more may lack one or have got one since.
TEST(Providers, NameNoRegionOfSesWithoutAServer) {
    for (const char* region : {"af-south-1", "ap-southeast-3", "eu-south-1", "il-central-1", "me-south-1"})
        EXPECT_FALSE(find_provider("ses")->regions.contains(region)) << region;
}

// The nearest one may lie on another continent, and mail with it.
TEST(Providers, GuessNoRegion) {
    for (const char* region : {"eu-wset-1", "ap-south-2", "US-EAST-1", "us-east-l", "ca-west-1"}) {
        SCOPED_TRACE(region);
        try {
            server({{"kind", "preset"}, {"provider", "ses"}, {"region", region}});
            ADD_FAILURE() << "was taken";
        } catch (const wfc::Problem& problem) {
            EXPECT_THAT(problem.what(), HasSubstr("choose the kind \"custom\""));
            EXPECT_THAT(problem.what(), testing::Not(HasSubstr("did you mean")));
        }
    }
}

TEST(Providers, AreKnownByTheirHosts) {
    const auto id = [](std::string_view host) {
        const Provider* provider = provider_of_host(host);
        return provider == nullptr ? std::string() : provider->id;
    };
    EXPECT_EQ(id("smtp.gmail.com"), "gmail");
    EXPECT_EQ(id("SMTP.GMail.com."), "gmail");
    EXPECT_EQ(id("smtp.googlemail.com"), "gmail");
    EXPECT_EQ(id("smtp-relay.gmail.com"), "gmail-relay");
    EXPECT_EQ(id("smtp.office365.com"), "microsoft365");
    EXPECT_EQ(id("smtp-mail.outlook.com"), "outlook");
    EXPECT_EQ(id("email-smtp.eu-west-1.amazonaws.com"), "ses");
    EXPECT_EQ(id("sv99.xserver.jp"), "xserver");
    EXPECT_EQ(id("www1234.sakura.ne.jp"), "sakura");
    for (const char* other : {"", ".", "xserver.jp", ".xserver.jp", "gmail.com", "evilsmtp.gmail.com",
                              "smtp.gmail.com.example.test", "mail.example.test", "192.0.2.1"}) {
        EXPECT_EQ(id(other), "") << other;
    }
}

TEST(Providers, ShareNoHost) {
    std::set<std::string> hosts;
    for (const Provider& provider : providers()) {
        for (const std::string& host : provider.hosts) EXPECT_TRUE(hosts.insert(host).second) << host;
    }
}

TEST(AnAccountsHost, IsItsLabelOrTheWholeName) {
    const Provider& xserver = *find_provider("xserver");
    for (const char* written :
         {"sv1234", "SV1234", "sv1234.xserver.jp", "sv1234.xserver.jp.", "Sv1234.XServer.JP"}) {
        EXPECT_EQ(account_label(xserver, written).value_or("none"), "sv1234") << written;
        EXPECT_EQ(server({{"kind", "preset"}, {"provider", "xserver"}, {"account_host", written}}).host,
                  "sv1234.xserver.jp");
    }
    for (const char* written :
         {"", ".", ".xserver.jp", "a.b", "a.b.xserver.jp", "sv1234.xserver.jp.evil.test", "sv1234.", "-a",
          "a-", "a b", "a_b", "日本", "192.0.2.1", "[::1]", "sv1.xserver.jp..", "{region}"}) {
        EXPECT_FALSE(account_label(xserver, written)) << written;
    }
    EXPECT_FALSE(account_label(xserver, std::string(64, 'a')));
    EXPECT_TRUE(account_label(xserver, std::string(63, 'a')));
    EXPECT_FALSE(account_label(*find_provider("gmail"), "alice"));
}

TEST(TheFileOfProviders, IsReadStrictly) {
    const json good = document();
    const auto with = [&](const char* pointer, const json& value) {
        json changed = good;
        changed[json::json_pointer(pointer)] = value;
        return refusal(changed.dump());
    };
    EXPECT_EQ(refusal(good.dump()), "accepted");
    EXPECT_THAT(refusal(""), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal("[]"), HasSubstr("must be an object"));
    EXPECT_THAT(refusal(std::string(2 << 20, ' ')), HasSubstr("larger than 1 MiB"));
    EXPECT_THAT(refusal(R"({"format":1})"), HasSubstr("/providers is missing"));
    EXPECT_THAT(with("/format", 2), HasSubstr("/format must be 1"));
    EXPECT_THAT(with("/provider", 2), HasSubstr("did you mean \"providers\"?"));
    EXPECT_THAT(with("/providers/1/id", good["providers"][0]["id"]),
                HasSubstr("/providers/1/id stands twice"));
    EXPECT_THAT(with("/providers/0/prot", 1), HasSubstr("/providers/0/prot is not a known member"));
    EXPECT_THAT(with("/providers/0/name", "Gmail"), HasSubstr("/providers/0/name must be an object"));
    EXPECT_THAT(with("/providers/0/submissions", json::array()), HasSubstr("must name a port"));
    EXPECT_THAT(with("/providers/0/submissions/0/port", 65536), HasSubstr("between 1 and 65535"));
    EXPECT_THAT(with("/providers/0/submissions/0/security", "tls"), HasSubstr("must be one of"));
    EXPECT_THAT(with("/providers/0/user_name/form", "literal"), HasSubstr("/user_name/value is missing"));
    EXPECT_THAT(with("/providers/0/host", "{region}"), HasSubstr("/default_region must be one of"));
    EXPECT_THAT(with("/providers/0/host", "{account_host}.example.test"),
                HasSubstr("/account_host belongs to"));
    EXPECT_THAT(with("/providers/0/auth", "password"), HasSubstr("/auth must be a list"));
    EXPECT_THAT(with("/providers/0/fills", json::object()), HasSubstr("/fills is not a known member"));
}

}  // namespace
}  // namespace mailsend
