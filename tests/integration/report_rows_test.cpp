// What stands in the rows of `test-connection`: nobody else's addresses, no stage twice, the time of the
// stage.
#include <thread>

#include "checked_connection.hpp"
#include "transport_troubles/door.hpp"

namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class ReportRows : public test::CheckedConnection {
  protected:
    /// Settings for a server of one's own under TLS from the first byte.
    json certified(std::uint16_t port, const inbox::Authority& authority) {
        mail_send_.host.file("ca.pem", {.bytes = authority.certificate_pem()});
        mail_send_.host.secret("token", "ya29.token");
        json out = test::LoadedMailSend::in_clear(port);
        out["server"]["host"] = "localhost";
        out["server"]["security"] = "implicit-tls";
        out["tls"]["ca_file"] = "ca.pem";
        return out;
    }
};

TEST_F(ReportRows, HideThirdPartiesWhetherTheServerIsProvenOrNot) {
    mail_send_.host.log_level(0);
    const inbox::Authority authority;
    const auto answer = [](const std::string& line) -> std::string {
        return line.starts_with("RCPT") ? "250 <bob@example.test> for carol@example.test"
                                        : test::Certified::agree(line);
    };
    for (const long until_s : {3'600L, -60L}) {
        test::Certified server(authority.issue({"localhost"}, -7'200, until_s), answer,
                               "ask postmaster@isp.example.test");
        json settings = certified(server.port(), authority);
        settings["privacy"]["hide_addresses"] = true;
        const auto sent = check(settings, R"({"to":"bob@example.test"})");
        EXPECT_EQ(sent.status, until_s > 0 ? WFC_OK : WFC_FAILED) << sent.document.dump(1);
        EXPECT_THAT(rows(sent, "greeting")[0]["text"].get<std::string>(), HasSubstr("****@isp.example.test"));
        EXPECT_THAT(sent.document.dump(), Not(testing::AnyOf(HasSubstr("postmaster@"), HasSubstr("carol"))));
        if (until_s > 0) {
            EXPECT_THAT(rows(sent, "rcpt")[0]["text"].get<std::string>(),
                        testing::StartsWith("bob@example.test: 250 <bob@example.test>"));
        }
        std::string log;
        for (const auto& event : mail_send_.host.events()) log += event.fields + "\n";
        EXPECT_THAT(log, HasSubstr("isp.example.test"));
        EXPECT_THAT(log, Not(HasSubstr("postmaster@")));
    }
}

TEST_F(ReportRows, DoNotSayOfTheSameHandshakeThatItWentWellAndThatItFailed) {
    const inbox::Authority clients("Client Authority");
    serve(clients.certificate_pem());
    for (const bool implicit_tls : {false, true}) {
        // More than once: whether the server's alert or its reset is noticed first is a matter of time.
        for (int i = 0; i < 3; ++i) {
            const auto sent = check(settings(implicit_tls));
            EXPECT_EQ(sent.id(), "tls.client_cert") << sent.document.dump(1);
            EXPECT_THAT(outline(sent), HasSubstr("tls=failed"));
            EXPECT_THAT(outline(sent), Not(testing::ContainsRegex("(^| )tls=(ok|warning)"))) << outline(sent);
        }
    }
}

TEST_F(ReportRows, KeepTheTimeOfALoginThatNoOtherTokenCouldSave) {
    const inbox::Authority authority;
    test::Certified server(authority.issue({"localhost"}), [](const std::string& line) -> std::string {
        if (line.starts_with("EHLO")) return "250-mail.example.test\r\n250 AUTH XOAUTH2";
        if (!line.starts_with("AUTH")) return "221 2.0.0 Bye";
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return "535 5.7.8 refused";
    });
    json settings = certified(server.port(), authority);
    settings["auth"] = {{"method", "oauth2"},
                        {"provider", "custom"},
                        {"grant", "access-token"},
                        {"username", "alice@example.test"},
                        {"access_token", {{"$secret", "token"}}}};
    const auto sent = check(settings);
    ASSERT_EQ(rows(sent, "auth").size(), 1u) << sent.document.dump(1);
    EXPECT_EQ(rows(sent, "auth")[0]["verdict"], "failed");
    EXPECT_GE(rows(sent, "auth")[0]["timing_ms"], 300);
    ASSERT_EQ(rows(sent, "token").size(), 2u) << "one is there; another is not to be had";
    EXPECT_EQ(rows(sent, "token")[1]["verdict"], "warning");
}

TEST_F(ReportRows, TellTheAddressesThatAreKnownWhenTheDeadlineComes) {
    const test::FullQueue silent;
    names_.answer("mail.example.test", {.a = {"127.0.0.77", "127.0.0.1"}});
    json settings = test::LoadedMailSend::in_clear(silent.port());
    settings["server"]["host"] = "mail.example.test";
    settings["network"]["name_servers"] = {names_.address()};
    settings["delivery"]["deadline"] = "1s";
    const auto sent = check(settings);
    EXPECT_EQ(sent.id(), "deadline.passed") << sent.document.dump(1);
    const json connect = rows(sent, "connect");
    ASSERT_EQ(connect.size(), 2u) << sent.document.dump(1);
    EXPECT_EQ(connect[0]["address"], "127.0.0.77");
    EXPECT_EQ(connect[0]["error"]["id"], "conn.refused");
    EXPECT_EQ(connect[1]["error"]["id"], "deadline.passed");
}

}  // namespace
