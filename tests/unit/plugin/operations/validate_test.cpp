#include <gmock/gmock.h>

#include "ready_call.hpp"

namespace {

using mailsend::validate;
using test::ReadyCall;

TEST(Validate, FindsNothingWrongWithAnOrdinaryAccountAndConnectsToNobody) {
    ReadyCall ready("validate");
    EXPECT_EQ(ready.run(validate), WFC_OK);
    EXPECT_EQ(ready.document["outcome"], "succeeded");
    EXPECT_TRUE(ready.document["problems"].is_array());
    EXPECT_TRUE(ready.document["problems"].empty()) << ready.document;
    EXPECT_TRUE(ready.host.egress_asked().empty());
}

TEST(Validate, NamesTheSecretThatTheHostLacks) {
    ReadyCall ready("validate");
    ready.host.secret_status("p", WFC_NOT_FOUND);
    EXPECT_EQ(ready.run(validate), WFC_OK);
    ASSERT_EQ(ready.document["problems"].size(), 1u);
    EXPECT_EQ(ready.document["problems"][0]["pointer"], "/auth/password");
    EXPECT_EQ(ready.document["problems"][0]["severity"], "error");
}

TEST(Validate, DoesNotCallAStoreThatIsBusyALackOfSecrets) {
    ReadyCall ready("validate");
    ready.host.secret_status("p", WFC_UNAVAILABLE);
    EXPECT_EQ(ready.run(validate), WFC_OK);
    EXPECT_TRUE(ready.document["problems"].empty());
}

TEST(Validate, TakesNoInput) {
    ReadyCall ready("validate", R"({"to":"bob@example.test"})");
    const auto problem = test::problem_of([&] { ready.run(validate); });
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->pointer(), "/to");
}

}  // namespace
