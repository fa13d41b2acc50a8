#include <gmock/gmock.h>

#include "sign_in_bench.hpp"

namespace {

using mailsend::test_connection;
using test::ReadyCall;
using testing::HasSubstr;

TEST(TestConnection, TakesNoInputButSaysWhatALaterVersionWillTake) {
    ReadyCall ready("test-connection", R"({"to":"bob@example.test"})");
    auto problem = test::problem_of([&] { ready.run(test_connection); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/to");
    EXPECT_THAT(problem->what(), HasSubstr("not in this version"));
    ReadyCall unknown("test-connection", R"({"too":1})");
    problem = test::problem_of([&] { unknown.run(test_connection); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/too");
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

TEST(TestConnection, ShowsATokenThatCannotBeHadAsTheFirstRowOfTheReport) {
    test::SignInBench bench({test::refusal("invalid_grant")}, "test-connection");
    auto record = bench.earlier();
    record.access_expires_at = bench.now_s() - 60;
    bench.store(record);
    EXPECT_EQ(bench.ready.run(test_connection), WFC_FAILED);
    const auto& document = bench.ready.document;
    EXPECT_EQ(document["error"]["id"], "token.dead");
    EXPECT_EQ(document["report"][0]["stage"], "token");
    EXPECT_EQ(document["report"][0]["verdict"], "failed");
    EXPECT_EQ(document["report"][1]["verdict"], "skipped");
}

TEST(TestConnection, ShowsAMissingSecretOfTheApplicationInTheReportToo) {
    test::SignInBench bench({}, "test-connection");
    auto record = bench.earlier();
    record.access_expires_at = bench.now_s() - 60;
    bench.store(record);
    bench.ready.host.secret_status("app", WFC_NOT_FOUND);
    EXPECT_EQ(bench.ready.run(test_connection), WFC_FAILED);
    const auto& row = bench.ready.document["report"][0];
    EXPECT_EQ(row["stage"], "token");
    EXPECT_EQ(row["error"]["pointer"], "/auth/client_secret");
}

}  // namespace
