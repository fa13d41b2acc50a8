#include <gmock/gmock.h>
#include <thread>

#include "net/connect.hpp"
#include "peer.hpp"
#include "support/dns_server.hpp"

namespace {

using mailsend::net::Endpoint;
using mailsend::net::resolve;
using test::DnsFault;
using test::DnsRecord;
using test::facts_of;
using test::patience;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

class Resolve : public testing::Test {
  protected:
    Endpoint at(const std::string& host) const { return {host, 587, {server_.address()}}; }
    void faulty(const std::string& host, DnsFault fault) {
        DnsRecord record;
        record.fault = fault;
        server_.answer(host, record);
    }
    test::DnsServer server_;
};

TEST_F(Resolve, InterleavesTheFamiliesBeginningWithIPv6) {
    server_.answer("mail.example.test", {{"192.0.2.1", "192.0.2.2"}, {"2001:db8::1"}});
    const auto found = resolve(at("mail.example.test"), patience());
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0], "2001:db8::1");
    EXPECT_THAT(found, testing::UnorderedElementsAre("192.0.2.1", "192.0.2.2", "2001:db8::1"));
}

TEST_F(Resolve, IsContentWithOneFamily) {
    server_.answer("four.example.test", {{"192.0.2.1"}, {}});
    server_.answer("six.example.test", {{}, {"2001:db8::1"}});
    EXPECT_THAT(resolve(at("four.example.test"), patience()), ElementsAre("192.0.2.1"));
    EXPECT_THAT(resolve(at("six.example.test"), patience()), ElementsAre("2001:db8::1"));
}

TEST_F(Resolve, IsContentWithOneFamilyWhenTheOtherFails) {
    for (const DnsFault fault : {DnsFault::nxdomain, DnsFault::servfail, DnsFault::garbage}) {
        DnsRecord record{{"192.0.2.1"}, {}};
        record.aaaa_fault = fault;
        server_.answer("half.example.test", record);
        EXPECT_THAT(resolve(at("half.example.test"), patience()), ElementsAre("192.0.2.1"));
    }
}

TEST_F(Resolve, DoesNotWaitLongForAFamilyThatIsNeverAnswered) {
    DnsRecord record{{"192.0.2.1"}, {}};
    record.aaaa_fault = DnsFault::silent;
    server_.answer("half.example.test", record);
    const double took = test::elapsed_ms(
        [&] { EXPECT_THAT(resolve(at("half.example.test"), patience()), ElementsAre("192.0.2.1")); });
    EXPECT_LT(took, 1500);
}

TEST_F(Resolve, WaitsForALateAnswer) {
    DnsRecord record{{"192.0.2.1"}, {}};
    record.delay = 700ms;
    server_.answer("late.example.test", record);
    EXPECT_THAT(resolve(at("late.example.test"), patience()), ElementsAre("192.0.2.1"));
}

TEST_F(Resolve, LeavesLiteralsAloneAndAsksNobody) {
    EXPECT_THAT(resolve(at("192.0.2.7"), patience()), ElementsAre("192.0.2.7"));
    EXPECT_THAT(resolve(at("2001:db8::7"), patience()), ElementsAre("2001:db8::7"));
    EXPECT_THAT(resolve(at("fe80::1%1"), patience()), ElementsAre("fe80::1%1"));
    EXPECT_EQ(server_.queries(), 0);
}

TEST_F(Resolve, KeepsLocalhostOnThisMachine) {
    server_.answer("localhost", {{"192.0.2.66"}, {}});
    for (const char* name : {"localhost", "LocalHost", "localhost.", "mail.localhost"}) {
        EXPECT_THAT(resolve(at(name), patience()), ElementsAre("::1", "127.0.0.1")) << name;
    }
    EXPECT_EQ(server_.queries(), 0);
}

TEST_F(Resolve, NamesTheHostThatDoesNotExist) {
    const auto facts = facts_of([&] { resolve(at("smtp.gmial.com"), patience()); });
    EXPECT_EQ(facts.stage, mailsend::Stage::resolve);
    EXPECT_EQ(facts.condition, "dns.nxdomain");
    EXPECT_EQ(facts.sentence, "no such host: smtp.gmial.com");
    EXPECT_EQ(facts.details.at("host"), "smtp.gmial.com");
    EXPECT_THAT(facts.details.at("server"), HasSubstr("127.0.0.1"));
}

TEST_F(Resolve, RefusesNamesThatCannotBe) {
    const std::string label(64, 'a');
    EXPECT_EQ(facts_of([&] { resolve(at(label + ".example.test"), patience()); }).condition, "dns.nxdomain");
    EXPECT_EQ(facts_of([&] { resolve(at("mail..example.test"), patience()); }).condition, "dns.nxdomain");
}

TEST_F(Resolve, TellsANameWithoutAddressFromOneThatDoesNotExist) {
    server_.answer("example.test", {});
    const auto facts = facts_of([&] { resolve(at("example.test"), patience()); });
    EXPECT_EQ(facts.condition, "dns.nodata");
    EXPECT_EQ(facts.sentence, "example.test exists but has no address");
}

