#include "net/each_address.hpp"

#include <gmock/gmock.h>

#include "peer.hpp"

namespace {

using mailsend::net::Endpoint;
using mailsend::net::try_each;
using test::patience;
using testing::HasSubstr;
using namespace std::chrono_literals;

const wfc::Egress everywhere;

/// 127/8 is all loopback on Linux: one port, several addresses.
TEST(EachAddress, IsTriedAndToldApart) {
    test::Peer peer([](int connection) { test::drain(connection); });
    const Endpoint endpoint{"mail.example.test", peer.port(), {}};
    const auto survey = try_each(endpoint, {"127.0.0.2", "127.0.0.1"}, everywhere, patience());
    ASSERT_EQ(survey.tried.size(), 2u);
    EXPECT_EQ(survey.tried[0].address, "127.0.0.2");
    EXPECT_FALSE(survey.tried[0].stream);
    EXPECT_EQ(survey.tried[0].refusal->condition, "conn.refused");
    EXPECT_EQ(survey.tried[0].refusal->details.at("address"), "127.0.0.2");
    EXPECT_TRUE(survey.tried[1].stream);
    EXPECT_FALSE(survey.refused) << "one answered";
}

TEST(EachAddress, CostsTheTimeOutOnceHoweverManyAreSilent) {
    const test::BlackHole silent;
    const test::BlackHole other("127.0.0.3", silent.port());
    const Endpoint endpoint{"localhost", silent.port(), {}};
    const auto survey =
        try_each(endpoint, {"127.0.0.1", "127.0.0.3", "127.0.0.2"}, everywhere, patience().within(300));
    EXPECT_EQ(survey.tried[0].refusal->condition, "conn.timeout");
    EXPECT_EQ(survey.tried[1].refusal->condition, "conn.timeout");
    EXPECT_EQ(survey.tried[2].refusal->condition, "conn.refused");
    EXPECT_LT(survey.tried[0].milliseconds, 600u) << "they were tried one after the other";
    ASSERT_TRUE(survey.refused);
    EXPECT_EQ(survey.refused->facts().condition, "conn.refused") << "an answer says more than silence";
    EXPECT_THAT(survey.refused->what(), HasSubstr("127.0.0.3:"));
}

TEST(EachAddress, KeepsItsOwnErrorWhereTheNameAsAWholeIsToBlame) {
    const Endpoint endpoint{"mail.example.test", test::closed_port(), {}};
    const auto survey = try_each(endpoint, {"127.0.0.1", "127.0.0.2"}, everywhere, patience());
    EXPECT_EQ(survey.tried[1].refusal->condition, "conn.refused");
    ASSERT_TRUE(survey.refused);
    EXPECT_EQ(survey.refused->facts().condition, "dns.all_local");
}

TEST(EachAddress, IsAskedAboutFirst) {
    wfc_egress table{};
    table.struct_size = sizeof table;
    table.allow = [](void*, wfc_view, wfc_view, std::uint16_t) noexcept -> wfc_status { return WFC_DENIED; };
    const auto survey =
        try_each({"mail.example.test", 1, {}}, {"127.0.0.1"}, wfc::Egress(&table), patience());
    EXPECT_EQ(survey.tried[0].refusal->condition, "egress.denied");
}

/// The server behind the other may hang up on a client that says nothing.
TEST(EachAddress, IsWaitedForAboutASecondOnceAnotherHasAnswered) {
    test::Peer peer([](int connection) { test::drain(connection); });
    const test::BlackHole silent("127.0.0.3", peer.port());
    const Endpoint endpoint{"mail.example.test", peer.port(), {}};
    mailsend::net::Survey survey;
    const double took_ms = test::elapsed_ms([&] {
        survey = try_each(endpoint, {"127.0.0.3", "127.0.0.1"}, everywhere, patience(60s));
    });
    EXPECT_LT(took_ms, 20'000) << "and not the whole time-out";
    EXPECT_EQ(survey.tried[0].refusal->condition, "conn.timeout");
    EXPECT_TRUE(survey.tried[1].stream);
    EXPECT_FALSE(survey.refused);
    EXPECT_FALSE(survey.ended);
}

TEST(EachAddress, IsToldAsFarAsItIsKnownWhenTheDeadlineComes) {
    const test::BlackHole silent;
    const Endpoint endpoint{"mail.example.test", silent.port(), {}};
    const auto survey = try_each(endpoint, {"127.0.0.1", "127.0.0.2"}, everywhere, patience(300ms));
    EXPECT_THROW(std::rethrow_exception(survey.ended), mailsend::net::TimedOut);
    ASSERT_EQ(survey.tried.size(), 2U);
    EXPECT_FALSE(survey.tried[0].refusal) << "nobody knows";
    ASSERT_TRUE(survey.tried[1].refusal);
    EXPECT_EQ(survey.tried[1].refusal->condition, "conn.refused");
}

TEST(EachAddress, EndsWithTheCall) {
    const test::BlackHole silent;
    const Endpoint endpoint{"mail.example.test", silent.port(), {}};
    const auto cancelled = try_each(endpoint, {"127.0.0.1"}, everywhere, patience(10s, 100ms));
    EXPECT_THROW(std::rethrow_exception(cancelled.ended), mailsend::Cancelled);
    EXPECT_THROW(try_each(endpoint, {"127.0.0.1"}, everywhere, patience(10s, 0ms)), mailsend::Cancelled);
    EXPECT_THROW(try_each(endpoint, {}, everywhere, patience()), mailsend::Failure);
}

TEST(Unproven, TakesAnyCertificateAndTellsWhoIssuedIt) {
    const inbox::Authority authority;
    test::Peer peer(test::greet_under_tls(authority.issue({"other.example.test"}, -86'400, -3'600)));
    const auto stream = peer.connect();
    const mailsend::net::Trust anybody(mailsend::net::Unproven{});
    EXPECT_TRUE(anybody.unproven());
    stream->start_tls(anybody, "mail.example.test", patience());
    const auto tls = stream->tls();
    ASSERT_TRUE(tls);
    EXPECT_EQ(tls->names, "other.example.test");
    EXPECT_EQ(tls->issuers, std::vector<std::string>{"Inbox Test Authority"});
}

TEST(Unproven, IsNothingThatSettingsCanAskFor) {
    EXPECT_FALSE(mailsend::net::Trust(mailsend::net::TrustTerms{}).unproven());
    EXPECT_FALSE(
        mailsend::net::Trust(mailsend::net::TrustTerms{.pin_sha256 = std::string(64, 'a')}).unproven());
}

TEST(TlsFacts, NameTheChainFromTheServersIssuerToTheRoot) {
    const inbox::Authority authority;
    test::Peer peer(test::greet_under_tls(authority.issue({"mail.example.test"})));
    const auto stream = peer.connect();
    const mailsend::net::Trust trust(authority.certificate_pem(), mailsend::net::TlsVersion::tls1_2);
    stream->start_tls(trust, "mail.example.test", patience());
    EXPECT_EQ(stream->tls()->issuers, std::vector<std::string>{"Inbox Test Authority"}) << "each issuer once";
}

}  // namespace
