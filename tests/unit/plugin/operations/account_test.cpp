#include "operations/account.hpp"

#include <gmock/gmock.h>

#include "outcome/failure.hpp"
#include "ready_call.hpp"

namespace {

using mailsend::Account;
using mailsend::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

wfc::Host view(const wfc::testhost::TestHost& host) {
    return wfc::Host(host.table());
}

TEST(Account, FetchesSecretsWhenTheyAreUsedAndNotBefore) {
    wfc::testhost::TestHost host;
    host.secret("p", "correct horse");
    const Account account(mailsend::parse_settings(test::settings_json), view(host));
    EXPECT_THAT(host.secrets_asked(), IsEmpty());
    account.route(test::patience(host));
    host.secret("p", "changed since");
    account.route(test::patience(host));
    EXPECT_THAT(host.secrets_asked(), ElementsAre("p", "p"));
}

TEST(Account, NamesTheSecretThatTheHostLacks) {
    const wfc::testhost::TestHost host;
    const Account account(mailsend::parse_settings(test::settings_json), view(host));
    const auto problem = test::problem_of([&] { account.route(test::patience(host)); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->status(), WFC_INVALID_SETTINGS);
    EXPECT_EQ(problem->pointer(), "/auth/password");
}

TEST(Account, TellsABrokenSecretStoreFromAMissingSecret) {
    wfc::testhost::TestHost host;
    host.secret_status("p", WFC_UNAVAILABLE);
    const Account account(mailsend::parse_settings(test::settings_json), view(host));
    try {
        account.route(test::patience(host));
        FAIL() << "a route without a password";
    } catch (const mailsend::Failure& failure) {
        EXPECT_EQ(failure.facts().condition, "host.secrets");
        EXPECT_EQ(failure.facts().stage, mailsend::Stage::host);
    }
}

/// A route of settings that are the usual ones but for `change`.
template <class Change>
mailsend::delivery::Route route_with(wfc::testhost::TestHost& host, Change change) {
    host.secret("p", "abcd efgh ijkl mnop");
    auto settings = mailsend::parse_settings(test::settings_json);
    change(settings);
    const Account account(std::move(settings), view(host));
    auto route = account.route(test::patience(host));
    route.trust = nullptr;  // it would outlive the account
    return route;
}

TEST(Account, HandsTheNetworksSettingsToItsRoute) {
    wfc::testhost::TestHost host;
    const auto route = route_with(host, [](mailsend::Settings& settings) {
        settings.network.ehlo_name = "flow.example.test";
        settings.network.source_address = "127.0.0.9";
        settings.network.name_servers = {"127.0.0.1:5353"};
        settings.network.proxy = mailsend::ProxySettings{"proxy.example.test", 8080};
        settings.timeouts = {std::chrono::milliseconds(1), std::chrono::milliseconds(2),
                             std::chrono::milliseconds(3), std::chrono::milliseconds(4)};
    });
    EXPECT_EQ(route.ehlo_name, "flow.example.test");
    EXPECT_EQ(route.endpoint.host, "mail.example.test");
    EXPECT_EQ(route.endpoint.source_address, "127.0.0.9");
    ASSERT_TRUE(route.proxy);
    EXPECT_EQ(route.proxy->host, "proxy.example.test");
    EXPECT_EQ(route.proxy->port, 8080);
    EXPECT_EQ(route.proxy->source_address, "127.0.0.9");
    EXPECT_THAT(route.proxy->name_servers, ElementsAre("127.0.0.1:5353"));
    EXPECT_EQ(route.timeouts.connect, 1U);
    EXPECT_EQ(route.timeouts.greeting, 2U);
    EXPECT_EQ(route.timeouts.command, 3U);
    EXPECT_EQ(route.timeouts.data, 4U);
}

TEST(Account, KnowsTheProviderByPresetOrByHostName) {
    wfc::testhost::TestHost host;
    const auto provider = [&](const char* preset, const char* name) {
        return route_with(host,
                          [&](mailsend::Settings& settings) {
                              settings.server.provider = preset;
                              settings.server.host = name;
                          })
            .provider;
    };
    EXPECT_EQ(provider("gmail", "smtp.gmail.com"), "gmail");
    EXPECT_EQ(provider("", "smtp.gmail.com"), "gmail");
    EXPECT_EQ(provider("", "mail.example.test"), "");
}

TEST(Account, TakesTheBlanksOutOfAnAppPasswordWhereTheProviderShowsThem) {
    wfc::testhost::TestHost host;
    const auto password = [&](const char* name) {
        const auto route =
            route_with(host, [&](mailsend::Settings& settings) { settings.server.host = name; });
        return std::string(route.credentials->password.reveal());
    };
    EXPECT_EQ(password("smtp.gmail.com"), "abcdefghijklmnop");
    EXPECT_EQ(password("mail.example.test"), "abcd efgh ijkl mnop");
}

TEST(Account, RefusesAnEmptyCaFile) {
    wfc::testhost::TestHost host;
    host.file("ca.pem", {.bytes = ""});
    auto settings = mailsend::parse_settings(test::settings_json);
    settings.tls.ca_file = "ca.pem";
    const auto problem = test::problem_of([&] { Account(settings, view(host)); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/tls/ca_file");
    EXPECT_THAT(problem->what(), HasSubstr("holds no certificate"));
}

TEST(Account, RefusesACaFileThatIsEndless) {
    wfc::testhost::TestHost host;
    host.file("ca.pem", {.bytes = std::string(1 << 20, 'x'), .repeat = 1 << 20, .size_known = false});
    auto settings = mailsend::parse_settings(test::settings_json);
    settings.tls.ca_file = "ca.pem";
    const auto problem = test::problem_of([&] { Account(settings, view(host)); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/tls/ca_file");
    EXPECT_THAT(problem->what(), HasSubstr("larger than 4 MiB"));
    EXPECT_LT(host.file_sources().bytes_read, 5u << 20);
}

TEST(Patience, EndsAtTheCallsDeadlineOrTheAccountsWhicheverComesFirst) {
    wfc::testhost::TestHost host;
    const Account account(mailsend::parse_settings(test::settings_json), view(host));
    for (const std::uint64_t own : {std::uint64_t{0}, std::uint64_t{200}, std::uint64_t{100'000'000}}) {
        wfc::testhost::TestCall call("send");
        const std::uint64_t expected = own == 200 ? 200 : 300'000;
        call.deadline_ms(own == 0 ? 0 : host.now_ms() + own);
        const wfc::Call given(call.table());
        const auto patience = mailsend::patience_of(account, view(host), given);
        EXPECT_NO_THROW(patience.check());
        host.advance(expected - 1);
        EXPECT_NO_THROW(patience.check()) << own;
        host.advance(1);
        EXPECT_THROW(patience.check(), mailsend::net::TimedOut) << own;
    }
}

TEST(Status, SaysFailedForEverythingThatDidNotArriveAndOkForAPart) {
    using mailsend::status_of;
    for (const Verdict good : {Verdict::accepted, Verdict::succeeded, Verdict::partial}) {
        EXPECT_EQ(status_of(good), WFC_OK);
    }
    for (const Verdict bad : {Verdict::rejected, Verdict::failed, Verdict::unknown}) {
        EXPECT_EQ(status_of(bad), WFC_FAILED);
    }
    EXPECT_EQ(status_of(Verdict::cancelled), WFC_CANCELLED);
}

}  // namespace
