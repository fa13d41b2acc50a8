#include <gmock/gmock.h>

#include "ready_call.hpp"

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

}  // namespace
