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
    account.route();
    host.secret("p", "changed since");
    account.route();
    EXPECT_THAT(host.secrets_asked(), ElementsAre("p", "p"));
}

TEST(Account, NamesTheSecretThatTheHostLacks) {
    const wfc::testhost::TestHost host;
    const Account account(mailsend::parse_settings(test::settings_json), view(host));
    const auto problem = test::problem_of([&] { account.route(); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->status(), WFC_INVALID_SETTINGS);
    EXPECT_EQ(problem->pointer(), "/auth/password");
}

TEST(Account, TellsABrokenSecretStoreFromAMissingSecret) {
    wfc::testhost::TestHost host;
    host.secret_status("p", WFC_UNAVAILABLE);
    const Account account(mailsend::parse_settings(test::settings_json), view(host));
    try {
        account.route();
        FAIL() << "a route without a password";
    } catch (const mailsend::Failure& failure) {
        EXPECT_EQ(failure.facts().condition, "host.secrets");
        EXPECT_EQ(failure.facts().stage, mailsend::Stage::host);
    }
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
