#include <gmock/gmock.h>

#include "sign_in_bench.hpp"

namespace {

using mailsend::test_connection;
using test::ReadyCall;
using testing::HasSubstr;

/// The rows of a stage.
std::vector<nlohmann::json> rows(const ReadyCall& ready, const std::string& stage) {
    std::vector<nlohmann::json> out;
    for (const auto& row : ready.document["report"]) {
        if (row["stage"] == stage) out.push_back(row);
    }
    return out;
}

/// An account whose server is a closed port.
ReadyCall& closed(ReadyCall& ready) {
    return ready.with({{"server", {{"host", "127.0.0.1"}, {"port", 1}}}});
}

TEST(TestConnection, TakesOneRecipientAndNothingElse) {
    const std::pair<const char*, const char*> wrong[] = {{R"({"to":"nobody"})", "/to"},
                                                         {R"({"to":["a@b.test","c@d.test"]})", "/to"},
                                                         {R"({"to":"a@b.test\r\nDATA"})", "/to"},
                                                         {R"({"too":1})", "/too"}};
    for (const auto& [input, pointer] : wrong) {
        ReadyCall ready("test-connection", input);
        const auto problem = test::problem_of([&] { ready.run(test_connection); });
        ASSERT_TRUE(problem) << input;
        EXPECT_EQ(problem->status(), WFC_INVALID_INPUT);
        EXPECT_EQ(problem->pointer(), pointer);
        EXPECT_TRUE(ready.host.egress_asked().empty()) << "nothing was tried";
    }
}

TEST(TestConnection, TriesTheOtherPortsWhereTheOneOfTheSettingsRefuses) {
    ReadyCall ready("test-connection");
    ready.host.real_time();
    EXPECT_EQ(closed(ready).run(test_connection), WFC_FAILED);
    EXPECT_EQ(ready.document["error"]["id"], "conn.refused");
    const auto connect = rows(ready, "connect");
    ASSERT_EQ(connect.size(), 4u) << ready.document;
    EXPECT_EQ(connect[0]["verdict"], "failed");
    EXPECT_EQ(connect[0]["address"], "127.0.0.1");
    EXPECT_EQ(connect[0]["error"]["id"], "conn.refused");
    for (const auto& row : {connect[1], connect[2], connect[3]}) EXPECT_NE(row["verdict"], "failed");
    std::vector<int> asked;
    for (const auto& question : ready.host.egress_asked()) asked.push_back(question.port);
    EXPECT_EQ(asked, (std::vector<int>{1, 587, 465, 25})) << "egress is asked about each";
    for (const char* stage : {"greeting", "ehlo", "auth", "mail", "rcpt"}) {
        ASSERT_FALSE(rows(ready, stage).empty()) << stage;
        EXPECT_THAT(rows(ready, stage)[0]["text"].get<std::string>(), HasSubstr("connecting failed"));
    }
}

TEST(TestConnection, SaysOfAnUnreachableProxyWhatSendingSays) {
    ReadyCall ready("test-connection");
    ready.host.real_time();
    ready.with({{"server", {{"host", "mail.example.test"}}}, {"network", {{"proxy", "http://127.0.0.1:1"}}}});
    EXPECT_EQ(ready.run(test_connection), WFC_FAILED);
    EXPECT_EQ(ready.document["error"]["id"], "proxy.unreachable") << ready.document;
    ASSERT_EQ(rows(ready, "connect").size(), 1u);
    EXPECT_EQ(rows(ready, "connect")[0]["error"], ready.document["error"]);
}

TEST(TestConnection, SpeaksTheLanguageOfTheSettingsAlsoWhereNoServerSpoke) {
    ReadyCall ready("test-connection");
    ready.host.real_time();
    closed(ready).with({{"language", "ja"}});
    EXPECT_EQ(ready.run(test_connection), WFC_FAILED);
    for (const auto& row : ready.document["report"]) {
        const auto text = row["text"].get<std::string>();
        EXPECT_EQ(text.find("connection refused"), text.npos) << row;
        EXPECT_EQ(text.find("connect to"), text.npos) << row;
    }
    EXPECT_THAT(ready.document["error"]["message"].get<std::string>(), HasSubstr("127.0.0.1:1 "));
}

TEST(TestConnection, AsksEgressBeforeEachConnection) {
    ReadyCall ready("test-connection");
    ready.host.egress([](const auto&) { return false; });
    EXPECT_EQ(closed(ready).run(test_connection), WFC_FAILED);
    EXPECT_EQ(ready.document["error"]["id"], "egress.denied");
    EXPECT_EQ(rows(ready, "connect").size(), 1u) << "what the host forbids is forbidden at every port";
}

TEST(TestConnection, IsOverBeforeItBeginsWhenItIsCancelled) {
    ReadyCall ready("test-connection");
    ready.call.cancel();
    EXPECT_EQ(ready.run(test_connection), WFC_CANCELLED);
    EXPECT_EQ(ready.document["outcome"], "cancelled");
    EXPECT_EQ(ready.document["error"]["id"], "cancelled");
    for (const auto& row : ready.document["report"]) EXPECT_NE(row["verdict"], "ok") << row;
}

TEST(TestConnection, IsDoneAlsoForAHostThatTakesNoDocument) {
    ReadyCall ready("test-connection");
    ready.call.cancel();
    ready.call.result_fails_at(0);
    EXPECT_EQ(ready.run(test_connection), WFC_CANCELLED);
}

TEST(TestConnection, GoesOnToTheServerWhereATokenCannotBeHad) {
    test::SignInBench bench({test::refusal("invalid_grant")}, "test-connection");
    closed(bench.ready);
    auto record = bench.earlier();
    record.access_expires_at = bench.now_s() - 60;
    bench.store(record);
    EXPECT_EQ(bench.ready.run(test_connection), WFC_FAILED);
    const auto& document = bench.ready.document;
    EXPECT_EQ(document["error"]["id"], "token.dead") << "what would stop a message first";
    EXPECT_EQ(rows(bench.ready, "connect")[0]["error"]["id"], "conn.refused");
    EXPECT_EQ(rows(bench.ready, "connect").size(), 4u);
    ASSERT_EQ(rows(bench.ready, "token").size(), 1u);
    EXPECT_EQ(rows(bench.ready, "token")[0]["verdict"], "failed");
    EXPECT_EQ(rows(bench.ready, "token")[0]["error"]["id"], "token.dead");
    EXPECT_EQ(rows(bench.ready, "auth")[0]["verdict"], "skipped");
}

TEST(TestConnection, ShowsAMissingSecretOfTheApplicationInTheReportToo) {
    test::SignInBench bench({}, "test-connection");
    closed(bench.ready);
    auto record = bench.earlier();
    record.access_expires_at = bench.now_s() - 60;
    bench.store(record);
    bench.ready.host.secret_status("app", WFC_NOT_FOUND);
    EXPECT_EQ(bench.ready.run(test_connection), WFC_FAILED);
    const auto token = rows(bench.ready, "token");
    ASSERT_EQ(token.size(), 1u);
    EXPECT_EQ(token[0]["error"]["pointer"], "/auth/client_secret");
}

}  // namespace