TEST_F(Resolve, CallsABrokenNameServerTemporary) {
    faulty("broken.example.test", DnsFault::servfail);
    faulty("closed.example.test", DnsFault::refused);
    EXPECT_EQ(facts_of([&] { resolve(at("broken.example.test"), patience()); }).condition, "dns.temporary");
    EXPECT_EQ(facts_of([&] { resolve(at("closed.example.test"), patience()); }).condition, "dns.temporary");
}

TEST_F(Resolve, CallsANameServerThatIsNotThereTemporary) {
    // A port that was free a moment ago; the kernel refuses at once.
    const Endpoint endpoint{"mail.example.test", 587, {"127.0.0.1:" + std::to_string(test::closed_port())}};
    const double took = test::elapsed_ms(
        [&] { EXPECT_EQ(facts_of([&] { resolve(endpoint, patience()); }).condition, "dns.temporary"); });
    EXPECT_LT(took, 2000);
}

TEST_F(Resolve, AsksTheSecondNameServerWhenTheFirstIsBroken) {
    test::DnsServer broken;
    DnsRecord servfail;
    servfail.fault = DnsFault::servfail;
    broken.answer("mail.example.test", servfail);
    server_.answer("mail.example.test", {{"192.0.2.1"}, {}});
    const Endpoint endpoint{"mail.example.test", 587, {broken.address(), server_.address()}};
    EXPECT_THAT(resolve(endpoint, patience()), ElementsAre("192.0.2.1"));
}

TEST_F(Resolve, SurvivesAnswersThatMakeNoSense) {
    faulty("odd.example.test", DnsFault::garbage);
    faulty("cut.example.test", DnsFault::truncated);
    EXPECT_EQ(facts_of([&] { resolve(at("odd.example.test"), patience()); }).condition, "dns.fail");
    // A cut answer is asked for again by TCP, where nobody listens.
    EXPECT_EQ(facts_of([&] { resolve(at("cut.example.test"), patience()); }).condition, "dns.temporary");
}

TEST_F(Resolve, NamesAListOfServersThatCannotBeRead) {
    const auto facts = facts_of([] { resolve({"mail.example.test", 587, {"not an address"}}, patience()); });
    EXPECT_EQ(facts.pointer, "/network/name_servers");
}

TEST_F(Resolve, GivesUpOnASilentServerAtTheStagesTimeout) {
    faulty("silent.example.test", DnsFault::silent);
    const double took = test::elapsed_ms([&] {
        const auto facts = facts_of([&] { resolve(at("silent.example.test"), patience().within(500)); });
        EXPECT_EQ(facts.condition, "dns.timeout");
        EXPECT_THAT(facts.sentence, HasSubstr("silent.example.test"));
    });
    EXPECT_GE(took, 450);
    EXPECT_LT(took, 1000);
}

TEST_F(Resolve, GivesUpOnASilentServerByItself) {
    faulty("silent.example.test", DnsFault::silent);
    const double took = test::elapsed_ms([&] {
        EXPECT_EQ(facts_of([&] { resolve(at("silent.example.test"), patience(60s)); }).condition,
                  "dns.timeout");
    });
    EXPECT_LT(took, 15000);
}

TEST(LeadsBack, IsTrueOfNamesThatStandForThisMachineAloneAndDoNotSaySo) {
    using mailsend::net::leads_back;
    const std::string name = "mail.example.test";
    for (const char* here : {"127.0.0.1", "127.53.0.53", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"}) {
        EXPECT_TRUE(leads_back(name, {here})) << here;
        EXPECT_FALSE(leads_back(name, {here, "192.0.2.1"})) << here;
        for (const char* said : {"127.0.0.1", "::1", "localhost", "LOCALHOST.", "mail.localhost"})
            EXPECT_FALSE(leads_back(said, {here})) << said;
    }
    for (const char* elsewhere : {"192.0.2.1", "128.0.0.1", "0.0.0.1", "2001:db8::1", "::ffff:192.0.2.1"})
        EXPECT_FALSE(leads_back(name, {elsewhere})) << elsewhere;
    EXPECT_FALSE(leads_back(name, {}));
}

TEST_F(Resolve, IsCancelledWhileWaiting) {
    faulty("silent.example.test", DnsFault::silent);
    const double took = test::elapsed_ms(
        [&] { EXPECT_THROW(resolve(at("silent.example.test"), patience(10s, 100ms)), mailsend::Cancelled); });
    EXPECT_LT(took, 1000);
}

TEST_F(Resolve, EndsAtTheDeadlineOfTheCall) {
    faulty("silent.example.test", DnsFault::silent);
    const double took = test::elapsed_ms(
        [&] { EXPECT_THROW(resolve(at("silent.example.test"), patience(300ms)), mailsend::net::TimedOut); });
    EXPECT_LT(took, 1000);
}

TEST_F(Resolve, WorksOnManyThreads) {
    server_.answer("mail.example.test", {{"192.0.2.1"}, {"2001:db8::1"}});
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            EXPECT_THAT(resolve(at("mail.example.test"), patience()),
                        ElementsAre("2001:db8::1", "192.0.2.1"));
        });
    }
    for (auto& thread : threads) thread.join();
}

}  // namespace
