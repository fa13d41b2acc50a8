// `test-connection` against servers of this process: every problem of one run has its row, each row goes out
// at once, nothing is sent, cancel ends it anywhere.
#include <gmock/gmock.h>
#include <thread>

#include "checked_connection.hpp"
#include "support/loopback_listener.hpp"

namespace {

using nlohmann::json;
using testing::HasSubstr;

using test::Certified;
using TestConnection = test::CheckedConnection;

TEST_F(TestConnection, HasARowForEveryStageOnTheWire) {
    serve();
    const auto starttls = check(named(false, {"127.0.0.1"}), R"({"to":"bob@example.test"})");
    EXPECT_EQ(starttls.status, WFC_OK);
    EXPECT_EQ(outline(starttls),
              "resolve=warning connect=ok greeting=ok ehlo=ok starttls=ok tls=warning ehlo=ok "
              "auth=ok mail=ok rcpt=ok ");
    EXPECT_THAT(rows(starttls, "ehlo")[0]["text"].get<std::string>(), HasSubstr("STARTTLS"));
    EXPECT_THAT(rows(starttls, "ehlo")[1]["text"].get<std::string>(), HasSubstr("AUTH=PLAIN"));
    EXPECT_THAT(rows(starttls, "tls")[0]["text"].get<std::string>(), HasSubstr("Inbox Test Authority"));
    EXPECT_THAT(rows(starttls, "rcpt")[0]["text"].get<std::string>(), HasSubstr("bob@example.test: 250"));
    const auto implicit = check(named(true, {"127.0.0.1"}));
    EXPECT_EQ(outline(implicit),
              "resolve=warning connect=ok tls=warning greeting=ok ehlo=ok auth=ok mail=ok rcpt=ok ");
    EXPECT_TRUE(nothing_arrived());
}

TEST_F(TestConnection, TellsTheAddressThatRefusesFromTheOneThatAnswers) {
    serve();
    const auto sent = check(named(false, {"127.0.0.77", "127.0.0.1"}));
    EXPECT_EQ(sent.status, WFC_OK) << sent.document.dump(1);
    const json connect = rows(sent, "connect");
    ASSERT_EQ(connect.size(), 2u);
    EXPECT_EQ(connect[0]["verdict"], "warning");
    EXPECT_EQ(connect[0]["address"], "127.0.0.77");
    EXPECT_EQ(connect[0]["error"]["id"], "conn.refused");
    EXPECT_EQ(connect[1]["verdict"], "ok");
}

TEST_F(TestConnection, NamesTheNameThatDoesNotExistAndSkipsTheRest) {
    serve();
    json settings = named(false, {"127.0.0.1"});
    settings["server"]["host"] = "mial.example.test";
    const auto sent = check(settings);
    EXPECT_EQ(sent.id(), "dns.nxdomain");
    EXPECT_EQ(outline(sent),
              "resolve=failed connect=skipped greeting=skipped ehlo=skipped starttls=skipped "
              "tls=skipped ehlo=skipped auth=skipped mail=skipped rcpt=skipped ");
}

TEST_F(TestConnection, ShowsCapabilitiesOfAServerWhoseCertificateIsAtFaultButSignsInNowhere) {
    serve();
    mail_send_.host.log_level(0);
    for (const bool implicit_tls : {true, false}) {
        json settings = named(implicit_tls, {"127.0.0.1"});
        settings.erase("tls");
        const auto sent = check(settings);
        EXPECT_EQ(sent.id(), "cert.unknown_ca");
        EXPECT_EQ(rows(sent, "tls")[0]["verdict"], "failed");
        const json last_ehlo = rows(sent, "ehlo").back();
        EXPECT_EQ(last_ehlo["verdict"], "warning");
        EXPECT_THAT(last_ehlo["text"].get<std::string>(), HasSubstr("unproven"));
        EXPECT_THAT(last_ehlo["text"].get<std::string>(), HasSubstr("AUTH=PLAIN"));
        EXPECT_EQ(rows(sent, "auth")[0]["verdict"], "skipped");
        EXPECT_THAT(rows(sent, "auth")[0]["text"].get<std::string>(), HasSubstr("nothing secret"));
        EXPECT_GT(said("EHLO"), 0u) << "the transcript is there";
        EXPECT_EQ(said("AUTH"), 0u);
    }
}

TEST_F(TestConnection, NamesEveryFaultOfACertificate) {
    serve();
    json settings = named(true, {"127.0.0.1"});
    settings.erase("tls");
    names_.answer("elsewhere.example.test", {.a = {"127.0.0.1"}});
    settings["server"]["host"] = "elsewhere.example.test";
    const auto sent = check(settings);
    EXPECT_EQ(sent.id(), "cert.host_mismatch");
    EXPECT_THAT(rows(sent, "tls")[0]["text"].get<std::string>(), HasSubstr("Nobody this machine trusts"));
}

TEST_F(TestConnection, FindsThatAnImplicitTlsPortWasTakenForAnother) {
    serve();
    json settings = named(true, {"127.0.0.1"});
    settings["server"]["security"] = "starttls";
    settings["timeouts"]["greeting"] = "1s";
    const auto sent = check(settings);
    EXPECT_EQ(sent.stage(), "greeting") << sent.document.dump(1);
    EXPECT_THAT(rows(sent, "greeting")[0]["text"].get<std::string>(), HasSubstr("implicit-tls"));
}

TEST_F(TestConnection, FindsThatASmtpPortWasTakenForAnImplicitTlsPort) {
    serve();
    json settings = named(false, {"127.0.0.1"});
    settings["server"]["security"] = "implicit-tls";
    const auto sent = check(settings);
    EXPECT_EQ(sent.id(), "tls.plaintext_server");
    EXPECT_THAT(rows(sent, "tls")[0]["text"].get<std::string>(), HasSubstr("starttls"));
}

TEST_F(TestConnection, ShowsAnExpiredCertificateOfAnotherNameWithTheClockAndStillTheCapabilities) {
    const inbox::Authority authority;
    Certified server(authority.issue({"other.example.test"}, -86'400, -3'600));
    mail_send_.host.file("ca.pem", {.bytes = authority.certificate_pem()});
    mail_send_.host.secret("alice", "secret");
    names_.answer("mail.example.test", {.a = {"127.0.0.1"}});
    json settings = test::LoadedMailSend::in_clear(server.port());
    settings["server"]["host"] = "mail.example.test";
    settings["server"]["security"] = "implicit-tls";
    settings["network"]["name_servers"] = {names_.address()};
    settings["tls"]["ca_file"] = "ca.pem";
    settings["auth"] = {{"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "alice"}}}};
    const auto sent = check(settings);
    EXPECT_EQ(sent.id(), "cert.host_mismatch") << sent.document.dump(1);
    const auto tls = rows(sent, "tls")[0]["text"].get<std::string>();
    EXPECT_THAT(sent.message(), HasSubstr("other.example.test"));
    EXPECT_THAT(tls, HasSubstr("certificate has expired"));
    EXPECT_THAT(tls, HasSubstr("clock"));
    EXPECT_THAT(rows(sent, "greeting")[0]["text"].get<std::string>(), HasSubstr("mail.example.test ready"));
    EXPECT_THAT(rows(sent, "ehlo")[0]["text"].get<std::string>(), HasSubstr("unproven"));
    const std::vector<std::string> heard = server.heard();
    ASSERT_EQ(heard.size(), 2u);
    EXPECT_TRUE(heard[0].starts_with("EHLO"));
    EXPECT_EQ(heard[1], "QUIT");
}

TEST_F(TestConnection, CountsTheDaysThatACertificateHasLeft) {
    const inbox::Authority authority;
    Certified server(authority.issue({"localhost"}, -3'600, 100L * 86'400 + 3'600));
    mail_send_.host.file("ca.pem", {.bytes = authority.certificate_pem()});
    json settings = test::LoadedMailSend::in_clear(server.port());
    settings["server"]["host"] = "localhost";
    settings["server"]["security"] = "implicit-tls";
    settings["tls"]["ca_file"] = "ca.pem";
    const auto sent = check(settings, R"({"to":"bob@example.test"})");
    EXPECT_EQ(sent.status, WFC_OK) << sent.document.dump(1);
    EXPECT_EQ(rows(sent, "tls")[0]["verdict"], "ok");
    EXPECT_THAT(rows(sent, "tls")[0]["text"].get<std::string>(), HasSubstr("valid for 100 more days"));
    const std::vector<std::string> heard = server.heard();
    ASSERT_EQ(heard.size(), 5u);
    EXPECT_EQ(heard[2], "RCPT TO:<bob@example.test>");
    EXPECT_EQ(heard[3], "RSET") << "and never DATA";
}

TEST_F(TestConnection, KeepsTheRowOfAGreetingThatNeverCameWhenItsProbeForTlsIsCancelled) {
    test::LoopbackListener listener(4);
    json settings = test::LoadedMailSend::in_clear(listener.port());
    settings["timeouts"]["greeting"] = "1s";
    mail_send_.configure(settings);
    wfc::testhost::TestCall call("test-connection");
    std::thread server([&] {
        const int greeted = listener.accept();
        const int probed = listener.accept();
        char client_hello = 0;
        EXPECT_EQ(::recv(probed, &client_hello, 1, 0), 1);
        std::this_thread::sleep_for(std::chrono::seconds(2));
        call.cancel();
        while (::recv(probed, &client_hello, 1, 0) > 0) {
        }
        ::close(greeted);
        ::close(probed);
    });
    EXPECT_EQ(mail_send_.component.invoke(*call.table()), WFC_CANCELLED);
    listener.stop();
    server.join();
    const test::Sent sent{WFC_CANCELLED, json::parse(call.result())};
    const json greeting = rows(sent, "greeting");
    ASSERT_EQ(greeting.size(), 1u) << sent.document.dump(1);
    EXPECT_EQ(greeting[0]["verdict"], "failed");
    EXPECT_EQ(greeting[0]["error"]["id"], "greet.timeout");
    EXPECT_LT(greeting[0]["timing_ms"], 3'000) << "the probe's two seconds are not the greeting's";
    EXPECT_EQ(sent.document["outcome"], "cancelled");
}

/// With the rows so far, wherever the server falls silent.
TEST_F(TestConnection, EndsWithinASecondWhenItIsCancelled) {
    for (const char* stage : {"greeting", "ehlo", "starttls", "tls", "auth", "mail", "rcpt"}) {
        inbox_.reset();
        std::ofstream(scratch_ / "script") << stage << " silence\n";
        inbox::Options options;
        options.store = scratch_ / "store";
        options.script = scratch_ / "script";
        inbox_.emplace(std::move(options));
        mail_send_.host.file("ca.pem", {.bytes = inbox_->ca_pem()});
        mail_send_.host.secret("alice", "secret");
        json settings = test::LoadedMailSend::in_clear(inbox_->port());
        settings["server"]["host"] = "localhost";
        settings["server"]["security"] = "starttls";
        settings["tls"]["ca_file"] = "ca.pem";
        settings["auth"] = {
            {"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "alice"}}}};
        mail_send_.configure(settings);
        wfc::testhost::TestCall call("test-connection");
        std::chrono::steady_clock::time_point stopped;
        std::thread canceller([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            stopped = std::chrono::steady_clock::now();
            call.cancel();
        });
        EXPECT_EQ(mail_send_.component.invoke(*call.table()), WFC_CANCELLED) << stage;
        const auto ended = std::chrono::steady_clock::now();
        canceller.join();
        EXPECT_LT(ended - stopped, std::chrono::seconds(1)) << stage;
        const json document = json::parse(call.result());
        EXPECT_EQ(document["outcome"], "cancelled");
        EXPECT_EQ(document["error"]["stage"], stage) << document.dump(1);
        EXPECT_EQ(document["report"][0]["stage"], "resolve");
        for (const json& row : document["report"]) EXPECT_NE(row["verdict"], "failed") << row;
    }
}

}  // namespace
