// Names that lead nowhere, asked of a name server of the test.
#include "support/dns_server.hpp"
#include "support/loopback_listener.hpp"
#include "transport_troubles/trouble.hpp"

namespace {

using test::DnsFault;
using test::Trouble;

class NameTrouble : public test::TransportTrouble {
  protected:
    nlohmann::json named(const std::string& host) const {
        nlohmann::json out = without_login(host, 587);
        out["network"]["name_servers"] = {names_.address()};
        return out;
    }
    void faulty(const std::string& host, DnsFault fault) { names_.answer(host, {.fault = fault}); }

    test::DnsServer names_;
};

TEST_F(NameTrouble, ANameThatDoesNotExistIsSpelledOut) {
    ends({.id = "dns.nxdomain",
          .stage = "resolve",
          .error_class = "permanent",
          .advice = "after-fix",
          .actor = "mailbox-admin",
          .message = "no such host: smtp.gmial.example.test",
          .told = {"smtp.gmial.example.test"}},
         named("smtp.gmial.example.test"));
    EXPECT_GT(names_.queries(), 0);
}

TEST_F(NameTrouble, ADomainWithoutAddressIsToldFromOneThatDoesNotExist) {
    names_.answer("example.test", {});
    ends({.id = "dns.nodata",
          .stage = "resolve",
          .error_class = "permanent",
          .advice = "after-fix",
          .actor = "mailbox-admin",
          .message = "example.test exists but has no address"},
         named("example.test"));
}

TEST_F(NameTrouble, ANameServerInTroubleIsTemporary) {
    // REFUSED is what a resolver says that does not work for this machine, NOTIMP one that is none; a cut
    // answer is asked for again by TCP, where nobody listens.
    for (const DnsFault fault :
         {DnsFault::servfail, DnsFault::refused, DnsFault::notimp, DnsFault::truncated}) {
        SCOPED_TRACE(static_cast<int>(fault));
        faulty("mail.example.test", fault);
        ends({.id = "dns.temporary",
              .stage = "resolve",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "nobody",
              .message = "the name server could not look up mail.example.test",
              .told = {"mail.example.test"}},
             named("mail.example.test"));
    }
}

TEST_F(NameTrouble, AnAnswerWithoutSenseIsTheNameServersFailure) {
    for (const DnsFault fault : {DnsFault::garbage, DnsFault::formerr}) {
        SCOPED_TRACE(static_cast<int>(fault));
        faulty("mail.example.test", fault);
        ends({.id = "dns.fail",
              .stage = "resolve",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "provider",
              .message = "the name server's answer for mail.example.test could not be used"},
             named("mail.example.test"));
    }
}

TEST_F(NameTrouble, ANameServerThatNeverAnswersIsATimeOut) {
    faulty("mail.example.test", DnsFault::silent);
    const auto document = ends({.id = "dns.timeout",
                                .stage = "resolve",
                                .error_class = "transient",
                                .advice = "backoff",
                                .actor = "nobody",
                                .message = "no name server answered when asked for mail.example.test",
                                .told = {"mail.example.test", "network.name_servers"}},
                               hasty(named("mail.example.test"), "connect"));
    // A busy machine may need longer than the second.
    EXPECT_THAT(document.value("/error/explanation/cause"_json_pointer, ""),
                testing::ContainsRegex(" within [1-9][0-9]* seconds"));
}

TEST_F(NameTrouble, ANameThatLeadsOnlyToThisMachineIsToldWhereNobodyAnswers) {
    const std::uint16_t nobody = test::LoopbackListener(1).port();
    const std::string host = "smtp.example.test";
    Trouble expected{.id = "dns.all_local",
                     .stage = "connect",
                     .error_class = "permanent",
                     .advice = "after-fix",
                     .actor = "tenant-admin",
                     .message = "could not connect to smtp.example.test, which leads only to this machine: "};
    for (const test::DnsRecord& record :
         {test::DnsRecord{.a = {"0.0.0.0"}}, test::DnsRecord{.a = {"127.0.0.1", "127.0.53.53"}},
          test::DnsRecord{.aaaa = {"::1"}}, test::DnsRecord{.a = {"0.0.0.0"}, .aaaa = {"::"}}}) {
        const std::string first = record.a.empty() ? record.aaaa.front() : record.a.front();
        SCOPED_TRACE(first);
        names_.answer(host, record);
        nlohmann::json settings = named(host);
        settings["server"]["port"] = nobody;
        expected.told = {first};
        ends(expected, settings);
        const auto tested = ends(expected, settings, "test-connection", "{}");
        const auto resolved = tested.value("/report/0"_json_pointer, nlohmann::json::object());
        EXPECT_EQ(resolved.value("stage", ""), "resolve");
        EXPECT_EQ(resolved.value("verdict", ""), "warning");
        EXPECT_THAT(resolved.value("text", ""),
                    testing::AllOf(testing::HasSubstr(first), testing::HasSubstr("only to this machine")));
    }
}

TEST_F(NameTrouble, WhoeverAskedForThisMachineIsNotToldThatTheNameLeadsThere) {
    const std::uint16_t nobody = test::LoopbackListener(1).port();
    for (const char* host : {"127.0.0.1", "localhost", "mail.localhost"}) {
        ends({.id = "conn.refused",
              .stage = "connect",
              .error_class = "transient",
              .advice = "backoff",
              .actor = "mailbox-admin",
              .message = std::string("could not connect to ") + host + ": "},
             without_login(host, nobody));
    }
}

TEST_F(NameTrouble, AServerOfThisMachineIsUsedUnderWhateverName) {
    serve();
    names_.answer("mail.example.test", {.a = {"127.0.0.1"}});
    nlohmann::json settings = named("mail.example.test");
    settings["server"]["port"] = port();
    EXPECT_EQ(send(settings).status, WFC_OK);
}

}  // namespace
